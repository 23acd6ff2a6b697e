"""Words as the register's search keeps and asks them: pairs of neighbouring characters.

A Chinese text has no blanks between its words, and most of its words have two characters. It
knows no database.
"""

import re
from itertools import pairwise

from forms_app.rules.folding import fold, in_digits, in_numerals

LONGEST_QUERY = 100  # characters

# A word in letters or digits is one piece, every other letter one by itself. What is longer than
# any word is several: PostgreSQL takes no term above 2 kB.
_PIECES = re.compile(r"[0-9a-z]{1,40}|[^\W_]")
_RUNS = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[0-9a-z]+")
_NUMBERED = re.compile("(?<![0-9a-z])[1-9][0-9]?(?=[栋幢座号单楼层])")
_NUMERALLED = re.compile("[一二三四五六七八九十]{1,3}(?=[栋幢座号单楼层])")
_ESTATE = "§"  # never part of a text's own terms


def _runs(text: str) -> list[list[str]]:
    """The pieces of each stretch without blanks and punctuation: `3栋2单元` → 3 栋 2 单 元."""
    return [_PIECES.findall(run) for run in _RUNS.findall(fold(text))]


def terms(*texts: str, estate_id: str = "") -> list[str]:
    """What the index keeps of some texts, each term once: sorted, without blanks inside.

    Neighbouring pairs find words of two characters and more, the last piece of a stretch and
    every word in letters or digits find single ones, because asking takes beginnings too.
    """
    found = {estate_term(estate_id)} if estate_id else set()
    for text in texts:
        for pieces in _runs(text):
            found |= {first + second for first, second in pairwise(pieces)}
            found |= {piece for piece in pieces[:-1] if _WORD.fullmatch(piece)}
            found.add(pieces[-1])
    return sorted(found)


def asked(word: str) -> list[tuple[str, bool]]:
    """The terms that a text with this word has; True where only the term's beginning counts.

    Empty where there is neither letter nor digit in it.
    """
    wanted: dict[tuple[str, bool], None] = {}
    for pieces in _runs(word):
        if len(pieces) == 1:
            # One digit begins every number there is, and whoever writes it means 3栋, not 30栋.
            wanted[pieces[0], not (len(pieces[0]) == 1 and pieces[0].isdigit())] = None
        for place, (first, second) in enumerate(pairwise(pieces), 2):
            # A number at the end may go on: 3栋1 finds 3栋12.
            goes_on = place == len(pieces) and _WORD.fullmatch(second) is not None
            wanted[first + second, goes_on] = None
    return list(wanted)


def spellings(word: str) -> list[str]:
    """The word, and as others write its building and entrance: 3栋2单元 is 三栋二单元."""
    folded = fold(word)
    numerals = _NUMBERED.sub(lambda found: in_numerals(int(found[0])), folded)
    digits = _NUMERALLED.sub(lambda found: in_digits(found[0]), folded)
    return [word, *(other for other in (numerals, digits) if other != folded)]


def estate_term(estate_id: str) -> str:
    """The term of every issue in this estate, whatever the estate is called today."""
    return f"{_ESTATE}{estate_id}"


def is_in(word: str, name: str) -> bool:
    """Whether a name contains a word, as the search compares letters."""
    return fold(word) in fold(name)

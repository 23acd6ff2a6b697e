"""What residents' words are about: fields finer than kinds of problem, told by many words each.

PURE and the same every time. Two letters of one matter often share no word (“站牌” and “末班车”),
but their words are of one field, or of fields of one group. `fields.txt` lists them.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from forms_app.issues.words import Letter, Sentence

SPOKEN_OF = 0.5  # of what a word tells that is of one field alone
FIELDS, GROUPS = 3, 2  # of a letter, those that it speaks of most
_LIST = Path(__file__).with_name("fields.txt")
_BEGINS = 2  # characters; no word is shorter


class About(NamedTuple):
    """What a text speaks of, the most first."""

    fields: tuple[str, ...]
    groups: tuple[str, ...]


class _Lexicon(NamedTuple):
    words: Mapping[str, tuple[str, ...]]  # by how they begin, the longest first
    fields: Mapping[str, tuple[str, ...]]  # of a word
    group: Mapping[str, str]  # of a field


def about(letter: Letter) -> About:
    """The fields and groups of fields that a letter speaks of; none where no word of it is listed.

    A word tells its fields in equal shares, once however often it is said; of words that overlap,
    the one that begins first counts, and of those the longest.
    """
    lexicon = _lexicon()
    fields: dict[str, float] = {}
    groups: dict[str, float] = {}
    listed = (word for sentence in letter.sentences for word in _listed(sentence, lexicon))
    for word in dict.fromkeys(listed):
        named = lexicon.fields[word]
        for field in named:
            group = lexicon.group[field]
            fields[field] = fields.get(field, 0.0) + 1 / len(named)
            groups[group] = groups.get(group, 0.0) + 1 / len(named)
    return About(_most(fields, FIELDS), _most(groups, GROUPS))


def _listed(sentence: Sentence, lexicon: _Lexicon) -> Iterable[str]:
    """Those that begin where a word of the sentence does: not 不亮 in 天不亮."""
    text, end = sentence.text, 0
    for at in sorted(sentence.cuts):
        if at >= end:
            for word in lexicon.words.get(text[at : at + _BEGINS], ()):
                if text.startswith(word, at):
                    yield word
                    end = at + len(word)
                    break


def _most(told: Mapping[str, float], number: int) -> tuple[str, ...]:
    enough = [name for name, much in told.items() if much >= SPOKEN_OF]
    return tuple(sorted(enough, key=lambda name: (-told[name], name))[:number])


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    fields: dict[str, tuple[str, ...]] = {}
    alike: dict[tuple[str, ...], tuple[str, ...]] = {}  # one object each, not one a word
    group: dict[str, str] = {}
    in_group = ""
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            in_group = line.removeprefix("=").strip()
        elif line and not line.startswith("#"):
            field, *words = line.split()
            group[field] = in_group
            for word in words:
                of = (*fields.get(word, ()), field)
                fields[word] = alike.setdefault(of, of)
    begins: dict[str, list[str]] = {}
    for word in sorted(fields, key=lambda word: (-len(word), word)):
        begins.setdefault(word[:_BEGINS], []).append(word)
    return _Lexicon({first: tuple(words) for first, words in begins.items()}, fields, group)

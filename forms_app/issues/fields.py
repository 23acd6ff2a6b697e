"""What residents' words are about: fields finer than kinds of problem, told by many words each.

PURE and the same every time. Two letters of one matter often share no word (“站牌” and “末班车”),
but their words are of one field, or of fields of one group. `fields.txt` lists them.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from forms_app.issues.words import Letter, Sentence

SPOKEN_OF = 0.5  # of what a word tells that is of one field alone
FIELDS, GROUPS = 3, 2  # of a letter, those that it speaks of most
_LIST = Path(__file__).with_name("fields.txt")
_BEGINS = 2  # characters; no word is shorter
_FIRST = 0x100  # the code of the first field's character


class About(NamedTuple):
    """What a text speaks of, the most first."""

    fields: tuple[str, ...]
    groups: tuple[str, ...]


class _Lexicon(NamedTuple):
    # By the code of how they begin (`_code`): how each goes on, and the character of a field of it.
    # One object a word took three times as much.
    words: Mapping[int, bytes]
    fields: Sequence[str]  # by the code of their characters
    group: Mapping[str, str]  # of a field


def about(letter: Letter) -> About:
    """The fields and groups that a letter speaks of; none where no word of it is listed."""
    group = _lexicon().group
    fields = spoken_of(letter.sentences)
    groups: dict[str, float] = {}
    for field, much in fields.items():
        groups[group[field]] = groups.get(group[field], 0.0) + much
    return About(_most(fields, FIELDS), _most(groups, GROUPS))


def spoken_of(sentences: Iterable[Sentence]) -> dict[str, float]:
    """How much some sentences speak of each field: 1 for a word of that field alone.

    A word tells its fields in equal shares, once however often it is said; of words that overlap,
    the one that begins first counts, and of those the longest.
    """
    lexicon = _lexicon()
    fields: dict[str, float] = {}
    for _, named in dict.fromkeys(one for each in sentences for one in _listed(each, lexicon)):
        for mark in named:
            field = lexicon.fields[ord(mark)]
            fields[field] = fields.get(field, 0.0) + 1 / len(named)
    return fields


def _listed(sentence: Sentence, lexicon: _Lexicon) -> Iterable[tuple[str, str]]:
    """Those that begin where a word of the sentence does (not 不亮 in 天不亮), with the characters
    of their fields.
    """
    text, end = sentence.text, 0
    for at in sorted(sentence.cuts):
        if at < end or at + _BEGINS > len(text):
            continue
        own = lexicon.words.get(_code(text, at), b"").decode().split()
        found = [one for one in own if text.startswith(one[:-1], at + _BEGINS)]
        if found:
            length = max(map(len, found))
            end = at + _BEGINS + length - 1
            yield text[at:end], "".join(one[-1] for one in found if len(one) == length)


def _code(text: str, at: int) -> int:
    """One number for two characters: half as large as a text of them."""
    return ord(text[at]) << 21 | ord(text[at + 1])


def _most(told: Mapping[str, float], number: int) -> tuple[str, ...]:
    enough = [name for name, much in told.items() if much >= SPOKEN_OF]
    return tuple(sorted(enough, key=lambda name: (-told[name], name))[:number])


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    words: dict[int, bytes] = {}
    fields = [""] * _FIRST
    group: dict[str, str] = {}
    in_group = ""
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            in_group = line.removeprefix("=").strip()
        elif line and not line.startswith("#"):
            field, *listed = line.split()
            group[field] = in_group
            mark = chr(len(fields))
            fields.append(field)
            for word in listed:
                code = _code(word, 0)
                words[code] = words.get(code, b"") + f"{word[_BEGINS:]}{mark} ".encode()
    return _Lexicon(words, fields, group)

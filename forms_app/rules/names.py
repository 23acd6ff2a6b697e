"""How names are read, and the order that people are looked up in by it in a Chinese list.

PURE. Surnames are read as surnames: 单 as shan, 曾 as zeng.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeAlias

from forms_app.rules.folding import fold

# One part a character: its reading, then the character among those that are read alike.
Order: TypeAlias = tuple[tuple[str, str], ...]
_UNKNOWN = "~"  # behind every reading


def name_order(name: str) -> Order:
    """What to sort names by; letters and digits stand for themselves."""
    text = fold(name).strip()
    surnames = _surnames()
    surname = next((text[:n] for n in (2, 1) if text[:n] in surnames), "")
    parts = [(surnames[surname], surname)] if surname else []
    return (*parts, *((_read(letter), letter) for letter in text[len(surname) :]))


def reading(name: str) -> str:
    """How a name is read, without tones: `路灯` as `ludeng`. What is no character is left out."""
    return "".join(_readings(name))


def initials(name: str) -> str:
    """The first letter of each character's reading: `路灯` as `ld`."""
    return "".join(one[0] for one in _readings(name))


def _readings(name: str) -> Iterator[str]:
    return (one for letter in fold(name) if (one := _read(letter)).isalnum())


def _read(letter: str) -> str:
    return letter if letter.isascii() else _characters().get(letter, _UNKNOWN)


@cache
def _characters() -> dict[str, str]:
    return {letter: reading for reading, letters in _lines("readings.txt") for letter in letters}


@cache
def _surnames() -> dict[str, str]:
    return {surname: reading for reading, surname in _lines("surnames.txt")}


def _lines(name: str) -> Iterator[tuple[str, str]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            reading, _, characters = line.partition(" ")
            yield reading, characters

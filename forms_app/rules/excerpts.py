"""Where a text may be cut that a line shows the beginning of: so wide, and never within a number, a
word in Latin letters or a character that is made of several. PURE.
"""

import unicodedata

_BACK = 24  # characters: what is longer without such a place is cut all the same
_IN_NUMBERS = frozenset(" -.,:/·")  # between digits
_JOINS = frozenset("\u200c\u200d\ufe0e\ufe0f")  # characters to one picture
_TONES = range(0x1F3FB, 0x1F400)  # of a hand or a face
_HALF = 0.5  # as wide as a Chinese character


def excerpt(text: str, letters: int) -> str:
    """The beginning of a text, on one line, no wider than so many Chinese characters."""
    line = " ".join(text.split())
    if len(line) <= letters or _width(line) <= letters:
        return line
    width = 1.0  # what says that it goes on
    at = 0
    while (width := width + _width(line[at])) <= letters:
        at += 1
    return line[: cut_before(line, at)].rstrip() + "…"


def cut_before(text: str, at: int) -> int:
    """The last place up to this one where nothing whole is cut in two; the place itself where
    there is none near."""
    for place in range(at, max(0, at - _BACK), -1):
        if not _is_within(text, place):
            return place
    return at


def _is_within(text: str, at: int) -> bool:
    """Whether what stands on both sides of a place is one thing: 138|0013, 3|栋, lam|p."""
    if at <= 0 or at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    if after in _JOINS or before == "\u200d" or ord(after) in _TONES:
        return True
    if unicodedata.combining(after):
        return True
    if _is_latin(before):
        goes_on = after in _IN_NUMBERS and text[at + 1 : at + 2].isdigit()
        return _is_latin(after) or (before.isdigit() and (goes_on or after.isalpha()))
    return before in _IN_NUMBERS and after.isdigit() and text[max(0, at - 2) : at - 1].isdigit()


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _width(text: str) -> float:
    return sum(
        0.0
        if unicodedata.combining(character)
        else 1.0
        if unicodedata.east_asian_width(character) in "WFA"
        else _HALF
        for character in text
    )

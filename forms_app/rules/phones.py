"""Telephone numbers as people write them: kept as written, read as a number to dial.

It knows no form and no page.
"""

import re
from enum import StrEnum

from forms_app.rules.folding import fold, number_in_digits

FEWEST, MOST = 5, 15  # digits: a short number of the town; what the world's longest may have
# What people write where they have none, or want to leave none.
_NONE = re.compile(
    r"[无没]有?(?:电话|手机|号码)?|不[留填便]|不方便|保密|匿名|暂无|none|no|n/a|[-/—.、0]+"
)
_NOTES = re.compile(r"\(?(?:微信同号|同微信|手机|电话|座机|本人|联系)\)?:?")
_LABEL = re.compile(r"[^0-9+(]{1,8}:\s*")  # 家里：8765432
_EXTENSION = re.compile(r"(?:转|分机号?|ext\.?|x|#)[:\s]*([0-9]{1,6})(?:分机)?$")
# Behind a whole number with its area: 0797-8765432-801.
_DASHED = re.compile(
    r"(\(?0[1-9][0-9]{1,2}\)?[\s\-\u2010-\u2015]?[2-9][0-9]{6,7})[\-\u2010-\u2015]([0-9]{1,5})"
)
_SEVERAL = re.compile(r"[/、,;和]|或者?")
_BETWEEN = re.compile(r"[\s().·・_\-\u2010-\u2015\u2212\u2500\u30fc]")
_GAP = f"{_BETWEEN.pattern}{{0,2}}"
# A number that cannot be anything else, among other words: a mobile, or a line with its area.
_WITHIN = re.compile(
    rf"(?<![0-9])(?:(?:\+|00)?86{_GAP})?1[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])"
    rf"|(?<![0-9])0[1-9][0-9]{{1,2}}(?:{_GAP}|/)[2-9](?:{_GAP}[0-9]){{6,7}}(?![0-9])"
)
_COUNTRY = re.compile(r"^\+?(?:00)?86(?=1[3-9][0-9]{9}$)")
_MOBILE_DIGITS = 11
_NEARLY_MOBILE = re.compile(r"1[3-9][0-9]{7,10}")
_NUMBER = re.compile(rf"\+?[0-9]{{{FEWEST},{MOST}}}")


def is_none(written: str) -> bool:
    """Whether somebody wrote that there is no number."""
    return _NONE.fullmatch(fold(written).strip()) is not None


def dialled(written: str) -> str | None:
    """The first of the numbers as a telephone takes it: `07978765432,801`; None where none is.

    A comma waits before the extension.
    """
    words = _NOTES.sub("", fold(written)).strip()
    if label := _LABEL.match(words):
        words = words[label.end() :]
    return _first(words) or _first(number_in_digits(words))


def _first(words: str) -> str | None:
    numbers = [_one(piece.strip()) for piece in _SEVERAL.split(words) if piece.strip()]
    if numbers and None not in numbers:
        return numbers[0]
    found = _WITHIN.search(words)
    return _one(found[0]) if found else None


def mistyped_mobile(written: str) -> int:
    """How many digits somebody wrote of a mobile number that has one too many, or one or two too
    few; 0 where it is none, or right.
    """
    number = _BETWEEN.sub("", _NOTES.sub("", fold(written)))
    is_one = _NEARLY_MOBILE.fullmatch(number) and len(number) != _MOBILE_DIGITS
    return len(number) if is_one else 0


def is_mobile(number: str) -> bool:
    """Whether a number as it is dialled takes text messages."""
    return re.fullmatch(r"(?:\+?86)?1[3-9][0-9]{9}", number) is not None


def ways_to_write(digits: str) -> tuple[str, ...]:
    """The digits by which a number may have been left: a mobile with the country's, as telephones
    fill it in, or without.
    """
    mobile = _COUNTRY.sub("", digits)
    return (mobile, f"86{mobile}", f"0086{mobile}") if is_mobile(mobile) else (digits,)


class Kind(StrEnum):
    """What can be done with what somebody wrote as their number: a letter."""

    MOBILE = "m"  # it takes text messages
    RUNG = "r"  # it can be dialled
    NONE = "-"


def kind_of(written: str) -> Kind:
    """Of which kind it is."""
    number = dialled(written)
    if number is None:
        return Kind.NONE
    return Kind.MOBILE if is_mobile(number) else Kind.RUNG


def _one(words: str) -> str | None:
    dashed = _DASHED.fullmatch(words)
    extension = _EXTENSION.search(dashed.expand(r"\1#\2") if dashed else words)
    main = extension.string[: extension.start()] if extension else words
    number = _BETWEEN.sub("", main.replace("/", ""))
    if not _NUMBER.fullmatch(number):
        return None
    return f"{number},{extension[1]}" if extension else number

"""Numbers and days in the cells of a workbook, as people would type them.

A spreadsheet program keeps fifteen digits of a number. What is longer was rounded when it was
entered; such cells are marked, so that nobody takes them for equal or for different.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal

KEPT_DIGITS = 15
_LONGEST = 1e21  # beyond, nobody wrote the digits out
_QUIET = re.compile(r'"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]|_.|\*.', re.IGNORECASE)
_OF_TIME = re.compile(r"[ymdhs]", re.IGNORECASE)
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 (a clock on a wall, read where the file is)
_FIRST_DAY_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_SERIAL = 2_958_466  # the year 10000


def number_text(raw: str) -> tuple[str, bool]:
    """A number as written in the file → its text, and whether its end was rounded away."""
    try:
        number = float(raw)
    except ValueError:
        return raw, False
    if not abs(number) < _LONGEST:
        return raw, False
    if number.is_integer():
        # By its own digits: a float would make two long numbers one.
        digits = str(int(Decimal(raw)))
        return digits, len(digits.lstrip("-")) > KEPT_DIGITS
    return repr(number), False


def is_date_format(format_id: int, code: str) -> bool:
    """Whether a cell with this number format shows a day or a time."""
    if format_id in _DATE_FORMATS:
        return True
    return bool(_OF_TIME.search(_QUIET.sub("", code))) and "general" not in code.lower()


def day_text(raw: str, *, from_1904: bool) -> str:
    """The days that a spreadsheet counts, as `2026-11-03 15:04:00`; a time alone without a day."""
    try:
        days = float(raw)
    except ValueError:
        return raw
    if not 0 <= days < _LAST_SERIAL:
        return number_text(raw)[0]
    moment = (_FIRST_DAY_1904 if from_1904 else FIRST_DAY) + timedelta(seconds=round(days * 86_400))
    return moment.time().isoformat() if days < 1 else moment.isoformat(" ", "seconds")

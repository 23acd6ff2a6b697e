"""Which rows somebody names, by the numbers that the spreadsheet program shows: 3、5-8."""

import re

from forms_app.rules.folding import narrow
from forms_app.spreadsheets.sheets import MOST_ROWS

_APART = re.compile("[\\s、,，;；和]+")
_ROWS = re.compile("(\\d{1,7})(?:[-~—–～到至]+(\\d{1,7}))?")
_UNITS = re.compile("[第行]")


def named_rows(text: str) -> tuple[int, ...] | None:
    """The rows in their order; None where it cannot be read, or names more than a sheet has."""
    found: set[int] = set()
    for part in filter(None, _APART.split(_UNITS.sub("", narrow(text)))):
        read = _ROWS.fullmatch(part)
        first, last = (int(read[1]), int(read[2] or read[1])) if read else (1, 0)
        if last < first or last - first > MOST_ROWS:
            return None
        found.update(range(first, last + 1))
    return tuple(sorted(found)) if len(found) <= MOST_ROWS else None


def rows_text(rows: tuple[int, ...] | list[int]) -> str:
    """The rows as somebody would name them."""
    parts: list[list[int]] = []
    for row in rows:
        if parts and row == parts[-1][-1] + 1:
            parts[-1][1:] = [row]
        else:
            parts.append([row])
    return "、".join("-".join(map(str, part)) for part in parts)

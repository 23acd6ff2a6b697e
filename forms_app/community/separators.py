"""The line `sep=;` that spreadsheet programs write and read above a text file's first row.

It is none of the rows, and their numbers begin below it, as those programs show them.
"""

import re
from typing import NamedTuple

_LINE = re.compile(r'("?)sep=([,;:|^~\t])\1 *(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


class Separated(NamedTuple):
    """A text file: its line about the separator with its end, the separator, and the rows."""

    line: str
    separator: str  # "" where no line says it
    rows: str


def separated(text: str) -> Separated:
    """The text, of which no mark stands at the beginning, without such a line."""
    found = _LINE.match(text)
    return Separated(found[0], found[2], text[found.end() :]) if found else Separated("", "", text)

"""One line of a table as text that spreadsheet programs open and never compute with.

Pure. It knows nothing of what the cells mean.
"""

import csv
from collections.abc import Iterable
from io import StringIO

BOM = "\ufeff"  # without it, spreadsheet programs in China read UTF-8 as GBK
# Their wide forms, too: a program that is set to Chinese may take them for the same.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def harmless(text: str) -> str:
    """The text; with an apostrophe in front where a program would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def line(cells: Iterable[object]) -> str:
    """One line of CSV with its end; text is made harmless, numbers and dates are as they are."""
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerow(
        [harmless(cell) if isinstance(cell, str) else cell for cell in cells]
    )
    return written.getvalue()

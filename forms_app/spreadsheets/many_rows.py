"""A workbook of any length: laid out by openpyxl, its rows written as text while they come.

A cell costs openpyxl forty microseconds and this here three. In the layout two rows are samples, a
cell a column; the rows that are written stand in their place and have their styles.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from msgspec import Struct

from forms_app.queries import Value
from forms_app.rules.folding import printable
from forms_app.rules.worktime import CHINA
from forms_app.spreadsheets.numbers import FIRST_DAY

LONGEST_TEXT = 32_000  # characters; Excel takes 32,767
SHEET_BYTES = (
    2**30
)  # then another sheet: Excel wants to repair a part that Python packs beyond 2 GB
_SHEET = "xl/worksheets/sheet{}.xml"

_A_DAY = timedelta(days=1)

# What Excel would calculate.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_ROW = re.compile(r'<row r="(\d+)".*?</row>', re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+)\d+" s="(\d+)"')
_NUMBERED = re.compile(r'(<row r="|<c r="[A-Z]+)(\d+)')


def write_rows(
    path: Path, lay_out: Callable[[int], Any], samples_at: int, rows: Iterable[Sequence[Value]]
) -> None:
    """Writes the workbook to `path`: the rows, on as many sheets as they need.

    `lay_out` gives an openpyxl workbook of so many sheets, all alike. Row `samples_at` of each is
    empty and shows how a cell looks, the next one how text looks that is like a formula; what
    stands below comes after the rows.
    """
    frame = _Frame.of(_parts(lay_out(1))[_SHEET.format(1)], samples_at)
    left = iter(rows)
    row, sheets = next(left, None), 0
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        while row is not None or not sheets:
            sheets += 1
            with book.open(_SHEET.format(sheets), "w") as sheet:
                size, number = sheet.write(frame.head.encode()), samples_at
                while row is not None and size < SHEET_BYTES:
                    size += sheet.write(frame.row(number, row).encode())
                    row, number = next(left, None), number + 1
                sheet.write(frame.foot(number).encode())
        for name, content in _parts(lay_out(sheets)).items():
            if name not in book.namelist():
                book.writestr(name, content)


def _parts(book: Any) -> dict[str, str]:
    packed = BytesIO()
    book.save(packed)
    with ZipFile(packed) as parts:
        return {name: parts.read(name).decode() for name in parts.namelist()}


class _Column(Struct, frozen=True):
    letters: str
    style: str
    quoted: str  # the style of what looks like a formula


class _Frame(Struct, frozen=True):
    """A sheet without its rows."""

    head: str
    columns: tuple[_Column, ...]
    below: str
    below_at: int  # number of the row where it stands in the layout

    @classmethod
    def of(cls, sheet: str, samples_at: int) -> "_Frame":
        plain, quoted = (row for row in _ROW.finditer(sheet)
                         if int(row[1]) in (samples_at, samples_at + 1))  # fmt: skip
        pairs = zip(_CELL.findall(plain[0]), _CELL.findall(quoted[0]), strict=True)
        columns = tuple(_Column(name, style, quoted_as) for (name, style), (_, quoted_as) in pairs)
        return cls(sheet[: plain.start()], columns, sheet[quoted.end() :], samples_at + 2)

    def row(self, number: int, values: Sequence[Value]) -> str:
        pairs = zip(self.columns, values, strict=True)
        cells = "".join([_cell(column, number, value) for column, value in pairs])
        return f'<row r="{number}">{cells}</row>'

    def foot(self, number: int) -> str:
        """What ends a sheet whose next row has this number."""
        more = number - self.below_at
        rows, end, rest = self.below.partition("</sheetData>")
        return _NUMBERED.sub(lambda found: f"{found[1]}{int(found[2]) + more}", rows) + end + rest


def _cell(column: _Column, number: int, value: Value) -> str:
    if value is None or value == "":
        return f'<c r="{column.letters}{number}" s="{column.style}"/>'
    if isinstance(value, str):
        return _text(column, number, plain(value))
    if isinstance(value, datetime):
        # What Excel holds is the time on a clock in China.
        shown = str((value.astimezone(CHINA).replace(tzinfo=None) - FIRST_DAY) / _A_DAY)
    else:
        shown = str(value)
    return f'<c r="{column.letters}{number}" s="{column.style}"><v>{shown}</v></c>'


def _text(column: _Column, number: int, text: str) -> str:
    # As the apostrophe before what somebody types: it stays text, and the mark is not seen.
    style = column.quoted if _FORMULA.match(text) else column.style
    keeps = ' xml:space="preserve"' if text != text.strip() else ""
    return (
        f'<c r="{column.letters}{number}" s="{style}" t="inlineStr">'
        f"<is><t{keeps}>{escape(text, quote=False)}</t></is></c>"
    )


def plain(text: str) -> str:
    """The text as a cell may hold it: nothing unprintable, not too long."""
    if len(text) <= LONGEST_TEXT and text.replace("\n", "").isprintable():
        return text
    clean = printable(text)
    if len(clean) > LONGEST_TEXT:
        clean = f"{clean[:LONGEST_TEXT]}……（太长，全文请在系统里看）"
    return clean

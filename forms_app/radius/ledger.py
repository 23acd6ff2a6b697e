"""The ledger of the coverage: what was counted in each month, as lines of a table.

Pure: bytes in, bytes out. Only the current month's lines are ever written anew; all others stay
byte for byte, whatever becomes of a community or its name.
"""

import csv
import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from forms_app.community import Circle
from forms_app.formats.cells import BOM, line, plain
from forms_app.radius.coverage import Coverage, Share, line_name

COLUMNS = (
    "month", "counted_on", "group", "key", "name",
    "households", "sure", "unwalked", "households_60plus", "sure_60plus", "unwalked_60plus",
)  # fmt: skip
GROUPS = frozenset({"all", "community", "kind", "time_of_day", "step_free"})
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class LedgerRefused(Exception):
    """The ledger cannot be read: which line, counted from 1, and why (Chinese)."""

    def __init__(self, line_number: int, reason: str) -> None:
        self.line_number = line_number
        self.reason = reason
        super().__init__(f"第 {line_number} 行：{reason}")


class Row(Struct, frozen=True):
    """One line: `group` and `key` as in coverage.Line, `name` as people called it then."""

    counted_on: date
    group: str
    key: str
    name: str
    everybody: Share
    elders: Share  # households with somebody over 60

    @property
    def month(self) -> str:
        """2026-11"""
        return self.counted_on.isoformat()[:7]


def rows_of(circle: Circle, counted: Coverage) -> tuple[Row, ...]:
    """A count as rows; its first day is the day it was made."""
    return tuple(
        Row(
            counted.first, found.group, found.key, line_name(circle, found),
            found.everybody, found.elders,
        )
        for found in counted.lines
    )  # fmt: skip


def read(content: bytes) -> tuple[Row, ...]:
    """The ledger's rows in its own order. Raises LedgerRefused for whatever is not as written."""
    return tuple(row for row, _ in _lines(content))


def merge(content: bytes | None, rows: Sequence[Row]) -> bytes:
    """The ledger with these rows, all of one day, in place of those of the same month.

    None is a ledger that was never written. A ledger with a later day stays as it is: the clock
    was put back, and what was counted later is nearer to the truth. Raises LedgerRefused.
    """
    if content is None:
        return _text((), rows, ())
    kept = _lines(content)
    if not rows or is_ahead([row for row, _ in kept], rows[0].counted_on):
        return content
    month = rows[0].month
    before = [text for row, text in kept if row.month < month]
    after = [text for row, text in kept if row.month > month]
    return _text(before, rows, after)


def is_ahead(rows: Sequence[Row], today: date) -> bool:
    """Whether something was counted on a later day than today: one of the two clocks is wrong."""
    return any(row.counted_on > today for row in rows)


def _text(before: Sequence[str], rows: Sequence[Row], after: Sequence[str]) -> bytes:
    return "".join((BOM, line(COLUMNS), *before, *map(_line, rows), *after)).encode()


def _line(row: Row) -> str:
    return line(
        (
            row.month, row.counted_on, row.group, row.key, row.name,
            row.everybody.households, row.everybody.sure, row.everybody.unwalked,
            row.elders.households, row.elders.sure, row.elders.unwalked,
        )
    )  # fmt: skip


def _lines(content: bytes) -> list[tuple[Row, str]]:
    """Each row with the text it was read from, its line's end included."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise LedgerRefused(number, "不是 UTF-8 编码") from error
    lines = text.split("\n")
    if lines.pop():
        raise LedgerRefused(len(lines) + 1, "这一行没有写完，文件可能被截断了")
    if not lines or _cells(lines[0], 1) != list(COLUMNS):
        raise LedgerRefused(1, f"列名应该是 {','.join(COLUMNS)}")
    seen: dict[tuple[str, str, str], int] = {}
    found = []
    for number, written in enumerate(lines[1:], 2):
        row = _row(_cells(written, number), number)
        first = seen.setdefault((row.month, row.group, row.key), number)
        if first != number:
            raise LedgerRefused(number, f"与第 {first} 行重复")
        found.append((row, f"{written}\n"))
    return found


def _cells(written: str, number: int) -> list[str]:
    try:
        return next(csv.reader([written.removesuffix("\r")], strict=True), [])
    except csv.Error as error:
        raise LedgerRefused(number, "引号没有成对") from error


def _row(cells: list[str], number: int) -> Row:
    if len(cells) != len(COLUMNS):
        raise LedgerRefused(number, f"应该有 {len(COLUMNS)} 格，现在是 {len(cells)} 格")
    month, counted_on, group, key, name = cells[:5]
    day = _day(counted_on, number)
    if month != day.isoformat()[:7]:
        raise LedgerRefused(number, f"月份「{month}」和统计日期「{counted_on}」对不上")
    if group not in GROUPS:
        raise LedgerRefused(number, f"不认识的分组「{group}」")
    shares = [_share(cells[start : start + 3], number) for start in (5, 8)]
    return Row(day, group, key, plain(name), *shares)


def _day(text: str, number: int) -> date:
    if not _DAY.fullmatch(text):
        raise LedgerRefused(number, f"日期「{text}」应该写成 2026-11-24 的样子")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise LedgerRefused(number, f"没有「{text}」这一天") from error


def _share(cells: list[str], number: int) -> Share:
    for cell in cells:
        if not _WHOLE.fullmatch(cell):
            raise LedgerRefused(number, f"户数「{cell}」不是整数")
    share = Share(*map(int, cells))
    if share.possible > share.households:
        raise LedgerRefused(
            number, f"能到和待走一共 {share.possible} 户，多于 {share.households} 户"
        )
    return share

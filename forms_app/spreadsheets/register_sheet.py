"""The register as a spreadsheet that a leader can sign: laid out, bordered, ready for A4.

Run as a program of its own, so that the servers never load what writes spreadsheets.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.properties import PageSetupProperties

from forms_app import queries
from forms_app.community import load
from forms_app.issues.access import Actor
from forms_app.issues.register_filters import read
from forms_app.queries import COLUMNS, Value
from forms_app.rules.steps import Role
from forms_app.rules.worktime import CHINA
from forms_app.spreadsheets.many_rows import plain, write_rows
from forms_app.store.database import open_database

A4 = 9  # Excel's number of the paper
SAMPLES_AT = 5  # the row below the headings of the columns
TITLE = "问题项目库"
WIDTHS = (9, 8, 11, 8, 13, 15, 26, 5, 8, 6, 6, 11, 18, 12, 18, 12, 18, 11, 12, 22, 20, 12, 9, 14,
          5, 14, 12, 14)  # fmt: skip
CENTRED = frozenset({"类别A／B／C", "级别一／二／三", "轮次", "收集时间", "办理时限", "问题编号"})
TITLE_HEIGHT = 36  # points
DATE_FORMAT = "yyyy-mm-dd hh:mm"

_THIN = Side(style="thin", color="FF808080")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@dataclass(frozen=True)
class Order:
    """Which sheet is wanted, as it travels to the program: all of it JSON values."""

    target: str  # the file that appears when it is whole
    part: str  # where it is until then; there already, for nobody else to read
    community_dir: str
    actor: dict[str, Any]
    given: dict[str, str]  # the filters as in the address
    said: str  # the filters in words
    made_at: str  # ISO
    with_contacts: bool
    most_rows: int


def main() -> int:
    """Reads an order from standard input and writes its file, whole or not at all."""
    order = Order(**json.loads(sys.stdin.read()))
    circle = load(Path(order.community_dir))
    database = open_database(os.environ["CIRCLE_DATABASE_URL"])
    actor = _actor(order.actor)
    now = datetime.fromisoformat(order.made_at)
    filters, _ = read(circle, order.given)
    unit = circle.unit_name(actor.place_id) or circle.subdistrict
    contacts = "含" if order.with_contacts else "不含"
    heading = (
        f"{unit}问题项目库",
        f"{order.said}",
        f"导出人：{actor.name}　导出时间：{now.astimezone(CHINA):%Y-%m-%d %H:%M}"
        f"　{contacts}反映人称呼和电话",
    )
    rows = queries.register_rows(circle, actor, now, filters, order.most_rows, order.with_contacts)
    write_sheet(Path(order.part), heading, rows)
    Path(order.part).replace(order.target)
    database.close()
    return 0


def _actor(given: dict[str, Any]) -> Actor:
    bound_to = given["community_ids"]
    told = {
        "role": Role(given["role"]),
        "held_numbers": frozenset(given["held_numbers"]),
        "community_ids": None if bound_to is None else frozenset(bound_to),
    }
    return Actor(**given | told)


def write_sheet(
    path: Path, heading: tuple[str, str, str], rows: Iterable[tuple[Value, ...]]
) -> None:
    """Title, two lines about it, the 28 columns, one row an issue, and the line to sign."""
    write_rows(path, partial(_laid_out, heading), SAMPLES_AT, rows)


def _laid_out(heading: tuple[str, str, str], sheets: int) -> Workbook:
    """So many sheets without issues, with samples of a row."""
    book = Workbook(write_only=True)
    for number in range(1, sheets + 1):
        # Its stubs know no write-only sheet.
        sheet: Any = book.create_sheet(f"{TITLE}{number if number > 1 else ''}")
        _set_up(sheet)
        for place, text in enumerate(heading):
            cell = _cell(sheet, Font(bold=place == 0, size=20 if place == 0 else 11))
            cell.alignment = Alignment(
                horizontal="center" if place == 0 else "left", vertical="center", wrap_text=True
            )
            _fill(cell, text)
            sheet.append([cell])
        sheet.append(_header(sheet))
        sheet.append(_samples(sheet))
        sheet.append(_samples(sheet, is_quoted=True))
        sheet.append([])
        signed = _cell(sheet, Font(size=12))
        blank = "_" * 20
        _fill(signed, f"制表人：{blank}　　审核人：{blank}　　日期：______年____月____日")
        sheet.append([signed])
    return book


def _set_up(sheet: Any) -> None:
    """Widths, paper, and what stands still or is printed on every page."""
    last = get_column_letter(len(COLUMNS))
    for place, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "B5"
    sheet.print_title_rows = "4:4"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.merged_cells = MultiCellRange([f"A{row}:{last}{row}" for row in (1, 2, 3)])
    sheet.row_dimensions[1].height = TITLE_HEIGHT


def _cell(sheet: Any, font: Font) -> Any:
    cell: Any = WriteOnlyCell(sheet)
    cell.font = font
    return cell


def _header(sheet: Any) -> Iterator[Any]:
    for name in COLUMNS:
        cell = _cell(sheet, Font(bold=True, size=10))
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = _BORDER
        cell.fill = PatternFill("solid", fgColor="FFEDEDED")
        _fill(cell, name)
        yield cell


def _samples(sheet: Any, *, is_quoted: bool = False) -> Iterator[Any]:
    """An empty cell a column, as it looks in every row."""
    for name in COLUMNS:
        cell = _cell(sheet, Font(size=10))
        centred = "center" if name in CENTRED else "left"
        cell.alignment = Alignment(horizontal=centred, vertical="top", wrap_text=True)
        cell.border = _BORDER
        if name in ("收集时间", "办理时限"):
            cell.number_format = DATE_FORMAT
        cell.quotePrefix = is_quoted
        yield cell


def _fill(cell: Any, text: str) -> None:
    cell.value = plain(text)
    cell.data_type = "s"  # never a formula


if __name__ == "__main__":
    raise SystemExit(main())

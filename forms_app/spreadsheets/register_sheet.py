"""The register as a spreadsheet that a leader can sign: laid out, bordered, ready for its paper.

Run as a program of its own, so that the servers never load what writes spreadsheets.
"""

import json
import os
import pickle
import sys
from base64 import b64decode
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.properties import PageSetupProperties

from forms_app import queries
from forms_app.community import Circle
from forms_app.issues.access import Actor, Led
from forms_app.issues.register_filters import read
from forms_app.queries import Value
from forms_app.rules.contact_keys import ContactKeys
from forms_app.rules.steps import Role
from forms_app.spreadsheets.many_rows import plain, write_rows
from forms_app.spreadsheets.register_paper import DATED, PAPERS, SIGN_HERE, Head, Paper, head
from forms_app.store.contacts import use_keys
from forms_app.store.database import open_database

SAMPLES_AT = 5  # the row below the headings of the columns
TITLE = "问题项目库"
CENTRED = frozenset({
    "类别A／B／C", "级别一／二／三", "轮次", "收集时间", "办理时限", "问题编号", "序号",
    "类别／紧急", "进度", "满意度",
})  # fmt: skip
TITLE_HEIGHT = 36  # points
SIGNED_HEIGHT = 48
DATE_FORMAT = "yyyy-mm-dd hh:mm"

_THIN = Side(style="thin", color="FF808080")
BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


class Order(Struct, frozen=True):
    """Which sheet is wanted, as it travels to the program: all of it JSON values."""

    target: str  # the file that appears when it is whole
    part: str  # where it is until then; there already, for nobody else to read
    circle: str  # pickled by whoever started this program, base64
    key_file: str  # of the contacts
    actor: dict[str, Any]
    given: dict[str, str]  # the filters as in the address
    said: str  # the filters in words
    made_at: str  # ISO
    with_contacts: bool
    most_rows: int
    paper: str
    number: str  # of its note among the exports


def main() -> int:
    """Reads an order from standard input and writes its file, whole or not at all."""
    order = Order(**json.loads(sys.stdin.read()))
    circle: Circle = pickle.loads(b64decode(order.circle))  # noqa: S301 - our own standard input
    database = open_database(os.environ["CIRCLE_DATABASE_URL"])
    use_keys(ContactKeys.read(Path(order.key_file).read_text(encoding="ascii")))
    actor = _actor(order.actor)
    now = datetime.fromisoformat(order.made_at)
    filters, _ = read(circle, order.given)
    paper = PAPERS[order.paper]
    above = head(
        paper, circle, actor, filters, now,
        number=order.number, said=order.said, with_contacts=order.with_contacts,
    )  # fmt: skip
    erased_before = queries.newest_erasure()
    rows = queries.register_rows(
        circle, actor, now, filters, order.most_rows, order.with_contacts, paper.columns
    )
    write_sheet(Path(order.part), paper, above, order.number, rows)
    # What somebody had erased meanwhile may have been read before.
    is_overtaken = order.with_contacts and queries.newest_erasure() != erased_before
    if is_overtaken:
        Path(order.part).unlink(missing_ok=True)
    else:
        Path(order.part).replace(order.target)
    database.close()
    return int(is_overtaken)


def _actor(given: dict[str, Any]) -> Actor:
    told = {
        "role": Role(given["role"]),
        "held_numbers": frozenset(given["held_numbers"]),
        "community_ids": _some(given["community_ids"]),
        "peer_subdistrict_ids": frozenset(given["peer_subdistrict_ids"]),
        "subdistricts": tuple(
            Led(frozenset(one["leaders_say"]), _some(one["community_ids"]))
            for one in given["subdistricts"]
        ),
    }
    return Actor(**given | told)


def _some(ids: list[str] | None) -> frozenset[str] | None:
    return None if ids is None else frozenset(ids)


def write_sheet(
    path: Path, paper: Paper, above: Head, number: str, rows: Iterable[tuple[Value, ...]]
) -> None:
    """Title, two lines about it, the columns, one row an issue, and the line to sign."""
    lay_out = partial(_laid_out, paper, above, number)
    write_rows(path, lay_out, SAMPLES_AT, (paper.fitted(row) for row in rows))


def _laid_out(paper: Paper, above: Head, number: str, sheets: int) -> Workbook:
    """So many sheets without issues, with samples of a row."""
    book = Workbook(write_only=True)
    for place in range(1, sheets + 1):
        # Its stubs know no write-only sheet.
        sheet: Any = book.create_sheet(f"{TITLE}{place if place > 1 else ''}")
        _set_up(sheet, paper, above, number)
        for line, text in enumerate((above.title, above.line, above.about)):
            cell = _cell(sheet, Font(bold=line == 0, size=20 if line == 0 else 11))
            cell.alignment = Alignment(
                horizontal="center" if line == 0 else "left", vertical="center", wrap_text=True
            )
            fill(cell, text)
            sheet.append([cell])
        sheet.append(_header(sheet, paper))
        sheet.append(_samples(sheet, paper))
        sheet.append(_samples(sheet, paper, is_quoted=True))
        sheet.append([])
        sheet.row_dimensions[SAMPLES_AT + 3].height = SIGNED_HEIGHT
        signed = _cell(sheet, Font(size=12))
        signed.alignment = Alignment(vertical="bottom")
        blanks = "　".join(f"{who}{'_' * 14}" for who in SIGN_HERE)
        fill(signed, f"{blanks}　{DATED}")
        sheet.append([signed])
    return book


def _set_up(sheet: Any, paper: Paper, above: Head, number: str) -> None:
    """Widths, what stands still or is printed on every page, and the paper with its number."""
    last = get_column_letter(len(paper.columns))
    for place, width in enumerate(paper.widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "B5"
    sheet.print_title_rows = "4:4"
    sheet.merged_cells = MultiCellRange([f"A{row}:{last}{row}" for row in (1, 2, 3)])
    sheet.row_dimensions[1].height = TITLE_HEIGHT
    print_across(sheet, paper.size)
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.oddFooter.left.text = f"编号：{number}"
    sheet.oddFooter.right.text = above.unit.replace("&", "&&")


def print_across(sheet: Any, size: int) -> None:
    """Prints a sheet on landscape pages of this size, as wide as they are, each with its number."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = size
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.3
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _cell(sheet: Any, font: Font) -> Any:
    cell: Any = WriteOnlyCell(sheet)
    cell.font = font
    return cell


def _header(sheet: Any, paper: Paper) -> Iterator[Any]:
    for name in paper.columns:
        cell = _cell(sheet, Font(bold=True, size=paper.letters))
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = BORDER
        cell.fill = PatternFill("solid", fgColor="FFEDEDED")
        fill(cell, name)
        yield cell


def _samples(sheet: Any, paper: Paper, *, is_quoted: bool = False) -> Iterator[Any]:
    """An empty cell a column, as it looks in every row."""
    for name in paper.columns:
        cell = _cell(sheet, Font(size=paper.letters))
        centred = "center" if name in CENTRED else "left"
        cell.alignment = Alignment(horizontal=centred, vertical="top", wrap_text=True)
        cell.border = BORDER
        if name == "收集时间":
            cell.number_format = DATE_FORMAT
        cell.quotePrefix = is_quoted
        yield cell


def fill(cell: Any, value: Value) -> None:
    """Writes a text, which never becomes a formula, or a number."""
    cell.value = plain(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"


if __name__ == "__main__":
    raise SystemExit(main())

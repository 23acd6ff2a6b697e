"""A kind of record as a workbook to fill in: headings, drop-downs, notes, and a page that explains.

Run as a program of its own, so that the servers never load what writes spreadsheets. It reads the
order from standard input and writes the workbook to standard output; it knows no file of ours.
"""

import json
import sys
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from forms_app.spreadsheets.register_sheet import BORDER, fill

HEAD = 2  # the row of the headings
SPARE_ROWS = 300  # below the last one, with drop-downs
NEEDED, FREE = "FFE8D9B5", "FFEFE9DC"


def main() -> int:
    """Reads the order and writes its workbook."""
    order = json.loads(sys.stdin.buffer.read())
    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = order["name"]
    offered: Any = book.create_sheet("可选")
    offered.sheet_state = "hidden"
    columns = order["columns"]
    last = get_column_letter(len(columns))
    sheet.merge_cells(f"A1:{last}1")
    fill(sheet.cell(1, 1), order["title"])
    sheet.cell(1, 1).alignment = Alignment(vertical="center")
    bottom = HEAD + len(order["rows"]) + SPARE_ROWS
    for place, column in enumerate(columns, 1):
        _head(sheet, place, column)
        if column["choices"]:
            _drop_down(sheet, offered, place, column["choices"], bottom)
    for down, values in enumerate(order["rows"], HEAD + 1):
        for across, value in enumerate(values, 1):
            cell = sheet.cell(down, across)
            fill(cell, value)
            cell.border = BORDER
            cell.number_format = "@"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for down in range(HEAD + 1 + len(order["rows"]), bottom):
        for across in range(1, len(columns) + 1):
            sheet.cell(down, across).number_format = "@"  # 11-3 stays what was typed
    sheet.freeze_panes = f"B{HEAD + 1}"
    _explained(book, columns, order["notes"])
    out = BytesIO()
    book.save(out)
    sys.stdout.buffer.write(out.getvalue())
    return 0


def _head(sheet: Any, place: int, column: dict[str, Any]) -> None:
    cell = sheet.cell(HEAD, place)
    fill(cell, column["label"])
    cell.font = Font(bold=True)
    cell.border = BORDER
    cell.fill = PatternFill("solid", fgColor=NEEDED if column["is_needed"] else FREE)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    note = ("必填。" if column["is_needed"] else "可以空着。") + column["note"]
    cell.comment = Comment(note, "", height=120, width=260)
    sheet.column_dimensions[get_column_letter(place)].width = column["width"]


def _drop_down(sheet: Any, offered: Any, place: int, choices: list[str], bottom: int) -> None:
    for down, words in enumerate(choices, 1):
        fill(offered.cell(down, place), words)
    letter = get_column_letter(place)
    rule = DataValidation(
        type="list", allow_blank=True, formula1=f"'可选'!${letter}$1:${letter}${len(choices)}",
        showErrorMessage=False,
    )  # fmt: skip
    sheet.add_data_validation(rule)
    rule.add(f"{letter}{HEAD + 1}:{letter}{bottom}")


def _explained(book: Any, columns: list[dict[str, Any]], notes: list[str]) -> None:
    sheet: Any = book.create_sheet("说明")
    for down, words in enumerate(notes, 1):
        fill(sheet.cell(down, 1), words)
    for down, column in enumerate(columns, len(notes) + 2):
        told = (column["label"], "必填" if column["is_needed"] else "可以空着", column["note"])
        for across, words in enumerate(told, 1):
            fill(sheet.cell(down, across), words)
    for letter, width in (("A", 24), ("B", 10), ("C", 80)):
        sheet.column_dimensions[letter].width = width


if __name__ == "__main__":
    raise SystemExit(main())

"""A month's tables as a workbook for A4: a sheet each, with a picture below for those who look.

Run as a program of its own, so that the servers never load what writes spreadsheets. It reads the
tables from standard input and writes the workbook to standard output; it knows no database.
"""

import json
import sys
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from forms_app.spreadsheets.register_sheet import BORDER, fill, print_across

A4 = 9  # Excel's number of the paper
HEAD = 3  # the row of the headings
NAME_WIDTH, NUMBER_WIDTH, WORDS_WIDTH = 24, 7, 30
DRAWN = 30  # bars; the table above them has every row
BAR_CM, CHART_CM = 0.8, 22
YUAN = "#,##0.00"  # how amounts are shown; they are numbers, to be added up


def main() -> int:
    """Reads the tables and writes their workbook."""
    order = json.loads(sys.stdin.buffer.read())
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in order["tables"]:
        _sheet(book, order["title"], order["about"], table, order["parts"])
    out = BytesIO()
    book.save(out)
    sys.stdout.buffer.write(out.getvalue())
    return 0


def _sheet(book: Any, title: str, about: str, table: dict[str, Any], parts: list[str]) -> None:
    sheet: Any = book.create_sheet(table["name"])
    last = get_column_letter(len(table["head"]))
    for row, (text, size) in enumerate(((f"{title}（{table['name']}）", 16), (about, 10)), 1):
        sheet.merge_cells(f"A{row}:{last}{row}")
        fill(sheet.cell(row, 1), text)
        sheet.cell(row, 1).font = Font(bold=row == 1, size=size)
        sheet.cell(row, 1).alignment = Alignment(horizontal="center", vertical="center")
    rows = [table["head"], *table["rows"]]
    for down, values in enumerate(rows, HEAD):
        for across, value in enumerate(values, 1):
            cell = sheet.cell(down, across)
            fill(cell, value)
            cell.font = Font(bold=down == HEAD, size=10)
            cell.border = BORDER
            side = "left" if across == 1 else "center"
            if isinstance(value, float):
                cell.number_format, side = YUAN, "right"
            cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
    sheet.column_dimensions["A"].width = NAME_WIDTH
    for place in range(2, len(table["head"]) + 1):
        width = _width([values[place - 1] for values in table["rows"]])
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = f"B{HEAD + 1}"
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    print_across(sheet, A4)
    # People are not drawn beside each other.
    if parts and table["rows"] and table["name"] != "社区干部":
        _draw(sheet, table, parts)


def _width(values: list[Any]) -> int:
    """Wide enough for the words or amounts of a column; long words take several lines."""
    longest = max((len(value) for value in values if isinstance(value, str)), default=0)
    figures = max((len(f"{value:,.2f}") for value in values if isinstance(value, float)), default=0)
    return max(min(WORDS_WIDTH, 2 * longest + 2), figures + 2, NUMBER_WIDTH)


def _draw(sheet: Any, table: dict[str, Any], parts: list[str]) -> None:
    """One bar a row, cut into what became of what was given."""
    end = HEAD + min(len(table["rows"]), DRAWN)
    first = table["head"].index(parts[0]) + 1
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap = "bar", "stacked", 100
    chart.title = "办到哪一步（件）"
    data = Reference(
        sheet, min_col=first, max_col=first + len(parts) - 1, min_row=HEAD, max_row=end
    )
    chart.add_data(data, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=HEAD + 1, max_row=end))
    chart.x_axis.scaling.orientation = "maxMin"  # the first row is the uppermost bar
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.width, chart.height = CHART_CM, 4 + BAR_CM * (end - HEAD)
    sheet.add_chart(chart, f"A{HEAD + len(table['rows']) + 2}")


if __name__ == "__main__":
    raise SystemExit(main())

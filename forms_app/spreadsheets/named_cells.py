"""The cells of a sheet by the names of COLUMNS, as somebody chose them."""

from collections.abc import Mapping

from forms_app.rules.said import said
from forms_app.spreadsheets.columns import COLUMNS
from forms_app.spreadsheets.sheets import Row, Sheet


class NamedCells:
    """`columns` is a name of COLUMNS → the place of a column."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int]) -> None:
        self.sheet, self.columns = sheet, columns

    def cell(self, row: Row, name: str) -> str:
        place = self.columns.get(name)
        return "" if place is None or place >= len(row.cells) else row.cells[place]

    def kind(self, row: Row) -> str:
        """What a row calls itself: 投诉, 感谢."""
        return self.cell(row, "nature") or self.cell(row, "category")

    def heading(self, name: str) -> str:
        place = self.columns.get(name)
        head = self.sheet.headers[place] if place is not None else ""
        return head or COLUMNS[name].label

    def told(self, row: Row, place: int) -> str:
        """A cell in one line behind its heading; "" where it is empty."""
        text = one_line(row.cells[place]) if place < len(row.cells) else ""
        head = self.sheet.headers[place] or said("没有列名")
        return said("%(heading)s：%(cell)s", heading=head, cell=text) if text else ""


def one_line(text: str) -> str:
    return " ".join(text.split())

"""An .xlsx file as rows of cells. Loaded only when there is one to read."""

import warnings
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from forms_app.files.zips import UNREADABLE
from forms_app.walking.entry import Value
from forms_app.walking.grid import MOST_ROWS, SAVE_AGAIN, Grid
from forms_app.walking.refusal import WalksRefused

LARGEST_UNPACKED_BYTES = 100_000_000
MOST_SHEET_ROWS = 2 * MOST_ROWS
MOST_COLUMNS = 50  # a list of walks has seven


def read_workbook(path: Path) -> list[Grid]:
    """Every sheet of a workbook; a merged cell's value counts for all the rows it spans.

    Raises WalksRefused where the file is no workbook, or one with far too many rows.
    """
    try:
        with ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED_BYTES:
                raise WalksRefused(f"{path.name} 里的内容太多，请只留下要导入的表格。")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what it does not keep: we only read
            book = load_workbook(path, data_only=True)
    except (*UNREADABLE, InvalidFileException, ParseError, KeyError, TypeError):
        raise WalksRefused(
            f"{path.name} 不是能读的 .xlsx 表格（可能损坏、加了密码或只是改了后缀）；{SAVE_AGAIN}。"
        ) from None
    sheets = book.worksheets
    return [_grid(path.name, sheet, sheet.title if len(sheets) > 1 else "") for sheet in sheets]


def _grid(file: str, sheet: Worksheet, name: str) -> Grid:
    if sheet.max_row > MOST_SHEET_ROWS:
        raise WalksRefused(
            f"{file} 的表格有 {sheet.max_row} 行（多半是空行），请把填了内容的行复制到新表格里。"
        )
    cells = [
        [_value(cell) for cell in row]
        for row in sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS))
    ]
    for merged in sheet.merged_cells.ranges:
        # Only downwards: a title across all columns is one title.
        column = merged.min_col - 1
        for row in cells[merged.min_row : merged.max_row]:
            if column < len(row):
                row[column] = cells[merged.min_row - 1][column]
    return Grid(name, tuple((number, tuple(row)) for number, row in enumerate(cells, 1)))


def _value(cell: object) -> Value:
    if not isinstance(cell, Cell):
        return None  # the rest of a merged cell
    value = cell.value
    return value if isinstance(value, Value) else str(value)

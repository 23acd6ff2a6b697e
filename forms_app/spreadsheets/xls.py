"""Workbooks of Excel 97 to 2003 and of old WPS (.xls, .et), opened by xlrd.

They are small by nature: 65,536 rows of 256 columns. xlrd reads a page as a whole; what it may take
is limited by the process that it runs in.
"""

import io
from collections.abc import Iterator
from typing import Any

import xlrd

from forms_app.spreadsheets.numbers import day_text, number_text
from forms_app.spreadsheets.raw import Budget, Page
from forms_app.spreadsheets.sheets import FileRefused

CANNOT = (
    "这个老格式（.xls、.et）的表格读不了。"
    "请用 Excel 或 WPS 打开，另存为“Excel 工作簿(.xlsx)”再导入。"
)
_WHITE = (255, 255, 255)
# What xlrd raises where a file is not what it says it is.
_BROKEN = (
    xlrd.XLRDError, xlrd.compdoc.CompDocError, AssertionError, AttributeError, IndexError,
    KeyError, TypeError, ValueError, OverflowError, NotImplementedError, UnicodeError,
)  # fmt: skip


def read_xls(content: bytes, budget: Budget) -> Iterator[Page]:
    """The pages of a workbook, hidden ones last. Raises FileRefused."""
    try:
        book = xlrd.open_workbook(
            file_contents=content, on_demand=True, ragged_rows=True, formatting_info=True,
            logfile=io.StringIO(),
        )  # fmt: skip
        order = sorted(range(book.nsheets), key=lambda n: book._sheet_visibility[n] != 0)
        for number in order:
            budget.take("pages")
            yield _page(book, number, budget)
            book.unload_sheet(number)
    except _BROKEN as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused(CANNOT) from error


def _page(book: Any, number: int, budget: Budget) -> Page:
    sheet = book.sheet_by_index(number)
    page = Page(sheet.name, budget)
    for first_row, last_row, first, last in sheet.merged_cells:  # ends are one beyond
        page.merge((first_row + 1, first, last_row, last - 1))
    page.hidden_rows = {n + 1 for n, info in sheet.rowinfo_map.items() if info.hidden}
    page.hidden_columns = [(n, n) for n, info in sheet.colinfo_map.items() if info.hidden]
    for row in range(sheet.nrows):
        kinds, values = sheet.row_types(row), sheet.row_values(row)
        for place, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            text, is_rounded = _told(kind, value, from_1904=bool(book.datemode))
            page.put(row + 1, place, text, is_rounded=is_rounded)
            if text:
                style = book.xf_list[sheet.cell_xf_index(row, place)]
                page.fills.setdefault(row + 1, _colour(book, style.background))
                if book.font_list[style.font_index].struck_out:
                    page.struck[row + 1] = page.struck.get(row + 1, 0) + 1
    for (row, _), note in sorted(sheet.cell_note_map.items()):
        page.note(row + 1, note.text)
    return page


def _colour(book: Any, background: Any) -> str:
    """Six digits, "" where there is none."""
    rgb = book.colour_map.get(background.pattern_colour_index) if background.fill_pattern else None
    return "" if rgb is None or rgb == _WHITE else bytes(rgb).hex()


def _told(kind: int, value: Any, *, from_1904: bool) -> tuple[str, bool]:
    if kind == xlrd.XL_CELL_TEXT:
        return value, False
    if kind == xlrd.XL_CELL_NUMBER:
        return number_text(repr(value))
    if kind == xlrd.XL_CELL_DATE:
        return day_text(repr(value), from_1904=from_1904), False
    if kind == xlrd.XL_CELL_BOOLEAN:
        return ("是" if value else "否"), False
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#ERROR!"), False
    return "", False

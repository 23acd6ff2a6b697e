"""What somebody fixed to a row without a column for it: comments, a line through it."""

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.comments import Comment
from openpyxl.styles import Font

from forms_app.spreadsheets import reader
from forms_app.spreadsheets.column_use import beside_rows
from forms_app.spreadsheets.sheets import Sheet
from tests.support.hostile_sheets import raw_ods
from tests.support.office_sheets import read
from tests.support.spreadsheets import file_of, saved

ROWS = [["日期", "内容"], ["2026-11-3", "灯坏了"], ["2026-11-4", "门坏了"], ["2026-11-5", "没水"]]
_VOID = "写着“整行划了删除线”，可能不用导入，请核对。"


def workbook() -> Any:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    return book


def read_back(book: Any, tmp_path: Path) -> Sheet:
    (sheet,) = reader.sheets(file_of(saved(book), tmp_path))
    return sheet


def test_a_comment_goes_into_the_note_of_its_row(tmp_path: Path) -> None:
    book = workbook()
    book.active["B3"].comment = Comment("王芳:\n等供电局排期", "王芳")
    sheet = read_back(book, tmp_path)
    assert sheet.headers == ("日期", "内容", "批注")
    assert [one.note for one in read(sheet).good] == ["", "批注：王芳: 等供电局排期", ""]
    assert beside_rows(sheet) == []


def test_a_comment_of_one_page_is_none_of_another(tmp_path: Path) -> None:
    book = workbook()
    more = book.create_sheet("二")
    for row in ROWS:
        more.append(row)
    more["A2"].comment = Comment("第二张", "")
    first, second = reader.sheets(file_of(saved(book), tmp_path))
    assert (first.headers, second.rows[0].cells[-1]) == (("日期", "内容"), "第二张")


def test_comments_that_tell_how_a_matter_stands_are_told(tmp_path: Path) -> None:
    book = workbook()
    book.active["B2"].comment = Comment("周师傅说周五来", "")
    book.active["B3"].comment = Comment("已办结", "")
    told = [(one.row, one.column, one.sentence) for one in read(read_back(book, tmp_path)).remarks]
    assert told == [(3, "批注", "写着“已办结”，没有当作办结，请核对。")]


def test_a_row_that_is_struck_through_is_told_and_a_cell_is_not(tmp_path: Path) -> None:
    book = workbook()
    for place in ("A3", "B3", "B4"):
        book.active[place].font = Font(strike=True)
    reading = read(read_back(book, tmp_path))
    assert [(one.row, one.sentence) for one in reading.remarks] == [(3, _VOID)]
    assert len(reading.good) == 3


def test_the_same_of_an_old_workbook(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("一")
    for number, cells in enumerate(ROWS):
        for place, value in enumerate(cells):
            style = "font: struck_out on" if number == 2 else "font: bold off"
            page.write(number, place, value, xlwt.easyxf(style))
    told = [(one.row, one.sentence) for one in read(read_back(book, tmp_path)).remarks]
    assert told == [(3, _VOID)]


@pytest.mark.parametrize("line", ["solid", "none"])
def test_the_same_of_the_open_format(tmp_path: Path, line: str) -> None:
    def cell(text: str, inside: str = "", style: str = "") -> str:
        named = f' table:style-name="{style}"' if style else ""
        return (
            f'<table:table-cell{named} office:value-type="string">{inside}'
            f"<text:p>{text}</text:p></table:table-cell>"
        )

    note = "<office:annotation><dc:creator>王芳</dc:creator><text:p>等排期</text:p>"
    note += "</office:annotation>"
    rows = (
        cell("日期") + cell("内容"), cell("2026-11-3", style="ce1") + cell("灯坏了", style="ce1"),
        cell("2026-11-4") + cell("门坏了", note),
    )  # fmt: skip
    style = (
        '<office:automatic-styles><style:style style:name="ce1" style:family="table-cell">'
        f'<style:text-properties style:text-line-through-style="{line}"/></style:style>'
        "</office:automatic-styles>"
    )
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    content = _with_styles(raw_ods(table), style)
    (sheet,) = reader.sheets(file_of(content, tmp_path))
    reading = read(sheet)
    assert [one.row for one in reading.remarks] == ([2] if line == "solid" else [])
    assert reading.good[1].note == "批注：等排期"


def _with_styles(book: bytes, style: str) -> bytes:
    """The workbook with what is said of its cells before them."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "content.xml":
                more = f"{style}<office:body>".encode()
                text = text.replace(b"<office:body>", more, 1)
                text = text.replace(
                    b"<office:document-content ",
                    b'<office:document-content xmlns:dc="dc:" xmlns:style="style:" ', 1,
                )  # fmt: skip
            new.writestr(name, text)
    return written.getvalue()

"""Files of every kind, opened by the process that reads them: sheets, or a sentence."""

import struct
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from forms_app.spreadsheets import reader
from forms_app.spreadsheets.sheets import BAD_FILE, FileRefused, as_json, read_sheets, sheet_of
from tests.support.spreadsheets import HEADS, csv_text, file_of, order, saved, xlsx

ROWS = [HEADS, order(1), order(2)]


def test_a_workbook_is_read_below_its_headings(tmp_path: Path) -> None:
    (sheet,) = read_sheets(file_of(xlsx(ROWS), tmp_path))
    assert (sheet.name, sheet.headers) == ("工单", HEADS)
    assert [row.number for row in sheet.rows] == [2, 3]
    assert sheet.rows[0].cells == tuple(order(1))
    assert sheet_of(as_json(sheet)) == sheet


def test_titles_above_and_empty_rows_between_are_passed_over(tmp_path: Path) -> None:
    rows = [
        ["黄金岭街道12345工单登记表"],
        [],
        ["制表：办公室", "", "2026年11月"],
        HEADS,
        order(1),
        [],
        [""],
        order(2),
    ]
    (sheet,) = read_sheets(file_of(xlsx(rows), tmp_path))
    assert sheet.headers == HEADS
    assert [row.number for row in sheet.rows] == [5, 8]


def test_every_sheet_that_holds_anything_can_be_chosen(tmp_path: Path) -> None:
    content = xlsx(ROWS, 空表=[], 群里=[["时间", "昵称", "内容"], ["11-3", "楼长", "灯坏了"]])
    assert [sheet.name for sheet in read_sheets(file_of(content, tmp_path))] == ["工单", "群里"]


def test_dates_numbers_and_formulas_come_as_they_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["时间", "电话", "内容", "编号"])
    book.active.append([datetime(2026, 11, 3, 15, 4), 13800000000.0, "=1+1", 7])  # noqa: DTZ001
    (sheet,) = read_sheets(file_of(saved(book), tmp_path))
    # A formula that no spreadsheet program has ever worked out has no value.
    assert sheet.rows[0].cells == ("2026-11-03 15:04:00", "13800000000", "", "7")


def test_merged_cells_are_filled_down_and_hidden_rows_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row in (
        ["社区", "时间", "内容"],
        ["金桂社区", "11-3", "一"],
        [None, "11-4", "二"],
        [None, "11-5", "三"],
    ):
        page.append(row)
    page.merge_cells("A2:A4")
    page.row_dimensions[3].hidden = True
    (sheet,) = read_sheets(file_of(saved(book), tmp_path))
    assert [row.cells[0] for row in sheet.rows] == ["金桂社区"] * 3
    assert (sheet.merged, sheet.hidden_rows) == (1, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    content = csv_text(ROWS, delimiter).encode(encoding)
    (found,) = reader.sheets(file_of(content, tmp_path))
    assert found.headers == HEADS
    assert found.rows[1].cells == tuple(order(2))


def test_a_line_break_within_a_cell_keeps_the_row_whole_and_its_number_true(tmp_path: Path) -> None:
    rows = [HEADS, order(1, 诉求内容="一\n二，三"), order(2)]
    (found,) = reader.sheets(file_of(csv_text(rows).encode(), tmp_path))
    assert found.rows[0].cells[4] == "一\n二，三"
    assert [row.number for row in found.rows] == [2, 4]


def ole(word: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + word.encode("utf-16-le")


def zipped(**parts: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空文件"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图片"), (b"%PDF-1.7", "PDF"),
        (ole("Workbook"), "老格式"), (ole("EncryptedPackage"), "密码"),
        (ole("WordDocument"), "Word"), (b"<html><table><tr><td>1", "网页"),
        (zipped(**{"word__document.xml": "<x/>"}), "Word"), (zipped(a="b"), "不是 Excel"),
        (b"\x01\x02\xff\x00\x9f\x00" * 40, "编码"), (b"PK\x03\x04broken", "读不出来"),
        ("内容\n".encode(), "没有找到数据"), (xlsx([["内容"]]), "没有找到数据"),
        (zipped(**{"xl__workbook.xml": "<broken"}), "读不出来"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_gets_a_sentence(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(FileRefused, match=words) as caught:
        read_sheets(file_of(content, tmp_path))
    assert str(caught.value).endswith("。")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    content = zipped(
        **{"xl__workbook.xml": "<x/>", "xl__worksheets__sheet1.xml": "0" * 210_000_000}
    )
    assert len(content) < 300_000
    with pytest.raises(FileRefused, match="太大"):
        read_sheets(file_of(content, tmp_path))


def test_a_lie_about_the_size_does_not_help_the_bomb(tmp_path: Path) -> None:
    small = zipped(**{"xl__workbook.xml": "<x/>", "xl__worksheets__sheet1.xml": "0" * 90_000_000})
    lying = small.replace(struct.pack("<L", 90_000_000), struct.pack("<L", 10))
    with pytest.raises(FileRefused):
        read_sheets(file_of(lying, tmp_path))


def test_too_many_rows_columns_or_letters_are_told(tmp_path: Path) -> None:
    for rows, words in (
        ([HEADS, *(order(n) for n in range(5001))], "最多5000行"),
        ([["内容", *map(str, range(90))], ["x"] * 91], None),
        ([HEADS, order(1, 诉求内容="长" * 5001)], "第2行有一格超过5000字"),
    ):
        path = file_of(csv_text(rows).encode(), tmp_path)
        with pytest.raises(FileRefused, match=words):
            reader.sheets(path)


def test_a_million_bordered_but_empty_rows_are_left_alone(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(list(row))
    book.active.cell(row=400_000, column=1).value = ""
    (sheet,) = read_sheets(file_of(saved(book), tmp_path))
    assert len(sheet.rows) == 2


def test_a_reader_that_dies_is_told_as_a_bad_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms_app.spreadsheets.sheets.sys.executable", "/bin/false")
    with pytest.raises(FileRefused, match=BAD_FILE[:8]):
        read_sheets(file_of(xlsx(ROWS), tmp_path))

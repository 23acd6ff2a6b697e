"""Files of every kind, opened by the process that reads them: sheets, or a sentence."""

import resource
import struct
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from forms_app.spreadsheets import reader
from forms_app.spreadsheets.sheets import BAD_FILE, FileRefused, as_json, read_sheets, sheet_of
from tests.support.hostile_sheets import (
    bordered_to_the_end,
    ods_row,
    raw_cell,
    raw_ods,
    raw_row,
    raw_rows,
    raw_xlsx,
)
from tests.support.spreadsheets import HEADS, csv_text, file_of, order, saved, xls, xlsx

pytestmark = pytest.mark.slow

ROWS = [HEADS, order(1), order(2)]
_ERROR = raw_cell("A3", "GD2") + '<c r="C3" t="e"><f>B9</f><v>#REF!</v></c>'
_TYPED = (
    '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p>'
    "</table:table-cell>"
)
_ODS_ERROR = (
    "<table:table-row>"
    + "".join(
        f"<table:table-cell><text:p>{t}</text:p></table:table-cell>" for t in ("内容", "时间")
    )
    + "</table:table-row><table:table-row>"
    + _TYPED.format(0, "#REF!")
    + _TYPED.format(46329.5, "3日")
    + "</table:table-row>"
)


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


def test_hidden_columns_and_formulas_without_a_value_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in (["社区", "时间", "内容"], ["金桂社区", "11-3", "灯坏了"], ["=A2", "11-4", "二"]):
        book.active.append(cells)
    book.active.column_dimensions["A"].hidden = True
    (sheet,) = read_sheets(file_of(saved(book), tmp_path))
    assert (sheet.hidden_columns, sheet.formulas) == (("A",), 1)
    assert sheet.rows[0].cells[0] == "金桂社区"


def test_old_workbooks_are_read(tmp_path: Path) -> None:
    dated = [HEADS, *(order(n, 受理时间=datetime(2026, 11, n, 9, 30)) for n in (1, 2))]  # noqa: DTZ001
    (sheet,) = read_sheets(file_of(xls(dated, merged=(1, 2, 6, 6), hidden=3), tmp_path, "工单.et"))
    assert sheet.headers == HEADS
    assert sheet.rows[1].cells == tuple(order(2, 受理时间="2026-11-02 09:30:00"))
    assert (sheet.merged, sheet.hidden_columns) == (1, ("D",))


def test_open_workbooks_are_read(tmp_path: Path) -> None:
    heads, body = ods_row("内容", "时间"), ods_row("灯坏了", "11-3")
    hidden = body.replace("<table:table-row", '<table:table-row table:visibility="collapse"')
    empty = ods_row("", times=1_048_000)
    (sheet,) = read_sheets(file_of(raw_ods(heads + body + hidden + empty), tmp_path))
    assert sheet.headers == ("内容", "时间")
    assert [r.cells for r in sheet.rows] == [("灯坏了", "11-3")] * 2
    assert sheet.hidden_rows == 1


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_wide_letters_with_tabs_are_read_with_and_without_their_mark(
    tmp_path: Path, encoding: str
) -> None:
    (sheet,) = reader.sheets(file_of(csv_text(ROWS, "\t").encode(encoding), tmp_path))
    assert sheet.headers == HEADS
    assert sheet.rows[1].cells == tuple(order(2))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    content = csv_text(ROWS, delimiter).encode(encoding)
    (found,) = reader.sheets(file_of(content, tmp_path))
    assert found.headers == HEADS
    assert found.rows[1].cells == tuple(order(2))


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_separator_is_the_one_that_the_first_line_says(
    tmp_path: Path, encoding: str, line: str
) -> None:
    rows = [HEADS, order(1, 诉求内容="一,二,三,四,五,六,七,八,九,十"), order(2)]
    content = f"{line}\r\n{csv_text(rows, ';')}".encode(encoding)
    (found,) = reader.sheets(file_of(content, tmp_path))
    assert found.headers == HEADS
    assert [(row.number, row.cells) for row in found.rows] == [
        (2, tuple(rows[1])), (3, tuple(rows[2])),
    ]  # fmt: skip


def test_a_line_break_within_a_cell_keeps_the_row_whole_and_its_number_true(tmp_path: Path) -> None:
    rows = [HEADS, order(1, 诉求内容="一\n二，三"), order(2)]
    (found,) = reader.sheets(file_of(csv_text(rows).encode(), tmp_path))
    assert found.rows[0].cells[4] == "一\n二，三"
    assert [row.number for row in found.rows] == [2, 4]


@pytest.mark.parametrize("encoding", ["utf-32", "utf-16", "utf-8"])
def test_a_text_file_with_the_line_ends_of_old_macs_is_read(tmp_path: Path, encoding: str) -> None:
    content = csv_text(ROWS).replace("\r\n", "\r").encode(encoding)
    (found,) = reader.sheets(file_of(content, tmp_path))
    assert found.headers == HEADS
    assert found.rows[1].cells == tuple(order(2))


def test_zeros_that_an_old_program_fills_a_cell_up_with_cost_nothing(tmp_path: Path) -> None:
    content = csv_text([HEADS, order(1, 诉求内容="路灯坏了\0"), *map(order, range(2, 9))]).encode()
    (found,) = reader.sheets(file_of(content, tmp_path))
    assert found.rows[0].cells[4] == "路灯坏了"


def test_a_quote_that_is_never_closed_is_told_with_its_row_and_swallows_none(
    tmp_path: Path,
) -> None:
    content = csv_text([HEADS, order(1), order(2), order(3)]).replace(
        order(2)[4], f'"{order(2)[4]}'
    )
    with pytest.raises(FileRefused, match="第3行有一个双引号没有收口"):
        reader.sheets(file_of(content.encode(), tmp_path))


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
        (ole("WordDocument"), "Word"), (b"<html><p>1", "网页"),
        (b"MIME-Version: 1.0\r\n\r\n<table>", "网页"), (b"<html><table><tr><td>1", "没有找到数据"),
        (zipped(**{"word__document.xml": "<x/>"}), "Word"), (zipped(a="b"), "不是 Excel"),
        (b"\x01\x02\xff\x00\x9f\x00" * 40, "编码"), (b"PK\x03\x04broken", "读不出来"),
        ("内容\n".encode(), "没有找到数据"), (xlsx([["内容"]]), "没有找到数据"),
        (zipped(**{"xl__workbook.xml": "<broken"}), "读不出来"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "图片或者视频"), (b"RIFF\0\0\0\0WEBPVP8 ", "图片"),
        (b"\x1f\x8b\x08\0", "压缩包"), (zipped(a="b"), "压缩包"),
        (zipped(**{"Index__Document.iwa": ""}), "Numbers"),
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


def test_too_many_rows_or_columns_are_told(tmp_path: Path) -> None:
    for rows, words in (
        ([HEADS, *(order(n) for n in range(20_001))], "最多20000行"),
        ([["内容", *map(str, range(300))], ["x"] * 301], "最多256列"),
    ):
        path = file_of(csv_text(rows).encode(), tmp_path)
        with pytest.raises(FileRefused, match=words):
            reader.sheets(path)


def test_a_long_cell_costs_nothing(tmp_path: Path) -> None:
    (sheet,) = read_sheets(file_of(xlsx([HEADS, order(1, 诉求内容="长" * 32_000)]), tmp_path))
    assert len(sheet.rows[0].cells[4]) == 32_000


def test_an_error_of_a_formula_stays_what_it_says(tmp_path: Path) -> None:
    (sheet,) = read_sheets(file_of(raw_xlsx(raw_rows(raw_row(3, _ERROR))), tmp_path))
    assert sheet.rows[1].cells == ("GD2", "", "#REF!", "")
    (sheet,) = read_sheets(file_of(raw_ods(_ODS_ERROR), tmp_path))
    assert sheet.rows[0].cells == ("#REF!", "46329.5")


def test_long_numbers_stay_apart_and_are_marked(tmp_path: Path) -> None:
    cells = [
        raw_row(n, f'<c r="A{n}"><v>{number}</v></c>{raw_cell(f"C{n}", "灯坏了")}')
        for n, number in enumerate(
            ("202611030000123451", "202611030000123452", "2.0261103000012346E+17",
             "202611030000123"), 3)
    ]  # fmt: skip
    (sheet,) = read_sheets(file_of(raw_xlsx(raw_rows(*cells)), tmp_path))
    assert [(r.cells[0], r.rounded) for r in sheet.rows[1:]] == [
        ("202611030000123451", (0,)),
        ("202611030000123452", (0,)),
        ("202611030000123460", (0,)),
        ("202611030000123", ()),
    ]
    assert sheet_of(as_json(sheet)) == sheet


def test_a_stray_cell_far_away_costs_nothing_and_is_kept(tmp_path: Path) -> None:
    far = raw_row(1_048_576, raw_cell("XFD1048576", "x"))
    path = file_of(raw_xlsx(raw_rows(far)), tmp_path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (sheet,) = reader.sheets(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes
    assert sheet.letters == ("A", "B", "C", "D", "XFD")
    assert sheet.rows[-1].number == 1_048_576
    assert sheet.rows[-1].cells == ("", "", "", "", "x")


def test_rows_with_a_border_alone_end_the_sheet_and_that_is_said(tmp_path: Path) -> None:
    (sheet,) = read_sheets(file_of(bordered_to_the_end(2), tmp_path))
    assert (len(sheet.rows), sheet.stopped_after) == (1, 2)


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


def test_no_cell_brings_what_nobody_sees(tmp_path: Path) -> None:
    rows = [["内容", "时间"], ["电梯\u202e坏\u200b了\x0c有人\U000e0041被困", "11-3"]]
    for content in (csv_text(rows).encode(), xlsx([["内容", "时间"], ["电梯\u202e坏了", "11-3"]])):
        (sheet,) = reader.sheets(file_of(content, tmp_path))
        assert sheet.rows[0].cells[0] in ("电梯坏了\n有人被困", "电梯坏了")


def test_a_letter_full_of_other_marks_does_not_divide_the_table(tmp_path: Path) -> None:
    text = "时间,内容\n2026-11-3,灯坏了;门坏了;树倒了;井盖响\n2026-11-4,狗叫\n2026-11-5,漏水\n"
    (found,) = reader.sheets(file_of(text.encode(), tmp_path))
    assert found.headers == ("时间", "内容")


def test_a_sheet_in_the_letters_of_taiwan_is_read(tmp_path: Path) -> None:
    text = (
        "日期,姓名,反映問題,處理情形\n2025-11-03,陳小姐,社區門口的路燈壞了三天沒有人來修,已修復\n"
    )
    for encoding in ("cp950", "gb18030"):
        (sheet,) = reader.sheets(file_of(text.encode(encoding), tmp_path))
        assert sheet.headers == ("日期", "姓名", "反映問題", "處理情形")
        assert sheet.rows[0].cells[2] == "社區門口的路燈壞了三天沒有人來修"

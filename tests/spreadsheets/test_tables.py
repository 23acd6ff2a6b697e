"""Tables as offices write them: what stands over, below and beside them, and where they end."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from forms_app.spreadsheets import reader
from forms_app.spreadsheets.column_use import beside_rows
from forms_app.spreadsheets.judging import is_numbering
from tests.support.office_sheets import headings, of_book, of_text, read
from tests.support.spreadsheets import HEADS, csv_text, file_of, order, saved, xlsx


def test_what_a_file_wraps_so_that_excel_does_not_count_with_it_is_the_words(
    tmp_path: Path,
) -> None:
    sheet = of_text(
        tmp_path, "问题描述,受理日期,联系方式",
        '灯坏了,2026-11-03,"=""013812345678"""', '门坏了,2026-11-03,="0797-8380000"',
    )  # fmt: skip
    assert [row.cells[2] for row in sheet.rows] == ["013812345678", "0797-8380000"]


def test_a_title_with_a_known_word_in_it_is_no_row_of_headings(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, ",,楼栋长日志,,", "序,日子,情况,哪里,电话",
        "1,11/17,楼道声控灯常亮费电,1栋,13712340002", "2,11/18,儿童滑梯螺丝外露,小广场,",
    )  # fmt: skip
    assert headings(sheet) == {
        "received_at": "日子", "description": "情况", "location": "哪里", "reporter_phone": "电话",
    }  # fmt: skip
    assert [row.report.location for row in read(sheet).good] == ["1栋", "小广场"]


def test_what_stands_below_between_and_above_is_passed_over_and_said(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "金桂社区十一月台账,,,,", "序号,反映内容,受理时间,所属社区,备注",
        "一、金桂社区,,,,", "1,1号楼井盖松动,2026-11-20,金桂社区,急", ",,,,",
        "序号,反映内容,受理时间,所属社区,备注", "2,2号楼灯坏了,2026-11-21,金桂社区,", "3,,,,",
        "合计：2件,,,,", "填表人：,,审核人：,,",
    )  # fmt: skip
    reading = read(sheet)
    assert [row.row for row in reading.good] == [4, 7]
    assert reading.faults == []
    assert [(one.row, one.words) for one in reading.aside] == [
        (1, "金桂社区十一月台账"),
        (6, "序号　反映内容　受理时间　所属社区　备注"),
        (3, "一、金桂社区"),
        (8, "3"),
        (9, "合计：2件"),
        (10, "填表人：　审核人："),
    ]
    assert "备注：急" in reading.good[0].note


def test_headings_in_two_rows_are_read_together(tmp_path: Path) -> None:
    rows = [
        ["金桂社区群众诉求台账"],
        ["序号", "反映人信息", None, "反映内容", "受理时间", "办理情况", None, None],
        [None, "姓名", "电话", None, None, "承办单位", "办结时限", "是否办结"],
        [1, "王某", 13800000000, "1号楼灯坏了", "2026-11-3", "物业", "2026-12-1", "否"],
        [2, "李某", "0797-1234567", "2号楼井盖响", "2026-11-4", "住建局", "2026-12-1", "是"],
    ]
    (sheet,) = of_book(
        tmp_path, rows, "A1:H1", "A2:A3", "B2:C2", "D2:D3", "E2:E3", "F2:H2"
    )  # fmt: skip
    assert sheet.headers == (
        "序号", "反映人信息·姓名", "反映人信息·电话", "反映内容", "受理时间", "办理情况·承办单位",
        "办理情况·办结时限", "办理情况·是否办结",
    )  # fmt: skip
    assert headings(sheet)["state"] == "办理情况·是否办结"
    assert "finished_at" not in headings(sheet)
    reading = read(sheet, takes_contacts=True)
    assert [row.row for row in reading.good] == [4]
    assert reading.good[0].report.reporter_phone == "13800000000"
    assert [(f.row, f.column) for f in reading.finished_rows] == [(5, "办理情况·是否办结")]
    assert "办理情况·承办单位：物业" in reading.good[0].note
    plain = of_text(
        tmp_path, "序号,反映人信息,,反映内容,受理时间", ",姓名,电话,,", "1,王某,138,灯坏了,11-3"
    )  # fmt: skip
    assert plain.headers == ("序号", "反映人信息·姓名", "反映人信息·电话", "反映内容", "受理时间")


def test_tables_beside_and_below_each_other_are_sheets_of_their_own(tmp_path: Path) -> None:
    beside = [
        ["编号", "时间", "内容", None, "编号", "时间", "内容"],
        ["A1", "11-3", "灯坏了", None, "B1", "11-4", "门坏了"],
        ["A2", "11-3", "灯又坏了", None, None, None, None],
    ]
    sheets = of_book(tmp_path, beside)
    assert [s.name for s in sheets] == ["Sheet A2:C3", "Sheet E2:G2"]
    assert [len(s.rows) for s in sheets] == [2, 1]
    below = csv_text(
        [
            HEADS,
            order(1),
            order(2),
            [],
            ["留言时间", "留言详情", "留言人"],
            ["11-3", "门坏了", "乙"],
        ]
    )
    sheets = reader.sheets(file_of(below.encode(), tmp_path))
    assert [[r.number for r in s.rows] for s in sheets] == [[2, 3], [6]]
    assert sheets[1].headers[:3] == ("留言时间", "留言详情", "留言人")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_broken_letter_costs_its_row(tmp_path: Path, encoding: str) -> None:
    good = "".join(f"第{n}处路灯坏了，夜里看不见,11-3\n" for n in range(40)).encode(encoding)
    broken = "门口".encode(encoding) + b"\xff" + "的灯坏了,11-3\n".encode(encoding)
    content = "内容,时间\n".encode(encoding) + good + broken
    (sheet,) = reader.sheets(file_of(content, tmp_path))
    reading = read(sheet)
    assert len(reading.good) == 40
    assert [(f.row, f.column) for f in reading.faults] == [(42, "内容")]


def test_a_sheet_in_traditional_characters_is_read_like_any_other(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "反映內容,受理時間,所屬社區,問題類別,辦理狀態",
        "樓道燈不亮,2026年11月3日晚上8點,金桂社區,路燈照明,處理中",
        "井蓋鬆動,2026-11-04 09:00,金桂社區,下水道堵塞,已辦結",
    )  # fmt: skip
    reading = read(sheet, usual_community="")
    assert set(headings(sheet)) >= {"description", "received_at", "community", "category", "state"}
    assert [one.report.description for one in reading.good] == ["樓道燈不亮"]
    report = reading.good[0].report
    assert (report.community_id, report.category) == ("jingui", "street_light")
    assert (reading.good[0].received_at.hour, reading.finished) == (20, 1)


def test_what_stands_below_a_heading_is_none_by_its_end(tmp_path: Path) -> None:
    rows = [["时间", "内容"], ["某一天", "桂园小区"], ["11-3", "灯坏了"]]
    (sheet,) = of_book(tmp_path, [["金桂社区", "桂园小区"], *rows])
    assert sheet.headers == ("时间", "内容")


def test_a_line_that_is_filled_in_is_no_heading(tmp_path: Path) -> None:
    rows = [
        ["填报单位（盖章）：金桂社区", None, None, "填报日期：2026年11月30日"],
        ["序号", "反映时间", "反映内容", "地点"],
        [1, "2026-11-3", "灯坏了", "3栋"],
    ]
    (sheet,) = of_book(tmp_path, rows, "A1:C1")
    assert sheet.headers == ("序号", "反映时间", "反映内容", "地点")


def test_the_same_as_above_is_what_stands_above(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,内容,地点,社区", "2026-11-3,路灯不亮,桂园小区3栋,金桂社区",
        "同上,同上,桂园小区5栋,〃", "〃,井盖响,桂园小区6栋,同上",
    )  # fmt: skip
    good = read(sheet).good
    assert [(r.report.description, r.report.community_id) for r in good] == [
        ("路灯不亮", "jingui"), ("路灯不亮", "jingui"), ("井盖响", "jingui"),
    ]  # fmt: skip
    assert len({row.received_at for row in good}) == 1


def test_pictures_in_a_workbook_are_told(tmp_path: Path) -> None:
    path = file_of(xlsx([["时间", "内容"], ["11-3", "灯坏了"]]), tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.png", b"")
    (sheet,) = reader.sheets(path)
    assert sheet.pictures == 1


def test_a_heading_broken_over_lines_is_one_word(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, '"序\n号","反映\n时间",内容', "１,11-3,灯坏了", "３,11-4,井盖响")
    assert sheet.headers == ("序号", "反映时间", "内容")
    assert is_numbering(sheet.headers, sheet.rows) == {0}


def test_what_only_counts_the_columns_is_no_row(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "序号,时间,内容,地点", "甲,（1）,（2）,（3）", "1,11-3,灯坏了,3栋")
    assert [row.number for row in sheet.rows] == [3]
    assert [(one.row, one.why) for one in sheet.aside] == [(2, "只是列的编号")]
    assert len(of_text(tmp_path, "序号,时间,内容", "1,11-3,灯坏了").rows) == 1


def test_lines_above_the_headings_that_fill_two_cells_are_none(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "接龙标题,桂园小区问题收集,,", "发起人,楼长群,,", ",,,",
        "序号,微信昵称,接龙内容,接龙时间", "1,阳光,3栋灯坏了,2025-11-03 19:30",
        "2,小王,5栋井盖响,2025-11-03 19:35",
    )  # fmt: skip
    assert sheet.headers == ("序号", "微信昵称", "接龙内容", "接龙时间")
    assert [one.row for one in sheet.aside] == [1, 2]


def test_the_same_as_above_passes_over_a_sum(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,小区,问题描述", "2025-11-03,桂园小区,灯坏了", "本周小计,,1件",
        "同上,〃,井盖响",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.report.estate_id for one in reading.good] == ["guiyuan"] * 2


def test_a_row_with_a_time_in_it_is_no_row_of_headings(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "何时,何人,何话", "2025/11/10 08:00,1栋-王秀英,5栋有人养狗，一天到晚叫个不停",
        "2025/11/11 20:00,5栋-陈阿姨,安置房什么时候交房，哪里能看到公示",
    )  # fmt: skip
    assert sheet.headers == ("何时", "何人", "何话")


def test_of_two_tables_the_upper_one_is_no_title_of_the_lower(tmp_path: Path) -> None:
    upper, lower = of_book(tmp_path, [
        ["接待日期", "代表", "选民姓名", "反映事项", "答复情况"],
        ["2025-11-3", "林峰", "余德水", "没有活动室"], [],
        ["视察日期", "代表", "视察地点", "发现问题", "整改情况"],
        ["2025-11-4", "郭萍", "岭秀花苑", "充电口太少"],
    ])  # fmt: skip
    assert (len(upper.rows), len(lower.rows)) == (1, 1)
    assert headings(lower)["location"] == "视察地点"


def test_tables_below_each_other_are_no_forms(tmp_path: Path) -> None:
    table = ["来访人,来访时间,反映问题", "王秀英,2025-11-3,灯坏了", "李建国,2025-11-4,井盖响"]
    sheet = of_text(tmp_path, *table, *table)
    assert (len(sheet.rows), sheet.forms) == (4, 0)


def test_comments_and_colours_that_may_say_something_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    rows = [["内容", "时间"], *([f"第{n}盏灯坏了", f"2026-11-0{n}"] for n in range(1, 7))]
    for row in rows:
        book.active.append(row)
    for number, colour in ((2, "00B050"), (3, "FFFF0000")):
        for cell in book.active[number]:
            cell.fill = PatternFill("solid", fgColor=colour)
    book.active["A1"].comment = Comment("照抄12345的", "")
    (sheet,) = reader.sheets(file_of(saved(book), tmp_path))
    assert (sheet.comments, sheet.coloured) == (1, 2)
    told = [sentence for sentence, is_warning in beside_rows(sheet) if is_warning]
    assert any("批注" in sentence for sentence in told)
    assert any("颜色" in sentence for sentence in told)


def test_rows_that_are_striped_for_the_eye_say_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [["内容", "时间"], *([f"第{n}盏灯坏了", f"2026-11-0{n}"] for n in range(1, 9))]:
        book.active.append(row)
    for number in range(3, 10, 2):
        for cell in book.active[number]:
            cell.fill = PatternFill("solid", fgColor="DDDDDD")
    (sheet,) = reader.sheets(file_of(saved(book), tmp_path))
    assert (sheet.comments, sheet.coloured) == (0, 0)

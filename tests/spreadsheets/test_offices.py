"""Spreadsheets as offices have them, each with the kind of thing that once went wrong."""

import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from forms_app.community import load
from forms_app.queries import OwnIssue
from forms_app.spreadsheets import reader
from forms_app.spreadsheets.choices import Choices, Reading
from forms_app.spreadsheets.column_use import beside_rows, lacks_channel, used_columns
from forms_app.spreadsheets.judging import guess, is_numbering, judge, unused
from forms_app.spreadsheets.known_rows import prepared
from forms_app.spreadsheets.rows import read_rows
from forms_app.spreadsheets.sheets import Sheet
from tests.support.actors import NOW
from tests.support.hostile_sheets import raw_cell, raw_row, raw_xlsx
from tests.support.running import ROOT
from tests.support.spreadsheets import HEADS, csv_text, file_of, order, saved, xlsx

CIRCLE = load(ROOT / "data" / "community")
BOTH = {"jingui": "金桂社区", "yinxing": "银杏社区"}


def of_text(folder: Path, *lines: str) -> Sheet:
    (sheet,) = reader.sheets(file_of("\n".join(lines).encode(), folder))
    return sheet


def of_book(folder: Path, rows: Sequence[Sequence[Any]], *merged: str) -> list[Sheet]:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(list(cells))
    for area in merged:
        book.active.merge_cells(area)
    return reader.sheets(file_of(saved(book), folder))


def read(sheet: Sheet, **choices: Any) -> Reading:
    chosen: dict[str, Any] = {
        "columns": guess(sheet.headers, sheet.rows), "usual_channel": "phone",
        "usual_community": "jingui", **choices,
    }  # fmt: skip
    return read_rows(CIRCLE, sheet, Choices(**chosen), BOTH, NOW)


def headings(sheet: Sheet) -> dict[str, str]:
    return {name: sheet.headers[at] for name, at in guess(sheet.headers, sheet.rows).items()}


@pytest.mark.parametrize(
    "heading",
    ["要求完成时间", "应办结时间", "办结时限", "截止时间", "限时办结时间", "预计完成日期",
     "承诺办结时间"],
)  # fmt: skip
def test_a_deadline_is_not_completion(tmp_path: Path, heading: str) -> None:
    sheet = of_text(
        tmp_path, f"案件号,反映内容,受理时间,{heading},所属社区",
        "J1,1号楼门前井盖松动,2026-11-20 09:00,2026-11-21 18:00,金桂社区",
    )  # fmt: skip
    reading = read(sheet)
    assert (len(reading.good), reading.finished) == (1, 0)
    assert f"{heading}：2026-11-21 18:00" in reading.good[0].note
    why = unused(sheet.headers, sheet.rows, guess(sheet.headers, sheet.rows))
    assert why[3] == "说的是期限，不说明已经办结"


def test_what_finishes_a_row_is_named_by_column_and_words(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "内容,时间,是否办结,办结时间", "灯坏了,11-3,是,", "井盖响,11-4,否,11-5",
        "下水堵,11-5,,2026-11-06", "门坏了,11-6,,2026-12-30",
    )  # fmt: skip
    reading = read(sheet)
    assert [(f.row, f.column, f.sentence) for f in reading.finished_rows] == [
        (2, "是否办结", "写着“是”"),
        (4, "办结时间", "写着“2026-11-06”"),
    ]
    assert [row.row for row in reading.good] == [3, 5]


def test_a_column_of_numbers_is_no_description(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "编号,诉求内容字数,诉求内容情绪,来电时间,投诉件内容,所属社区",
        "1,166,0.35,2026-11-20 09:00,1号楼门前井盖松动,金桂社区",
    )  # fmt: skip
    assert headings(sheet)["description"] == "投诉件内容"
    assert "number" not in headings(sheet)  # it only counts the rows
    (row,) = read(sheet).good
    assert row.report.description == "1号楼门前井盖松动"
    sheet = of_text(
        tmp_path, "诉求内容,说的什么,时间", *(f"{n},楼道灯坏了{n}次,11-3" for n in range(9))
    )
    judged = judge(sheet.headers, sheet.rows)["description"]
    assert sheet.headers[judged.place] == "说的什么"
    assert judged.reason == "列名看不出，值是文字，平均7字，最像描述"
    assert unused(sheet.headers, sheet.rows, guess(sheet.headers, sheet.rows))[0] == (
        "列名像问题描述，可是值是数字"
    )


def test_a_clock_in_a_column_of_its_own_belongs_to_the_day(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "来电日期,来电时间,来电内容",
        "2026-3-5,09:30,路灯坏了", "2026-3-6 00:00:00,14:00:00,门坏了", "2026-3-7,整天,树倒了",
    )  # fmt: skip
    assert headings(sheet)["received_at"] == "来电日期"
    good = read(sheet).good
    assert [f"{row.received_at:%d %H:%M}" for row in good] == ["05 09:30", "06 14:00", "07 00:00"]
    assert [row.note for row in good] == ["", "", "来源几点几分：整天"]


def test_a_clock_in_words_belongs_to_its_day_and_one_that_is_none_is_told(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,时间,诉求", "11月3日,下午3点半,路灯坏了", "11.4,十点一刻左右,门坏了",
        "11月5日,9：40,树倒了", "11月6日,凌晨两点多,打桩", "11月7日,下班以后,狗叫",
    )  # fmt: skip
    reading = read(sheet)
    received = [f"{row.received_at:%d %H:%M}" for row in reading.good]
    assert received == ["03 15:30", "04 10:15", "05 09:40", "06 02:00", "07 00:00"]
    assert [row.note for row in reading.good] == ["", "", "", "", "来源几点几分：下班以后"]
    told = [fault.sentence for fault in reading.remarks if fault.column == "时间"]
    assert told == ["“下班以后”看不出是几点，只记日期，原来的字写进内部备注。"]


def test_what_sort_of_letter_it_is_is_no_kind_of_problem(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "信件编号,写信时间,写信人,信件标题,信件内容,信件类型,回复时间",
        "X-1,2026-11-03 09:00,梁,公厕太脏,公园的厕所三天没有人扫了,投诉,",
        "X-2,2026-11-04 09:00,唐,转学,孩子转学要带什么材料到窗口,咨询,2026-11-05",
    )  # fmt: skip
    assert headings(sheet) == {
        "number": "信件编号", "received_at": "写信时间", "reporter_name": "写信人",
        "title": "信件标题", "description": "信件内容", "nature": "信件类型",
    }  # fmt: skip
    assert [row.report.nature for row in read(sheet).good] == ["complaint", "inquiry"]


def test_who_handed_a_form_in_is_nobody_beside_who_gives_a_name(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "提交者（自动）,提交时间（自动）,1. 您的姓名（选填）,2. 您要反映什么问题",
        "微信用户,2026年11月03日 08:15,肖雪,快递柜挡住了坡道",
    )  # fmt: skip
    assert headings(sheet)["reporter_name"] == "1. 您的姓名（选填）"
    sheet = of_text(tmp_path, "提交者（自动）,提交时间,问题描述", "老邱,11-03 08:15,快递柜挡坡道")
    assert headings(sheet)["reporter_name"] == "提交者（自动）"
    sheet = of_text(tmp_path, "发起人姓名,发起时间,问题描述", "小曾,11-03 08:15,快递柜挡坡道")
    assert "reporter_name" not in headings(sheet)  # the office's own, in its own program


def test_what_a_file_wraps_so_that_excel_does_not_count_with_it_is_the_words(
    tmp_path: Path,
) -> None:
    sheet = of_text(
        tmp_path, "问题描述,受理日期,联系方式",
        '灯坏了,2026-11-03,"=""013812345678"""', '门坏了,2026-11-03,="0797-8380000"',
    )  # fmt: skip
    assert [row.cells[2] for row in sheet.rows] == ["013812345678", "0797-8380000"]


@pytest.mark.parametrize("heading", ["来电电话", "联系号码", "市民电话", "联系人手机"])
def test_a_resident_is_rung_by_whatever_a_sheet_calls_it(tmp_path: Path, heading: str) -> None:
    sheet = of_text(
        tmp_path, f"{heading},物业联系电话,被投诉人电话,身份证号码,工单内容,登记时间",
        "13900010001,0797-8120001,0797-8120002,,灯坏了,2026-11-03",
    )  # fmt: skip
    assert headings(sheet)["reporter_phone"] == heading
    sheet = of_text(tmp_path, "物业联系电话,工单内容,登记时间", "0797-8120001,灯坏了,2026-11-03")
    assert "reporter_phone" not in headings(sheet)


def test_how_a_form_asks_is_a_heading_too(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "1、您怎么称呼,2、问题属于哪一类,3、请描述您遇到的问题,提交时间,地址描述",
        "张姐,噪音,楼下夜里打麻将吵得睡不着,2026-11-03,2栋",
    )  # fmt: skip
    assert headings(sheet) == {
        "reporter_name": "1、您怎么称呼", "category": "2、问题属于哪一类",
        "description": "3、请描述您遇到的问题", "received_at": "提交时间", "location": "地址描述",
    }  # fmt: skip


def test_the_sum_of_a_week_is_no_report(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "网格,上报日期,事件描述,处置情况", "一网格,2026-11-03,废旧沙发堆在楼道,已清理",
        "一网格,2026-11-04,路面塌了一个洞,已上报市政", "本周合计,,2,", "全年总计,,77,",
    )  # fmt: skip
    reading = read(sheet)
    assert [row.row for row in reading.good] == [3]
    assert [row.sentence for row in reading.finished_rows] == ["写着“已清理”"]
    assert not reading.faults


def test_a_title_with_a_known_word_in_it_is_no_row_of_headings(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, ",,楼栋长日志,,", "序,日子,情况,哪里,电话",
        "1,11/17,楼道声控灯常亮费电,1栋,13712340002", "2,11/18,儿童滑梯螺丝外露,小广场,",
    )  # fmt: skip
    assert headings(sheet) == {
        "received_at": "日子", "description": "情况", "location": "哪里", "reporter_phone": "电话",
    }  # fmt: skip
    assert [row.report.location for row in read(sheet).good] == ["1栋", "小广场"]


def test_a_clock_without_a_mark_is_one_where_the_heading_says_so(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,时刻,反映,手机", "20261101,0930,楼下喷漆味道大,13600330001",
        "20261101,2215,楼上水管滴水,13600330002", "20261102,705,路上有坑,",
    )  # fmt: skip
    good = read(sheet).good
    assert [f"{row.received_at:%d %H:%M}" for row in good] == ["01 09:30", "01 22:15", "02 07:05"]
    sheet = of_text(tmp_path, "来电日期,来电时间,内容", "2026-11-01,120,楼下喷漆味道大")
    assert "clock" not in headings(sheet)  # it may say how many seconds


def test_a_clock_beside_a_whole_time_is_only_kept(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "受理时间,来电时间,内容", "2026-3-5 10:00,09:30,路灯坏了")
    (row,) = read(sheet).good
    assert (row.received_at.hour, row.note) == (10, "来电时间：09:30")


def test_columns_without_any_known_heading_are_told_by_their_values(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path,
        "甲,乙,丙",
        "2026-3-5,路灯坏了一直没人修,王",
        "2026-3-6,井盖响得睡不着,李",
    )
    assert headings(sheet) == {"description": "乙", "received_at": "甲"}


def test_long_numbers_are_damaged_and_make_nothing_the_same(tmp_path: Path) -> None:
    def cells(n: int, first: str, *more: str) -> str:
        texts = (raw_cell(f"{letter}{n}", text) for letter, text in zip("BC", more, strict=True))
        return raw_row(n, first + "".join(texts))

    table = (
        cells(1, raw_cell("A1", "工单编号"), "诉求内容", "时间")
        + cells(2, '<c r="A2"><v>202611030000123451</v></c>', "3栋路灯坏了", "11-3")
        + cells(3, '<c r="A3"><v>202611030000123452</v></c>', "5栋井盖松动", "11-3")
    )
    (sheet,) = reader.sheets(file_of(raw_xlsx(f"<sheetData>{table}</sheetData>"), tmp_path))
    reading = read(sheet)
    assert [len(row.keys) for row in reading.good] == [1, 1]
    assert "来源编号：202611030000123452" in reading.good[1].note
    assert {(r.column, r.sentence[:3]) for r in reading.remarks} >= {("工单编号", "数太长")}
    again = of_text(
        tmp_path, "工单编号,诉求内容,时间",
        "2.02611E+17,3栋路灯坏了,2026-11-03", "2.02611E+17,5栋井盖松动,2026-11-03",
    )  # fmt: skip
    reading = read(again)
    assert (len(reading.good), reading.faults) == (2, [])


def test_a_long_cell_nobody_needs_costs_nothing_and_is_kept(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "诉求内容,来电时间,所属社区,答复意见",
        f"灯坏了,11-3,金桂社区,{'答' * 6000}", f"{'长' * 10_001},11-3,金桂社区,",
        f"{'长' * 10_002},11-4,金桂社区,",
        f"{'信' * 10_000},11-5,金桂社区,",
    )  # fmt: skip
    reading = read(sheet)
    assert "答" * 6000 in reading.good[0].note
    assert [(f.row, f.column) for f in reading.faults] == [(3, "诉求内容"), (4, "诉求内容")]
    assert len(reading.good[1].report.description) == 10_000


@pytest.mark.parametrize(
    ("heads", "meant"),
    [
        ("留言编号,留言主题,留言时间,留言详情", "number,title,received_at,description"),
        ("诉求编号,诉求标题,递交时间,诉求内容", "number,title,received_at,description"),
        ("工单编号,派单时间,诉求详情", "number,received_at,description"),
        ("事件编号,上报时间,事件简述", "number,received_at,description"),
        ("序号,来电日期,反映的问题,要求完成时间", ",received_at,description,"),
        ("日期,群众诉求,办理情况,责任单位", "received_at,description,state,"),
    ],
)
def test_headings_of_other_offices_are_known(heads: str, meant: str) -> None:
    names = heads.split(",")
    fields = {f: h for f, h in zip(meant.split(","), names, strict=True) if f}
    assert {f: names[at] for f, at in guess(names).items()} == fields


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


def test_a_name_that_is_nearly_ours_is_offered_and_its_words_are_kept(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "诉求内容,来电时间,所属社区,所属小区,备注,承办人",
        "灯坏了,11-3,金桂社区,老机械厂,夜里更暗,张三",
        "井盖响,11-4,金桂社区,桂园,,", "门坏了,11-5,金桂社区,不知道,,",
    )  # fmt: skip
    reading = read(sheet)
    assert [row.report.estate_id for row in reading.good] == ["machinery", "guiyuan", ""]
    first, _, last = (row.note for row in reading.good)
    assert first == "来源小区：老机械厂；备注：夜里更暗；承办人：张三"
    assert (reading.good[2].report.location, last) == ("不知道", "")
    assert {w: m.code for w, (m, _) in reading.words["estate"].items()} == {
        "老机械厂": "machinery", "桂园": "guiyuan", "不知道": "",
    }  # fmt: skip
    chosen = read(sheet, meanings={"estate": {"桂园": "lingxiu", "老机械厂": ""}})
    assert [row.report.estate_id for row in chosen.good] == ["", "lingxiu", ""]


def test_a_community_that_is_not_ours_can_be_told_once_for_all_rows(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "内容,时间,社区", "灯坏了,11-3,月亮社区", "井盖响,11-4,月亮社区")
    assert len(read(sheet, usual_community="").faults) == 2
    reading = read(sheet, usual_community="", meanings={"community": {"月亮社区": "yinxing"}})
    assert [row.report.community_id for row in reading.good] == ["yinxing"] * 2


def test_old_kinds_are_proposed_by_likeness_and_kept(tmp_path: Path) -> None:
    kinds = ("路灯", "下水", "消防", "工资")
    sheet = of_text(tmp_path, "内容,时间,类别", *(f"坏了{k},11-3,{k}" for k in kinds))
    reading = read(sheet)
    assert [row.report.category for row in reading.good] == [
        "street_light", "drainage", "fire_lane", "",
    ]  # fmt: skip
    assert "来源类别：工资" in reading.good[3].note
    assert "来源类别：路灯" in reading.good[0].note


def test_nobody_is_asked_for_a_channel_that_every_row_has(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "内容,时间,渠道", "灯坏了,11-3,12345", "门坏了,11-3,微信群", "合计,,")
    assert not lacks_channel(CIRCLE, sheet, guess(sheet.headers, sheet.rows))
    sheet = of_text(tmp_path, "内容,时间,渠道", "灯坏了,11-3,12345", "门坏了,11-3,")
    assert lacks_channel(CIRCLE, sheet, guess(sheet.headers, sheet.rows))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("微信同号", ""),
        ("0797-1234567转8023", "0797-1234567"), ("（0797）1234567", "07971234567"),
        ("13800000000/13900000000", "13800000000"), ("13800000000王女士", "13800000000"),
        ("1.38E+10", ""),
    ],
)  # fmt: skip
def test_a_phone_as_people_write_it_costs_no_row(tmp_path: Path, typed: str, kept: str) -> None:
    sheet = of_text(tmp_path, "内容,时间,联系电话", f"灯坏了,2026-11-3,{typed}")
    (row,) = read(sheet, takes_contacts=True).good
    assert row.report.reporter_phone == kept
    assert ("来源电话" in row.note) == (typed not in (kept, "（0797）1234567"))
    assert read(sheet).good[0].note == ""  # without the word that they may, it stays in the file


def test_columns_that_say_who_somebody_is_stay_in_the_file(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "内容,时间,居民姓名,身份证号,备用号码,备注",
        "灯坏了,2026-11-3,王某,36070119900101123X,13800000001,急",
    )  # fmt: skip
    assert read(sheet).good[0].note == "备注：急"
    read_as = {u.heading: u.read_as for u in used_columns(sheet, Choices(guess(sheet.headers)))}
    assert (read_as["身份证号"], read_as["备用号码"], read_as["备注"]) == (
        "不导入", "不导入", "内部备注",
    )  # fmt: skip
    assert "13800000001" in read(sheet, takes_contacts=True).good[0].note


def test_two_rows_are_the_same_only_if_all_their_words_are(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "序号,日期,内容,地点,来电人",
        "1,2026.3.5,路灯不亮,桂园1栋,甲", "2,2026.3.5,路灯不亮,桂园2栋,甲",
        "3,2026.3.5,路灯不亮,桂园1栋,乙", "4,2026.3.5,路灯不亮,桂园1栋,甲",
    )  # fmt: skip
    reading = read(sheet)
    assert [row.row for row in reading.good] == [2, 3, 4]
    assert len({key for row in reading.good for key in row.keys}) == 3
    (fault,) = reading.faults
    assert (fault.row, "每一格的字都相同" in fault.sentence) == (5, True)
    assert [row.keys for row in read(sheet).good] == [row.keys for row in reading.good]


def test_a_number_that_stands_there_many_times_is_no_key(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "编号,内容,时间", *(f"G{n % 3},第{n}处灯坏了,11-3" for n in range(9)))
    assert "number" not in headings(sheet)
    assert len(read(sheet).good) == 9


def test_our_own_export_brings_nothing_new(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "问题编号,收集时间,问题标题与描述", "260001,2026-11-03 09:00,灯坏了",
        "260002,2026-11-04 10:00,别的系统的第二件",
    )  # fmt: skip
    own = {
        "260001": OwnIssue("灯坏了，夜里看不见", datetime(2026, 1, 1).astimezone()),
        "260002": OwnIssue("没有关系", datetime(2026, 1, 1).astimezone()),
    }
    ready = prepared(read(sheet), {}, "问题编号", own)
    assert [row.row for row in ready.own] == [2]
    assert [row.row for row in ready.takeable] == [3]


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


def test_a_failed_formula_costs_its_row_or_only_its_cell(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "内容,时间,小区,编号", "#REF!,11-3,,", "灯坏了,#N/A,,", "门坏了,11-3,#REF!,#REF!"
    )  # fmt: skip
    reading = read(sheet)
    assert [(f.row, f.column) for f in reading.faults] == [(2, "内容"), (3, "时间")]
    assert "#REF!" in reading.faults[0].sentence
    (row,) = reading.good
    assert (row.report.estate_id, len(row.keys)) == ("", 1)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_broken_letter_costs_its_row(tmp_path: Path, encoding: str) -> None:
    good = "".join(f"第{n}处路灯坏了，夜里看不见,11-3\n" for n in range(40)).encode(encoding)
    broken = "门口".encode(encoding) + b"\xff" + "的灯坏了,11-3\n".encode(encoding)
    content = "内容,时间\n".encode(encoding) + good + broken
    (sheet,) = reader.sheets(file_of(content, tmp_path))
    reading = read(sheet)
    assert len(reading.good) == 40
    assert [(f.row, f.column) for f in reading.faults] == [(42, "内容")]


def test_a_year_that_nobody_wrote_is_said(tmp_path: Path) -> None:
    reading = read(of_text(tmp_path, "内容,时间", "灯坏了,3月5日", "门坏了,2026年3月5日上午9时"))
    assert [(r.row, r.column) for r in reading.remarks] == [(2, "时间")]
    assert "2026年" in reading.remarks[0].sentence


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


def test_a_ledger_without_times_of_receipt_is_read_as_of_a_day(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "金桂社区2026年11月问题台账,,,,", "序号,问题描述,责任人,完成时限,完成情况",
        "1,电梯一直抖,王五,11月30日,正在处理", "2,树枝挡光,王五,11月25日,已完成",
        "合计,2,,,",
    )  # fmt: skip
    assert len(read(sheet).faults) == 1
    reading = read(sheet, usual_day="2026-11-02")
    assert [one.received_at.isoformat() for one in reading.good] == ["2026-11-02T00:00:00+08:00"]
    assert [one.sentence for one in reading.remarks] == ["没有写时间，按2026-11-02收到算。"]
    assert (reading.finished, len(reading.faults)) == (1, 0)
    # Sent again next month, when another day is said.
    later = read(sheet, usual_day="2026-11-03")
    assert later.good[0].keys == reading.good[0].keys


def test_headings_of_open311_are_known(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "service_request_id,status,service_name,description,requested_datetime,address",
        "77,open,路灯照明,The lamp at building 3 is broken,2026-11-03T09:30:00+08:00,桂园小区3栋",
        "78,closed,路灯照明,It is dark behind the school gate,2026-11-03T01:30:00Z,桂园小区",
    )  # fmt: skip
    reading = read(sheet)
    assert [(one.row, one.received_at.hour) for one in reading.good] == [(2, 9)]
    assert reading.finished == 1


def test_words_under_a_heading_that_names_a_person_are_no_name(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "投诉人反映,处理结果,受理日期", "广场舞太吵，老人睡不着,已劝导,20261103",
        "三轮车占着消防通道,,20261104",
    )  # fmt: skip
    assert headings(sheet)["description"] == "投诉人反映"
    assert len(read(sheet).good) == 2


def test_columns_are_known_by_how_their_heading_ends(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "上报时间,事件描述,涉及社区,您住哪个小区？,事件小类,线索来源,事件状态,审核状态",
        "11-3,灯坏了,银杏,银杏家园,路灯,网格员,处置中,已完成",
        "11-4,井盖响,金桂,桂园小区,下水,12345热线,已结案,已完成",
    )  # fmt: skip
    assert {"community", "estate", "category", "channel", "state"} <= headings(sheet).keys()
    reading = read(sheet)
    assert [(one.row, one.column) for one in reading.finished_rows] == [(3, "事件状态")]
    report = reading.good[0].report
    assert (report.community_id, report.estate_id) == ("yinxing", "yinxing_home")
    assert (report.category, report.channel) == ("street_light", "grid_worker")


def test_what_stands_below_a_heading_is_none_by_its_end(tmp_path: Path) -> None:
    rows = [["时间", "内容"], ["某一天", "桂园小区"], ["11-3", "灯坏了"]]
    (sheet,) = of_book(tmp_path, [["金桂社区", "桂园小区"], *rows])
    assert sheet.headers == ("时间", "内容")


def test_a_community_within_a_longer_name_is_found_by_its_values(tmp_path: Path) -> None:
    for first, second in (
        ("章贡区-黄金岭街道-金桂社区", "章贡区-黄金岭街道-银杏社区"),
        ("金桂社区第三网格", "银杏社区第1网格"),
    ):
        sheet = of_text(tmp_path, "时间,内容,属于", f"11-3,灯坏了,{first}", f"11-4,井盖响,{second}")
        good = read(sheet).good
        assert [row.report.community_id for row in good] == ["jingui", "yinxing"]


def test_a_line_that_is_filled_in_is_no_heading(tmp_path: Path) -> None:
    rows = [
        ["填报单位（盖章）：金桂社区", None, None, "填报日期：2026年11月30日"],
        ["序号", "反映时间", "反映内容", "地点"],
        [1, "2026-11-3", "灯坏了", "3栋"],
    ]
    (sheet,) = of_book(tmp_path, rows, "A1:C1")
    assert sheet.headers == ("序号", "反映时间", "反映内容", "地点")


def test_what_says_who_somebody_is_stays_in_the_file_whatever_its_heading(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "时间,内容,走访对象,走访人,投诉对象,备注,群里",
        "11-3,灯坏了,温某,小陈,某某物业管理有限公司,急,李阿姨",
        "11-4,井盖响,老黄,小陈,桂花街口的夜宵烧烤店,,王先生",
    )  # fmt: skip
    notes = [row.note for row in read(sheet).good]
    assert notes == [
        "走访人：小陈；投诉对象：某某物业管理有限公司；备注：急",
        "走访人：小陈；投诉对象：桂花街口的夜宵烧烤店",
    ]
    agreed = read(sheet, takes_contacts=True).good[0]
    assert agreed.report.reporter_name == "温某"
    noted = agreed.note
    assert "群里：李阿姨" in noted


@pytest.mark.parametrize("word", ["无", "暂无问题", "未发现异常", "没有", "/", "一切正常"])
def test_a_visit_where_nothing_was_wrong_is_no_report(tmp_path: Path, word: str) -> None:
    sheet = of_text(tmp_path, "时间,内容,地点", f"11-3,{word},3栋", "11-4,没水,5栋")
    reading = read(sheet)
    assert [row.row for row in reading.good] == [3]
    assert [(one.row, one.why) for one in reading.aside] == [(2, "写着没有问题")]


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


def test_whoever_signs_below_a_table_signs_no_report(tmp_path: Path) -> None:
    lines = ("时间,内容,单位,期限", "11-3,灯坏了,环卫所,", ",,环卫所,", "11-4,井盖响,环卫所,")
    reading = read(of_text(tmp_path, *lines, ",,联络站（盖章）,2026年11月22日", "11-5,,住建局,"))
    assert [row.row for row in reading.good] == [2, 4]
    assert [(one.row, one.why) for one in reading.aside] == [
        (3, "只有一格有字，当作小标题或者空行"),
        (5, "表格下面的合计或者签名"),
    ]
    assert [fault.row for fault in reading.faults] == [6]  # a time without a word is somebody's


@pytest.mark.parametrize(("mark", "is_over"), [("√", True), ("✔", True), ("×", False), ("Y", True)])
def test_a_tick_says_that_it_is_done(tmp_path: Path, mark: str, is_over: bool) -> None:
    reading = read(of_text(tmp_path, "时间,内容,完成情况", f"11-3,灯坏了,{mark}"))
    assert bool(reading.finished) == is_over


def test_a_link_or_picture_describes_nothing(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "时间,5.图片,2.您想反映什么（必填）",
        "11-3,https://docs.example.cn/image/long/and/longer.jpg,灯坏了没人修",
    )  # fmt: skip
    assert headings(sheet)["description"] == "2.您想反映什么（必填）"
    sheet = of_text(tmp_path, "时间,内容,照片", '11-3,灯坏了,"=DISPIMG(""ID_1"",1)"')
    (row,) = read(sheet).good
    assert (row.note, sheet.pictures) == ("", 1)
    assert "1张图片" in "".join(sentence for sentence, _ in beside_rows(sheet))


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


def test_what_is_told_at_length_is_the_problem_and_the_rest_its_title(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "上报日期,问题简述,详细描述", "11-3,井盖破损,21号门前电信井盖裂开一半，行人绕行"
    )
    assert (headings(sheet)["title"], headings(sheet)["description"]) == ("问题简述", "详细描述")
    (row,) = read(sheet).good
    assert row.report.description == "井盖破损\n21号门前电信井盖裂开一半，行人绕行"


def test_questions_of_a_form_are_headings_and_addresses_of_browsers_are_left(
    tmp_path: Path,
) -> None:
    sheet = of_text(
        tmp_path, "提交答卷时间,来自IP,1、您所在的小区是？,2、您最希望社区解决的一个问题是什么？",
        "2026/11/26 19:02,192.0.2.1(江西-赣州),桂园小区,花坛被挖了种菜",
        "2026/11/27 19:02,192.0.2.2(江西-赣州),翠湖,夜市满地油污没人扫",
    )  # fmt: skip
    assert headings(sheet)["description"].startswith("2、")
    assert headings(sheet)["estate"].startswith("1、")
    assert "192.0.2" not in "".join(row.note for row in read(sheet).good)


def test_a_sum_below_the_table_is_no_problem_though_it_fills_the_columns(tmp_path: Path) -> None:
    reading = read(of_text(tmp_path, "登记日期,居民诉求", "11-3,灯坏了", "合计,1"))
    assert [(one.row, one.why) for one in reading.aside] == [(3, "表格下面的合计或者签名")]
    assert reading.faults == []


def test_the_committee_of_a_community_is_the_community(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "时间,内容,承办单位", "11-3,灯坏了,黄金岭街道银杏社区居委会",
        "11-4,井盖响,黄金岭街道银杏社区居民委员会",
    )  # fmt: skip
    assert {row.report.community_id for row in read(sheet).good} == {"yinxing"}


@pytest.mark.parametrize(
    ("state", "is_over"),
    [("已整改到位", True), ("整改完毕", True), ("整改中", False), ("未到位", False)],
)
def test_what_was_put_right_is_over(tmp_path: Path, state: str, is_over: bool) -> None:
    assert bool(read(of_text(tmp_path, "时间,内容,整改情况", f"11-3,灯坏了,{state}")).finished) is (
        is_over
    )


def test_a_place_that_names_our_community_says_whose_it_is(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "时间,内容,问题位置", "11-3,护栏断了,银杏社区翠湖路", "11-4,树倒了,示例路口"
    )
    good = read(sheet).good
    assert [row.report.community_id for row in good] == ["yinxing", "jingui"]
    assert [row.report.location for row in good] == ["银杏社区翠湖路", "示例路口"]


def test_pictures_and_faces_of_a_chat_are_no_report(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "发送时间,发送内容", "11-3,水管爆了", "11-3,[图片][强]", "11-3,[图片]在这"
    )
    reading = read(sheet)
    assert [row.row for row in reading.good] == [2, 4]
    assert [one.why for one in reading.aside] == ["只有图片或者表情，没有字"]


def test_a_quarrel_that_was_settled_is_over(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "时间,内容,化解情况,留言用户", "11-3,吵架,已化解,甲", "11-4,吵架,未化解,乙"
    )
    reading = read(sheet)
    assert [(row.row, row.note) for row in reading.good] == [(3, "来源办理状态：未化解")]


def test_a_heading_is_a_question_too(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "哪天,谁来说的,住哪儿,啥事,咋处理的,办好没有",
        "2025-11-03,王秀英,桂园小区3栋,楼道的灯坏了好几天了,打了电话,还没",
        "2025-11-04,李师傅,桂园小区5栋,单元门口的井盖一直响,打了电话,办好了",
    )  # fmt: skip
    assert headings(sheet) == {
        "description": "啥事", "received_at": "哪天", "location": "住哪儿",
        "reporter_name": "谁来说的", "state": "办好没有",
    }  # fmt: skip
    assert [one.row for one in read(sheet).finished_rows] == [3]


@pytest.mark.parametrize("heading", ["进展", "目前", "销账"])
def test_how_far_it_is_is_told_by_the_words_of_a_column(tmp_path: Path, heading: str) -> None:
    sheet = of_text(
        tmp_path, f"日期,问题描述,{heading}",
        "2025-11-03,灯坏了,已解决", "2025-11-04,井盖响,推进中",
        "2025-11-05,门坏了,未解决",
    )  # fmt: skip
    assert [one.row for one in read(sheet).finished_rows] == [2]


def test_whether_it_is_over_is_a_column_of_few_words_or_of_yes_and_no(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,问题描述,当前环节,办理结果,是否公开",
        "2025-11-03,灯坏了,已结案,联系了物业,是",
        "2025-11-04,井盖响,处置中,,是",
    )  # fmt: skip
    assert headings(sheet)["state"] == "当前环节"
    sheet = of_text(
        tmp_path, "日期,问题描述,办理情况,是否办结", "2025-11-03,灯坏了,物业已到现场,1",
        "2025-11-04,井盖响,已完成报价,0",
    )  # fmt: skip
    assert [one.row for one in read(sheet).finished_rows] == [2]


def test_the_column_that_names_estates_is_known_by_its_values(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "报事时间,项目,报事人,报事内容,完成时间", "2025-11-03,桂园小区,王秀英,灯坏了,",
        "45965.5,岭秀花苑,李建国,井盖响,", "2025-11-05,老机械厂宿舍,张伟,门坏了,2025-11-06",
    )  # fmt: skip
    assert headings(sheet) == {
        "received_at": "报事时间", "estate": "项目", "reporter_name": "报事人",
        "description": "报事内容", "finished_at": "完成时间",
    }  # fmt: skip


def test_lines_above_the_headings_that_fill_two_cells_are_none(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "接龙标题,桂园小区问题收集,,", "发起人,楼长群,,", ",,,",
        "序号,微信昵称,接龙内容,接龙时间", "1,阳光,3栋灯坏了,2025-11-03 19:30",
        "2,小王,5栋井盖响,2025-11-03 19:35",
    )  # fmt: skip
    assert sheet.headers == ("序号", "微信昵称", "接龙内容", "接龙时间")
    assert [one.row for one in sheet.aside] == [1, 2]


def test_how_it_came_in_is_the_channel_and_whoever_wrote_it_down_nobody_to_ring(
    tmp_path: Path,
) -> None:
    sheet = of_text(
        tmp_path, "事项编码,事项描述,上报方式,登记时间,登记人电话",
        "A17,灯坏了,网格员,2025-11-03 09:00,0797-0000-101",
        "A18,井盖响,网格员,2025-11-03 09:30,0797-0000-102",
    )  # fmt: skip
    reading = read(sheet, takes_contacts=True)
    assert [one.report.channel for one in reading.good] == ["grid_worker"] * 2
    assert [one.report.reporter_phone for one in reading.good] == ["", ""]
    assert reading.numbers == {2: "A17", 3: "A18"}


def test_one_telephone_in_all_rows_is_the_offices(tmp_path: Path) -> None:
    rows = [f"{n}号楼的灯坏了,2025-11-{n:02},0797-0000-101" for n in range(1, 13)]
    sheet = of_text(tmp_path, "问题描述,日期,联系电话", *rows)
    assert "reporter_phone" not in headings(sheet)


def test_name_and_phone_in_one_cell_are_told_apart(tmp_path: Path) -> None:
    for heading in ("反映人", "反映人及电话", "联系人（电话）"):
        sheet = of_text(
            tmp_path, f"日期,问题描述,{heading}", "2025-11-03,灯坏了,王秀英13800138000",
            "2025-11-04,井盖响,李师傅（13800138001）", "2025-11-05,门坏了,张伟",
        )  # fmt: skip
        reading = read(sheet, takes_contacts=True)
        told = [(one.report.reporter_name, one.report.reporter_phone) for one in reading.good]
        assert told[:2] == [("王秀英", "13800138000"), ("李师傅", "13800138001")]
        sentences = [(one.sentence, one.row) for one in reading.remarks]
        assert ("一格里有称呼也有电话，已经分开。", 2) in sentences


def test_the_only_mobile_number_in_the_words_is_whom_to_ring_where_there_is_no_column(
    tmp_path: Path,
) -> None:
    sheet = of_text(
        tmp_path, "日期,接龙内容", "2025-11-03,3栋201张阿姨 13800138001 楼道灯不亮",
        "2025-11-03,井盖响，找13800138002或13800138003",
    )  # fmt: skip
    reading = read(sheet, takes_contacts=True)
    assert [one.report.reporter_phone for one in reading.good] == ["13800138001", ""]
    assert [one.sentence for one in reading.remarks] == ["问题里写着手机号码，当作反映人的电话。"]
    assert [one.report.reporter_phone for one in read(sheet).good] == ["", ""]


def test_what_a_program_writes_for_nothing_is_nothing(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,问题描述,您的称呼,手机号", "2025-11-03,灯坏了,(空),NULL",
        "2025-11-04,井盖响,（跳过）,N/A",
    )  # fmt: skip
    reading = read(sheet, takes_contacts=True)
    told = [(one.report.reporter_name, one.report.reporter_phone) for one in reading.good]
    assert (told, reading.remarks) == ([("", "")] * 2, [])


def test_the_same_as_above_passes_over_a_sum(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,小区,问题描述", "2025-11-03,桂园小区,灯坏了", "本周小计,,1件",
        "同上,〃,井盖响",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.report.estate_id for one in reading.good] == ["guiyuan"] * 2


def test_the_steps_of_one_matter_are_one_report(tmp_path: Path) -> None:
    heads = ["工单编号", "诉求内容", "来电时间", "流转环节", "处理意见"]
    first = ["A1", "灯坏了", "2025-11-03 09:00"]
    rows = [heads, [*first, "受理", "转社区"], ["", "", "", "处置", "换了灯泡"],
            ["A2", "井盖响", "2025-11-03 10:00", "受理", ""]]  # fmt: skip
    (merged,) = of_book(tmp_path, rows, "A2:A3", "B2:B3", "C2:C3")
    plain = [heads, rows[1], [*first, *rows[2][3:]], rows[3]]
    (repeated,) = of_book(tmp_path, plain)
    for sheet in (merged, repeated):
        reading = read(sheet)
        assert [one.row for one in reading.good] == [2, 4]
        assert "处理意见：转社区；第3行：流转环节：处置，处理意见：换了灯泡" in reading.good[0].note
        assert [(one.row, one.words) for one in reading.aside] == [
            (3, "流转环节：处置，处理意见：换了灯泡")
        ]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("12345转办", "hotline_12345"), ("业委会", "owners_committee"),
        ("综治中心", "governance_centre"), ("业主群", ""), ("微信小程序", ""),
    ],
)  # fmt: skip
def test_a_channel_is_known_by_half_its_name_or_by_how_people_shorten_it(
    tmp_path: Path, word: str, code: str
) -> None:
    sheet = of_text(tmp_path, "日期,问题描述,来源", f"2025-11-03,灯坏了,{word}")
    reading = read(sheet)
    assert reading.good[0].report.channel == (code or "phone")
    assert reading.words["channel"][word][0].code == code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("来电", "phone"), ("群众来电", "phone"), ("来访", "counter"), ("窗口受理", "counter"),
        ("网格上报", "grid_worker"), ("网格巡查", "grid_worker"), ("楼长", "building_head"),
    ],
)  # fmt: skip
def test_what_offices_call_a_way_is_plain(tmp_path: Path, word: str, code: str) -> None:
    sheet = of_text(tmp_path, "日期,问题描述,来源", f"2025-11-03,灯坏了,{word}")
    reading = read(sheet, usual_channel="")
    assert reading.good[0].report.channel == code
    assert "channel" not in reading.words
    assert not lacks_channel(CIRCLE, sheet, guess(sheet.headers, sheet.rows))


def test_of_two_tables_the_upper_one_is_no_title_of_the_lower(tmp_path: Path) -> None:
    upper, lower = of_book(tmp_path, [
        ["接待日期", "代表", "选民姓名", "反映事项", "答复情况"],
        ["2025-11-3", "林峰", "余德水", "没有活动室"], [],
        ["视察日期", "代表", "视察地点", "发现问题", "整改情况"],
        ["2025-11-4", "郭萍", "岭秀花苑", "充电口太少"],
    ])  # fmt: skip
    assert (len(upper.rows), len(lower.rows)) == (1, 1)
    assert headings(lower)["location"] == "视察地点"


def test_a_subtotal_by_its_estate_is_no_report(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,小区,户数,问题描述", "11-3,桂园小区,1户,灯坏了", "桂园小区小计,,1户,1条",
        "11-4,岭秀花苑,1户,井盖响", "岭秀花苑小计,,1户,1条",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.row for one in reading.good] == [2, 4]
    assert reading.faults == []


def test_a_story_in_a_column_that_is_no_state_is_told_once_for_its_rows(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,问题描述,是否办结,物业答复",
        "11-3,灯坏了,否,电工上门更换了两个灯头，当晚试灯正常",
        "11-4,井盖响,否,工人加了一圈橡胶垫，车过去不再响",
    )  # fmt: skip
    told = [(one.row, one.sentence) for one in read(sheet).remarks if one.column == "物业答复"]
    assert told == [(row, "像是办完了，没有当作办结，请核对。") for row in (2, 3)]


def test_an_estate_that_the_letter_calls_by_its_heart_is_taken_and_said(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "日期,问题描述", "11-3,桂园8栋一楼的店放音响", "11-4,桂园路口堵车")
    reading = read(sheet)
    assert [one.report.estate_id for one in reading.good] == ["guiyuan", ""]
    assert [one.sentence for one in reading.remarks if one.column == "小区"] == [
        "没有写小区，问题里写着，算桂园小区。"
    ]


def test_praise_is_no_problem(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,您有什么问题", "11-3,都挺好的，谢谢", "11-4,很好", "11-5,电梯不好用",
        "11-6,没什么意见",
    )  # fmt: skip
    assert [one.row for one in read(sheet).good] == [4]


def test_whoever_a_heading_speaks_of_is_the_reporter_unless_of_the_office(tmp_path: Path) -> None:
    for heading, is_theirs in (
        ("提单人", True), ("业主", True), ("走访对象", True), ("检查人", False), ("责任人", False),
        ("被投诉人", False), ("投诉对象", False),
        ("上报给谁", False), ("由谁负责", False),
    ):  # fmt: skip
        sheet = of_text(
            tmp_path, f"日期,问题描述,{heading}", "11-3,灯坏了,王秀英", "11-4,井盖响,李建国"
        )
        assert ("reporter_name" in headings(sheet)) is is_theirs, heading


def test_a_column_of_addresses_is_the_place_whatever_its_heading(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "检查日期,隐患部位,隐患描述,整改状态", "2025-11-3,桂园小区3栋,灯坏了,整改中",
        "2025-11-4,桂园小区5栋,井盖响,已整改",
    )  # fmt: skip
    assert headings(sheet)["location"] == "隐患部位"
    sheet = of_text(
        tmp_path, "日期,问题描述,在哪", "11-3,灯坏了,示例路3号", "11-4,井盖响,示例路5号"
    )
    assert headings(sheet)["location"] == "在哪"


def test_the_column_that_most_rows_fill_describes_them(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "走访时间,反映的困难问题,意见建议,是否当场解决", "2025-11-3,灯坏了,,否",
        "2025-11-4,井盖响,多办活动,是", "2025-11-5,门坏了,,否",
    )  # fmt: skip
    assert headings(sheet) == {
        "received_at": "走访时间", "description": "反映的困难问题", "state": "是否当场解决",
    }  # fmt: skip


def test_the_names_that_columns_have_in_databases_are_known(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "id,title,content,create_time,address,community_name,linkman,mobile,source,"
        "status_name,finish_time",
        "10001,灯坏,路灯坏了三天,2025-11-03 09:00:00.000,桂园小区3栋,金桂社区,王秀英,13800138000,"
        "微信群,处理中,NULL",
        "10002,井盖,井盖一直响个不停,2025-11-04 09:00:00.000,桂园小区5栋,金桂社区,李建国,"
        "13800138001,微信群,已办结,2025-11-05 09:00:00.000",
    )  # fmt: skip
    assert headings(sheet) == {
        "number": "id", "title": "title", "description": "content", "received_at": "create_time",
        "location": "address", "community": "community_name", "reporter_name": "linkman",
        "reporter_phone": "mobile", "channel": "source", "state": "status_name",
        "finished_at": "finish_time",
    }  # fmt: skip


def test_a_clock_stands_under_what_ends_in_one(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "来电日期,来电时刻,来电内容", "2025-11-03,09:15:20,灯坏了")
    assert read(sheet).good[0].received_at.strftime("%H:%M") == "09:15"


def test_a_state_that_nobody_knows_is_said_and_the_row_taken(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,问题描述,办理状态",
        "11-3,灯坏了,挂账", "11-4,井盖响,处理中", "11-5,门坏了,已完工", "11-6,树倒了,已办复（A类）",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.row for one in reading.finished_rows] == [4, 5]
    assert [(one.row, one.sentence) for one in reading.remarks if one.column == "办理状态"] == [
        (2, "“挂账”当作还没有办结。")
    ]


def test_a_row_with_a_time_in_it_is_no_row_of_headings(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "何时,何人,何话", "2025/11/10 08:00,1栋-王秀英,5栋有人养狗，一天到晚叫个不停",
        "2025/11/11 20:00,5栋-陈阿姨,安置房什么时候交房，哪里能看到公示",
    )  # fmt: skip
    assert sheet.headers == ("何时", "何人", "何话")


def test_what_people_answer_in_a_chat_is_no_report(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "发送时间,发送人,消息", "2025-11-03 08:00,王秀英,5栋的灯坏了",
        "2025-11-03 08:01,物业小刘,收到，谢谢！", "2025-11-03 08:02,李建国,+1",
        "2025-11-03 08:03,李建国,好的，我家的灯也坏了",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.row for one in reading.good] == [2, 5]
    assert {one.why for one in reading.aside} == {"只是应答，没有说问题"}


def test_headings_of_two_words_are_known_by_both(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path,
        "留言ID,提交答卷时间,开始答题时间,小类名称,请写下您遇到的具体问题和发生的位置,上报用户",
        "17,2025-11-03 08:03,2025-11-03 08:00,路灯照明,3栋门口：灯坏了,王秀英",
        "24,2025-11-04 08:03,2025-11-04 08:00,违章停车,5栋门口：车堵住了门,李建国",
    )  # fmt: skip
    assert headings(sheet) == {
        "number": "留言ID", "received_at": "提交答卷时间", "category": "小类名称",
        "description": "请写下您遇到的具体问题和发生的位置", "reporter_name": "上报用户",
    }  # fmt: skip


def test_a_name_with_more_in_brackets_is_a_name(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "提出日期,议题,提出人", "11-3,灯坏了好几天了,王秀英（3栋2单元）",
        "11-4,井盖响个不停,李建国（5栋1单元）",
    )  # fmt: skip
    assert headings(sheet)["reporter_name"] == "提出人"
    assert "location" not in headings(sheet)


def test_another_column_that_says_it_is_over_is_named(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,问题描述,办理状态,物业,满意度评价", "11-3,灯坏了,处理中,已完成,已解决",
        "11-4,井盖响,处理中,没来,",
    )  # fmt: skip
    told = [
        (one.row, one.column, one.sentence)
        for one in read(sheet).remarks
        if "年份" not in one.sentence
    ]
    assert told == [(2, "物业", "写着“已完成”，没有当作办结，请核对。")]


def test_tables_below_each_other_are_no_forms(tmp_path: Path) -> None:
    table = ["来访人,来访时间,反映问题", "王秀英,2025-11-3,灯坏了", "李建国,2025-11-4,井盖响"]
    sheet = of_text(tmp_path, *table, *table)
    assert (len(sheet.rows), sheet.forms) == (4, 0)


@pytest.mark.parametrize("heading", ["结案与否", "有没有解决", "有无整改", "是否当场办结"])
def test_whether_it_is_over_is_asked_in_many_ways(tmp_path: Path, heading: str) -> None:
    sheet = of_text(
        tmp_path, f"日期,问题描述,处理结果,{heading}",
        "2025-11-3,灯坏了,已调解,是", "2025-11-4,井盖响,已登记,否",
    )  # fmt: skip
    assert headings(sheet)["state"] == heading
    assert [one.row for one in read(sheet).finished_rows] == [2]

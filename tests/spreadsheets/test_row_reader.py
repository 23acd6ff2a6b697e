"""Times, numbers, names and telephones as offices write them, and the reports that they become."""

from datetime import datetime
from pathlib import Path

import pytest

from forms_app.queries import OwnIssue
from forms_app.spreadsheets import reader
from forms_app.spreadsheets.known_rows import prepared
from tests.support.hostile_sheets import raw_cell, raw_row, raw_xlsx
from tests.support.office_sheets import headings, of_text, read
from tests.support.spreadsheets import file_of


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


def test_our_own_export_brings_nothing_new(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "问题编号,收集时间,问题标题与描述", "260001,2026-11-03 09:00,灯坏了",
        "260002,2026-11-04 10:00,别的系统的第二件",
        "260003,2026-11-04 10:00,…楼前那四盏路灯一盏都不亮了，…（其余见卷宗）",
    )  # fmt: skip
    own = {
        "260003": OwnIssue(
            "领导好。楼前那四盏路灯一盏都不亮了，谢谢", datetime(2026, 1, 1).astimezone()
        ),
        "260001": OwnIssue("灯坏了，夜里看不见", datetime(2026, 1, 1).astimezone()),
        "260002": OwnIssue("没有关系", datetime(2026, 1, 1).astimezone()),
    }
    ready = prepared(read(sheet), {}, "问题编号", own)
    assert [row.row for row in ready.own] == [2, 4]
    assert [row.row for row in ready.takeable] == [3]


def test_a_failed_formula_costs_its_row_or_only_its_cell(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "内容,时间,小区,编号", "#REF!,11-3,,", "灯坏了,#N/A,,", "门坏了,11-3,#REF!,#REF!"
    )  # fmt: skip
    reading = read(sheet)
    assert [(f.row, f.column) for f in reading.faults] == [(2, "内容"), (3, "时间")]
    assert "#REF!" in reading.faults[0].sentence
    (row,) = reading.good
    assert (row.report.estate_id, len(row.keys)) == ("", 1)


def test_a_year_that_nobody_wrote_is_said(tmp_path: Path) -> None:
    reading = read(of_text(tmp_path, "内容,时间", "灯坏了,3月5日", "门坏了,2026年3月5日上午9时"))
    assert [(r.row, r.column) for r in reading.remarks] == [(2, "时间")]
    assert "2026年" in reading.remarks[0].sentence


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


def test_a_clock_stands_under_what_ends_in_one(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "来电日期,来电时刻,来电内容", "2025-11-03,09:15:20,灯坏了")
    assert read(sheet).good[0].received_at.strftime("%H:%M") == "09:15"


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

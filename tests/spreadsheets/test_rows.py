"""A stranger's columns guessed, and rows as the reports they would become, or why they cannot."""

from typing import Any

import pytest
from msgspec.structs import replace

from forms_app.spreadsheets.choices import Choices, Reading
from forms_app.spreadsheets.columns import COLUMNS, headers_hash
from forms_app.spreadsheets.judging import guess
from forms_app.spreadsheets.known_rows import prepared
from forms_app.spreadsheets.rows import read_rows
from forms_app.spreadsheets.sheets import Row, Sheet
from tests.support.actors import CIRCLE, NOW
from tests.support.office_sheets import BOTH
from tests.support.spreadsheets import HEADS, order

REGISTER = (
    "问题编号", "收集渠道(线上/线下/12345/网格/党代表等)", "收集时间", "反映人(可匿名)",
    "联系方式(加密)", "社区/网格/小区点位", "问题标题与描述", "性质(咨询/求助/投诉/举报/建议)",
    "问题分类(一级->二级->三级)", "类别A/B/C", "级别一/二/三", "定级人/定级时间",
    "初步处理意见/时间(10分钟)", "号召人/号召时间",
    "响应单位/响应人/时间", "主办/协办", "解决方案", "办理时限", "延期理由/审批", "办理进展(多条)",
    "办结时间/结果", "反馈反映人时间/方式", "是否解决/满意度五级", "回访记录", "轮次(新一轮)",
    "升级记录C→B→A", "销号人/销号时间/依据", "备注/附件",
)  # fmt: skip


def sheet(*rows: Any, heads: tuple[str, ...] = HEADS) -> Sheet:
    numbered = [Row(place, tuple(row)) for place, row in enumerate(rows, 2)]
    return Sheet("工单", heads, tuple(numbered))


def read(*rows: Any, heads: tuple[str, ...] = HEADS, **choices: Any) -> Reading:
    chosen: dict[str, Any] = {"columns": guess(heads), "usual_channel": "phone"} | choices
    within = chosen.pop("within", BOTH)
    return read_rows(CIRCLE, sheet(*rows, heads=heads), Choices(**chosen), within, NOW)


def guessed(heads: tuple[str, ...]) -> dict[str, str]:
    return {name: heads[place] for name, place in guess(heads).items()}


def test_the_12345_lines_columns_are_guessed() -> None:
    assert guessed(HEADS) == {
        "number": "工单编号", "received_at": "受理时间", "reporter_name": "诉求人",
        "reporter_phone": "联系电话", "description": "诉求内容", "location": "事发地址",
        "community": "所属社区", "category": "诉求类型", "state": "工单状态",
    }  # fmt: skip


def test_the_28_columns_of_the_register_are_guessed() -> None:
    assert guessed(REGISTER) == {
        "number": REGISTER[0], "channel": REGISTER[1], "received_at": REGISTER[2],
        "reporter_name": REGISTER[3], "reporter_phone": REGISTER[4], "community": REGISTER[5],
        "estate": REGISTER[5], "location": REGISTER[5], "description": REGISTER[6],
        "nature": REGISTER[7], "category": REGISTER[8], "finished_at": REGISTER[20],
        "state": REGISTER[22],
    }  # fmt: skip


def test_a_chat_groups_columns_are_guessed_and_a_running_number_is_no_key() -> None:
    heads = ("序号", "时间", "昵称", "内容", "房号")
    assert guessed(heads) == {
        "received_at": "时间", "reporter_name": "昵称", "description": "内容", "location": "房号",
    }  # fmt: skip


def test_headings_are_the_same_with_other_blanks_stars_and_brackets() -> None:
    assert headers_hash(["问题描述*", "时间（年月日）"]) == headers_hash([" 问题 描述", "时间"])
    assert headers_hash(["a", "b"]) != headers_hash(["b", "a"])


def test_what_is_wanted_comes_along_where_it_is_one_of_the_five() -> None:
    heads = (*HEADS, "性质（咨询/求助/投诉/举报/建议）")
    rows = read((*order(1), "投诉"), (*order(2), "市民求助"), (*order(3), "其他"), heads=heads).good
    assert [row.report.nature for row in rows] == ["complaint", "help", ""]


def test_a_good_row_becomes_a_report_with_its_true_time() -> None:
    (row,) = read(order(3, 事发地址="桂园2栋", 诉求类型="噪音")).good
    assert (row.report.community_id, row.report.estate_id, row.report.location) == (
        "jingui",
        "guiyuan",
        "桂园2栋",
    )
    assert row.report.category == "noise"
    assert row.report.description.startswith("（示例）第3件")
    assert row.received_at.isoformat() == "2026-11-04T11:15:00+08:00"
    assert "来源编号：GD202600003" in row.note


def test_contacts_stay_in_the_file_unless_their_owners_agreed() -> None:
    (row,) = read(order(3)).good
    assert (row.report.reporter_name, row.report.reporter_phone) == ("", "")
    (row,) = read(order(3), takes_contacts=True).good
    assert (row.report.reporter_name, row.report.reporter_phone) == ("王女士", "0797-0000-103")
    assert "王女士" not in row.note


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"诉求内容": ""}, "诉求内容", "没有写问题"),
        ({"诉求内容": "长" * 10_001}, "诉求内容", "最多10000字"),
        ({"受理时间": ""}, "受理时间", "没有写时间"),
        ({"受理时间": "上周"}, "受理时间", "看不懂"),
        ({"受理时间": "2026-12-01"}, "受理时间", "还没有到"),
        ({"受理时间": "1926-11-01"}, "受理时间", "太早"),
        ({"所属社区": "月亮社区", "事发地址": ""}, "所属社区", "没有叫“月亮社区”的社区"),
        ({"所属社区": "", "事发地址": "路口"}, "所属社区", "没有写社区"),
        ({"诉求人": "长" * 31}, "诉求人", "最多30字"),
        ({"事发地址": "长" * 101}, "事发地址", "最多100字"),
    ],
)
def test_a_faulty_row_is_told_by_row_column_and_remedy(
    changes: dict[str, str], column: str, words: str
) -> None:
    reading = read(order(1), order(2, **changes), order(3), takes_contacts=True)
    (fault,) = reading.faults
    assert (fault.row, fault.column) == (3, column)
    assert words in fault.sentence
    assert fault.sentence.endswith("。")
    assert len(reading.good) == 2


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    reading = read(order(1, 诉求内容="", 受理时间="x", 所属社区="月亮", 事发地址=""))
    assert [fault.column for fault in reading.faults] == ["诉求内容", "所属社区", "受理时间"]


def test_a_leader_is_told_of_rows_that_belong_to_another_community() -> None:
    reading = read(
        order(1), order(2, 所属社区="银杏社区", 事发地址=""), within={"jingui": "金桂社区"}
    )
    assert "银杏社区" in reading.faults[0].sentence
    assert len(reading.good) == 1


def test_the_community_follows_from_the_estate_or_from_what_was_chosen() -> None:
    (by_estate, by_choice) = read(
        order(1, 所属社区="", 事发地址="杏园3栋"),
        order(2, 所属社区="", 事发地址="路口"),
        usual_community="jingui",
    ).good
    assert (by_estate.report.community_id, by_estate.report.estate_id) == ("yinxing", "xingyuan")
    assert by_choice.report.community_id == "jingui"


def test_finished_rows_are_counted_and_left_out_unless_asked_for() -> None:
    rows = (order(1, 工单状态="已办结"), order(2, 工单状态="未办结"))
    assert (read(*rows).finished, len(read(*rows).good)) == (1, 1)
    everything = read(*rows, takes_finished=True)
    assert (everything.finished, len(everything.good)) == (0, 2)
    assert "来源办理状态：已办结" in everything.good[0].note


def test_the_same_row_twice_in_a_file_is_told() -> None:
    reading = read(order(1), order(1), order(2, 工单编号="GD202600001"))
    assert [(f.row, f.sentence[:5]) for f in reading.faults] == [(3, "和第2行是"), (4, "编号和第2")]


def test_what_was_imported_before_is_known_and_a_number_used_for_something_else_is_told() -> None:
    reading = read(order(1), order(2), order(3))
    first, second, third = reading.good
    issues = dict.fromkeys(first.keys, "260001") | {second.keys[0]: "260002"}
    ready = prepared(reading, issues, "工单编号")
    assert (ready.fresh, ready.known) == ((third,), (first,))
    (fault,) = ready.faults
    assert (fault.row, fault.column) == (3, "工单编号")
    assert "问题260002" in fault.sentence


def test_the_key_of_a_row_does_not_hang_on_how_the_file_was_read() -> None:
    (with_number,) = read(order(1)).good
    without = {name: place for name, place in guess(HEADS).items() if name != "number"}
    (by_words,) = read(order(1), columns=without, usual_channel="grid_worker").good
    assert by_words.keys == with_number.keys[-1:]


def test_an_empty_channel_takes_the_chosen_one_and_a_known_one_its_own() -> None:
    heads = ("时间", "内容", "渠道")
    rows = (("11-3", "一", "网格"), ("11-3", "二", ""), ("11-3", "三", "信鸽"))
    good = read(*rows, heads=heads, usual_community="jingui").good
    assert [row.report.channel for row in good] == ["grid_worker", "phone", "phone"]
    assert "来源渠道：信鸽" in good[2].note


def test_every_field_has_headings_and_the_needed_ones_come_first() -> None:
    assert all(column.headings for column in COLUMNS.values())
    assert [name for name, column in COLUMNS.items() if column.required] == list(COLUMNS)[:2]


def test_a_short_row_is_read_as_if_its_cells_were_empty() -> None:
    short = replace(sheet(order(1)), rows=(Row(2, ("GD1",)),))
    reading = read_rows(CIRCLE, short, Choices(guess(HEADS), "jingui", "phone"), BOTH, NOW)
    assert [fault.column for fault in reading.faults] == ["诉求内容", "受理时间"]

"""What is to be looked at once more: rows that may be over, may not count, or are no resident's."""

from pathlib import Path

import pytest

from forms_app.spreadsheets.profile import is_time
from forms_app.spreadsheets.verdicts import is_pleased
from tests.support.office_sheets import headings, of_book, of_text, read


def told(tmp_path: Path, heads: str, *rows: str) -> list[tuple[int, str, str]]:
    """Row, column and sentence of all that is to be looked at."""
    reading = read(of_text(tmp_path, heads, *rows))
    return [(one.row, one.column, one.sentence) for one in reading.remarks if one.column != "日期"]


def test_who_signs_that_work_is_done_ends_the_matter(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,内容,完工签字", "11-3,锁坏,周师傅 11.3", "11-4,门坏,", "11-5,井盖响,待料",
        "11-6,灯坏,未完工",
    )  # fmt: skip
    reading = read(sheet)
    assert [(one.row, one.column, one.sentence) for one in reading.finished_rows] == [
        (2, "完工签字", "写着“周师傅 11.3”")
    ]
    assert [row.row for row in reading.good] == [3, 4, 5]


def test_a_state_that_says_otherwise_counts_for_more_than_a_signature(tmp_path: Path) -> None:
    reading = read(of_text(tmp_path, "日期,内容,状态,完工签字", "11-3,锁坏,处理中,周师傅"))
    assert [row.row for row in reading.good] == [2]


def test_who_is_to_look_at_it_ends_nothing_before_its_day(tmp_path: Path) -> None:
    rows = ("2026-11-3,锁坏,2026-11-5,业委会", "2026-11-4,门坏,,业委会")
    sheet = of_text(tmp_path, "日期,内容,完工日期,验收人", *rows, "2026-11-5,灯坏,2026-11-6,业委会")
    reading = read(sheet)
    assert [one.row for one in reading.finished_rows] == [2, 4]
    assert [(one.row, one.sentence) for one in reading.remarks] == [
        (3, "写着“业委会”，没有当作办结，请核对。")
    ]


def test_a_residents_signature_alone_is_told(tmp_path: Path) -> None:
    sentence = "写着“王桂香 11.4”，没有当作办结，请核对。"
    found = told(tmp_path, "日期,内容,群众签字", "11-3,锁坏,王桂香 11.4", "11-4,门坏,")
    assert found == [(2, "群众签字", sentence)]


def test_an_answer_is_told_and_is_no_end(tmp_path: Path) -> None:
    found = told(tmp_path, "日期,内容,是否答复", "11-3,优待证怎么补,是", "11-4,门坏,否")
    assert found == [(2, "是否答复", "写着“是”，没有当作办结，请核对。")]


@pytest.mark.parametrize(
    ("cell", "head", "pleased"),
    [
        ("满意", "满意度", True), ("100%", "满意度", True), ("5分", "满意度", True),
        ("4", "评分评价", True), ("98", "满意度", True), ("★★★★★", "评价", True),
        ("√", "满意度", True), ("√", "满意度·满意", True), ("√", "满意度·不满意", False),
        ("√", "满意度·一般", None), ("×", "满意度", False), ("不太满意", "回访", False),
        ("1分", "满意度", False), ("3分", "满意度", None), ("未接通", "回访", None),
        ("满意度一般", "回访", None), ("合格", "复查结果", True),
        ("不合格，仍有2具", "复查结果", False), ("核查不通过", "核查意见", False),
    ],
)  # fmt: skip
def test_a_verdict_is_read_in_every_hand(cell: str, head: str, pleased: bool | None) -> None:
    assert is_pleased(cell, head) is pleased


def test_whoever_was_content_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, "日期,内容,满意度", "11-3,锁坏,100%", "11-4,门坏,3分", "11-5,灯坏,√")
    assert [(row, sentence[:6]) for row, _, sentence in found] == [
        (2, "写着“100"),
        (4, "写着“√”，"),
    ]


def test_nothing_is_over_with_which_somebody_was_not_content(tmp_path: Path) -> None:
    reading = read(of_text(
        tmp_path, "日期,内容,状态,群众满意度", "2026-11-3,停电梯,已办结,不满意",
        "2026-11-4,锁坏,已办结,满意",
    ))  # fmt: skip
    assert [row.row for row in reading.good] == [2]
    assert [(one.column, one.sentence) for one in reading.remarks] == [
        ("群众满意度", "写着“不满意”，没有当作办结，请核对。")
    ]


def test_nothing_is_over_that_was_found_wanting_when_somebody_looked_again(tmp_path: Path) -> None:
    reading = read(of_text(
        tmp_path, "日期,隐患描述,整改完成日期,复查结果,复查人签字",
        "2026-11-3,灭火器压力不足,2026-11-9,不合格，仍有2具,李书记",
        "2026-11-3,安全出口上锁,2026-11-3,合格,李书记",
    ))  # fmt: skip
    assert [one.row for one in reading.good] == [2]
    assert [one.row for one in reading.finished_rows] == [3]


@pytest.mark.parametrize("head", ["现在怎么样了", "后来怎样", "采纳情况", "结果如何"])
def test_what_became_of_it_is_its_state_however_it_is_asked(tmp_path: Path, head: str) -> None:
    rows = ("11-3,洗手池堵,采纳、已落实", "11-4,电缆裸露,供电所还没来")
    reading = read(of_text(tmp_path, f"日期,什么事,{head}", *rows))
    assert [one.row for one in reading.finished_rows] == [2]
    assert [one.row for one in reading.good] == [3]


def test_a_row_that_somebody_took_back_is_told(tmp_path: Path) -> None:
    rows = ("11-3,工地打桩（重复登记）,", "11-4,楼道灯坏,与4号重复、作废", "11-5,公厕没水,")
    found = told(tmp_path, "日期,内容,备注", *rows)
    assert found == [
        (2, "内容", "写着“重复登记”，可能不用导入，请核对。"),
        (3, "备注", "写着“与4号重复、作废”，可能不用导入，请核对。"),
    ]


def test_a_diary_of_the_staff_is_told(tmp_path: Path) -> None:
    rows = ("11-3,参加街道例会", "11-4,接待居民刘婶，反映3栋水管漏")
    found = told(tmp_path, "日期,工作内容", *rows)
    assert found == [(2, "工作内容", "像是自己做的工作，请核对是不是居民的问题。")]


def test_a_story_that_begins_with_a_day_is_no_time(tmp_path: Path) -> None:
    assert not is_time("11月13日消防管道已修复通水")
    assert all(map(is_time, ["11月13日", "2026年11月6日前", "11月5日 下午3点半左右", "11.5 9:30"]))
    rows = [["日期", "内容", "办理情况"], ["11.4", "没水", "11月13日已修复通水"],
            ["11.5", "门坏", "11月14日已报物业"]]  # fmt: skip
    (sheet,) = of_book(tmp_path, rows)
    assert headings(sheet)["state"] == "办理情况"
    assert [one.row for one in read(sheet).finished_rows] == [2]


def test_days_below_a_word_for_the_end_say_when_and_ticks_that_it_is(tmp_path: Path) -> None:
    rows = ("11-1,门禁刷不开,11/1 16:00", "11-2,对讲黑屏,", "11-2,下水返味,11/5", "11-5,铃响,11/5")
    sheet = of_text(tmp_path, "日期,报修,完成", *rows)
    assert headings(sheet)["finished_at"] == "完成"
    assert [one.row for one in read(sheet).finished_rows] == [2, 4, 5]
    for head in ("完成打√", "解决打勾"):
        reading = read(of_text(tmp_path, f"日期,需求,{head}", "11-1,想要呼叫器,√", "11-2,上楼难,"))
        assert [one.row for one in reading.finished_rows] == [2]


def test_what_the_staff_did_is_told_in_any_sheet(tmp_path: Path) -> None:
    rows = ("11-3,外地人口新增2户，已登记", "11-4,入户12户宣传医保", "11-5,消防门关不严")
    found = told(tmp_path, "日期,本周情况", *rows)
    assert [row for row, _, _ in found] == [2, 3]


def test_ticks_below_two_headings_are_read_where_a_day_stands_in_three_columns(
    tmp_path: Path,
) -> None:
    rows = [
        ["年", "月", "日", "诉求内容", "办理进度", None, "满意度", None],
        [None, None, None, None, "已办结", "办理中", "满意", "不满意"],
        [2026, 11, 2, "灯坏了", "√", None, "√", None], [None, None, 3, "门坏了", None, "√"],
        [None, None, 9, "太吵", "√", None, None, "√"], ["合计", None, None, None, 2, 1],
    ]  # fmt: skip
    merged = ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:H1")
    (sheet,) = of_book(tmp_path, rows, *merged)
    assert sheet.headers[2:] == ("办理进度", "满意度")
    assert [row.cells[2:] for row in sheet.rows[:3]] == [
        ("已办结", "满意"), ("办理中", ""), ("已办结", "不满意"),
    ]  # fmt: skip
    reading = read(sheet)
    assert [one.row for one in reading.finished_rows] == [3]
    assert [one.row for one in reading.good] == [4, 5]
    assert [one.row for one in reading.aside] == [6]

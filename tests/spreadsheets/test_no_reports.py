"""Cells that tell of no problem: nothing found, nobody in, thanks."""

from pathlib import Path

import pytest

from forms_app.spreadsheets.no_reports import thanks_and_more, why_no_report
from tests.support.office_sheets import of_text, read

_THANKS = "像是感谢或者表扬，不是问题"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("感谢信：感谢网格员小吴及时发现燃气泄漏", ""),
        ("送锦旗一面，感谢社区帮助调解邻里矛盾", ""),
        ("谢谢社区，水管修好了👍", ""), ("来电人表扬社区小王帮忙找回走失老人，表示感谢。", ""),
        ("刘女士送来锦旗", "其他"), ("物业保安拾金不昧", "表扬"), ("保洁阿姨很负责", "感谢信"),
    ],
)  # fmt: skip
def test_thanks_are_no_problem(words: str, kind: str) -> None:
    assert why_no_report(words, kind) == _THANKS


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("感谢社区上次修好路灯，另外4栋后面下水道又堵了", ""),
        ("谢谢社区，3栋路灯坏了", ""),
        ("谢谢，我家门口被人装了地锁", ""),
        ("“给你们点个赞，上次那个下水道通得真快”", ""),
        ("谢谢领导，能不能修一下路灯", ""),
        ("保洁很负责，就是垃圾桶太少", "表扬"),
    ],
)
def test_whoever_thanks_and_says_more_is_taken_and_asked_about(words: str, kind: str) -> None:
    assert why_no_report(words, kind) == ""
    assert thanks_and_more(words, kind)


@pytest.mark.parametrize("words", ["路灯坏了，谢谢", "感染诊所的垃圾乱丢", "3栋没人打扫"])
def test_a_problem_is_no_thanks(words: str) -> None:
    assert why_no_report(words) == ""
    assert not thanks_and_more(words)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("没有问题，对社区工作表示满意", "写着没有问题"), ("本周未排查出矛盾纠纷", "写着没有问题"),
        ("零报告", "写着没有问题"), ("无安全隐患", "写着没有问题"),
        ("本月无信访事项", "写着没有问题"),
        ("今日巡查无异常", "写着没有问题"), ("没说什么，泡茶聊家常", "写着没有问题"),
        ("敲了三家门都没有人", "写着没有见到人"), ("家里无人", "写着没有见到人"),
        ("上门未遇", "写着没有见到人"),
    ],
)  # fmt: skip
def test_a_round_on_which_nothing_was_found_is_no_report(words: str, why: str) -> None:
    assert why_no_report(words) == why


@pytest.mark.parametrize("words", ["无安全隐患，但反映小区晚上路灯太暗", "没有路灯", "电梯里无人"])
def test_what_is_lacking_is_a_report(words: str) -> None:
    assert why_no_report(words) == ""


def test_thanks_in_a_sheet_are_named_and_what_thanks_and_asks_is_to_be_looked_at(
    tmp_path: Path,
) -> None:
    reading = read(of_text(
        tmp_path, "日期,来访事由,类别", "2026-11-3,锦旗一面,感谢", "2026-11-4,楼上养鸡,投诉",
        "2026-11-5,感谢修好路灯，另外下水道又堵了,",
    ))  # fmt: skip
    assert [(one.row, one.why) for one in reading.aside] == [(2, _THANKS)]
    assert [row.row for row in reading.good] == [3, 4]
    assert [(one.row, one.sentence) for one in reading.remarks] == [
        (4, "像是感谢，也说了别的，请核对是不是问题。")
    ]


@pytest.mark.parametrize(
    "words", ["有热水了，谢谢", "三楼住户说谢谢社区帮忙通下水", "路灯修好了，谢谢！"]
)
def test_thanks_may_stand_last_behind_what_is_well(words: str) -> None:
    assert why_no_report(words) == _THANKS


def test_a_row_without_a_problem_is_none_by_what_stands_beside(tmp_path: Path) -> None:
    reading = read(of_text(
        tmp_path, "走访时间,姓名,走访情况,困难诉求", "2026-11-3,傅老,敲门无人应,",
        "2026-11-4,王姐,耳背,卫生间想装扶手", "2026-11-5,李姐,无,",
    ))  # fmt: skip
    assert [(one.row, one.why) for one in reading.aside] == [(2, "写着没有见到人")]
    assert [one.row for one in reading.good] == [3]
    assert [one.row for one in reading.faults] == [4]  # 无 may be anything


def test_a_day_alone_heads_nothing_and_a_line_over_rows_does(tmp_path: Path) -> None:
    reading = read(of_text(
        tmp_path, "日期,问题", "2026-11-2,", "2026-11-9,灯坏了", "银杏家园,", "2026-11-16,没水",
    ))  # fmt: skip
    assert [(one.row, one.why) for one in reading.aside] == [
        (2, "只有日期，没有写别的"), (4, "只有一格有字，当作小标题或者空行"),
    ]  # fmt: skip
    assert [one.note for one in reading.good] == ["", ""]

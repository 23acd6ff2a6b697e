"""What free words say last of a matter."""

import pytest

from forms_app.spreadsheets.stories import is_over
from forms_app.spreadsheets.values import says_over
from tests.support.office_sheets import is_finished


@pytest.mark.parametrize(
    "story",
    [
        "已通知住户清理，9月5日复查已清完", "已联系楼上住户更换水管，不再漏水",
        "已调解，双方握手言和",
        "物业电工上门检查，更换声控开关两个，当晚试灯正常。", "119已摘除", "网格员当场换好",
        "维保单位停梯检修半天，加润滑油后异响消除，恢复运行。", "经查总阀未开，已打开，水压正常。",
        "联系民办园协调到一个学位，9月已入园，家长表示感谢", "劝导后搬走了",
        "新增24个充电口，投入使用",
    ],
)  # fmt: skip
def test_a_story_that_ends_well_is_over(story: str) -> None:
    assert is_over(story) is True
    assert is_finished(story, "")


@pytest.mark.parametrize(
    "story",
    [
        "疏通后第二天又堵，请疏通公司再来", "已更换两盏，还有一盏等配件",
        "物业已更换，反映人不满意",
        "上门调解一次，效果不明显，继续做工作", "联系楼上住户，对方不配合，拟请司法所介入",
        "园林公司答复排期到10月中旬，下月修剪", "已报街道，列入明年雪亮工程", "物业答应修好",
    ],
)  # fmt: skip
def test_a_story_that_goes_on_is_not_over(story: str) -> None:
    assert is_over(story) is False
    assert not is_finished(story, "2025-11-03")


@pytest.mark.parametrize(
    "story", ["找了物业三回，没办法了", "保安换了以后更没人管了", "不用心，没电了"]
)
def test_what_is_lacking_is_not_over(story: str) -> None:
    assert is_over(story) is False


@pytest.mark.parametrize(
    "story",
    ["看了一次，工人没有再来", "已联系物业更换", "双方各执一词，由司法所出面", "供水公司说明情况"],
)
def test_what_a_story_leaves_open_is_told_and_a_day_of_the_end_decides(story: str) -> None:
    assert is_over(story) is None
    assert says_over(story) is None
    assert not is_finished(story, "")
    assert is_finished(story, "2025-11-03")

"""Words that a keyboard or a voice wrote with another character, and those that are meant."""

import pytest

from forms_app.issues.misspelled import Spellings

SPELLINGS = Spellings(["井盖", "电梯", "路灯", "充电", "物业费", "烟囱", "没灯", "小广告牌匾"])


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("门口井该又翘起来了", "门口井盖又翘起来了"),
        ("5栋的电体坏了", "5栋的电梯坏了"),
        ("路登坏了一排", "路灯坏了一排"),
        ("拿回家里沖電", "拿回家里充电"),
        ("物页费太贵", "物业费太贵"),
        ("井盖\n电体", "井盖\n电梯"),
    ],
)
def test_a_word_that_sounds_like_one_of_ours_is_that_one(written: str, right: str) -> None:
    assert SPELLINGS.right(written) == right


@pytest.mark.parametrize(
    "written",
    [
        "公交在路等了半天",  # 等 is a word by itself
        "烟从一楼灌到六楼",
        "从早烟到晚",
        "没等到人",  # 没灯 is no word of the dictionary
        "电脑坏了",
        "電梯　Ａ座",  # as it was written, too
        "",
        "🙂",
    ],
)
def test_what_is_a_word_as_it_stands_is_meant(written: str) -> None:
    assert SPELLINGS.right(written) == written

"""The beginning of what residents wrote, on a line of a list: never half of a number or a word."""

import pytest

from forms_app.rules.excerpts import cut_before, excerpt


@pytest.mark.parametrize(
    ("text", "letters", "shown"),
    [
        ("楼道灯不亮", 5, "楼道灯不亮"),
        ("楼道灯不亮了", 5, "楼道灯不…"),
        ("电话13800138000，请回", 8, "电话…"),
        ("电话138 0013 8000，请回", 9, "电话…"),
        ("物业费涨到1,200元一年", 9, "物业费涨到…"),
        ("我家住在3栋2单元1503室", 7, "我家住在3栋…"),
        ("The street lamp is broken", 8, "The street…"),
        ("看看👩\u200d👧\u200d👦一家三口的事", 4, "看看…"),
        ("求\u0301修\u0301路灯", 2, "求\u0301…"),
    ],
)
def test_a_line_ends_where_nothing_is_cut_in_two(text: str, letters: int, shown: str) -> None:
    assert excerpt(text, letters) == shown


def test_latin_letters_are_half_as_wide() -> None:
    said = "The lamp at the gate has been off for two weeks."
    assert excerpt(said, 24) == said


def test_what_has_no_such_place_is_cut_all_the_same() -> None:
    assert excerpt("a" * 100, 10) == "a" * 18 + "…"
    assert cut_before("8" * 100, 50) == 50


def test_lines_and_blanks_are_one() -> None:
    assert excerpt("第一行\n\n  第二行", 36) == "第一行 第二行"

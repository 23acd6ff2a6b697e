"""Whatever is looked for is found, however it was typed."""

import pytest

from forms_app.rules.folding import fold, folded, narrow, says_nothing


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＷｉＦｉ１２", "wifi12"),
        ("電梯壞了，樓上漏水", "电梯坏了,楼上漏水"),
        ("路\u200b灯\ufeff", "路灯"),
        ("３棟", "3栋"),
        ("㎡", "m2"),
        ("乾淨", "干净"),
        ("é", "é"),
        ("老人\n孩子", "老人\n孩子"),
        ("", ""),
    ],
)
def test_what_looks_or_means_the_same_is_the_same(typed: str, meant: str) -> None:
    assert fold(typed) == meant
    assert fold(fold(typed)) == fold(typed)


def test_each_character_is_folded_by_itself() -> None:
    text = "ＷＩＦＩ 電梯\u200b㎡"
    assert "".join(map(folded, text)) == fold(text)


@pytest.mark.parametrize("text", ["", " \n\u3000", "\u200b\u200d\ufe0f", "\u2800\u3164 \u202e\xad"])
def test_nothing_but_invisible_characters_is_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["灯", "🙏\ufe0f", "？", "1", "\u200b。"])
def test_whatever_leaves_ink_is_something(text: str) -> None:
    assert not says_nothing(text)


def test_narrow_changes_nothing_but_width() -> None:
    assert narrow("（０７９７）ａ電") == "(0797)a電"

"""People stand in lists where Chinese readers look for them."""

import pytest

from forms_app.rules.names import name_order


def test_names_stand_by_how_they_are_read_and_surnames_as_surnames() -> None:
    names = ["赵丽", "白晓", "曾强", "单国", "陈杰", "安然"]
    assert sorted(names, key=name_order) == ["安然", "白晓", "陈杰", "单国", "曾强", "赵丽"]


@pytest.mark.parametrize(
    ("names", "order"),
    [
        ("解伟 谢芳 夏雨 徐明", "夏雨 解伟 谢芳 徐明"),
        ("尉迟敬 魏宁 余欢 俞静", "魏宁 余欢 俞静 尉迟敬"),
        ("任红 仇海 区一 覃天", "区一 覃天 仇海 任红"),
        # One surname, then the given name; the shorter one first.
        ("王小明 王芳 王", "王 王芳 王小明"),
        ("單國 白晓 ｗａｎｇ 6号", "6号 白晓 單國 ｗａｎｇ"),
        ("𠮷野 周五", "周五 𠮷野"),
    ],
)
def test_the_order_of(names: str, order: str) -> None:
    assert sorted(names.split(), key=name_order) == order.split()


def test_nothing_and_blanks_have_an_order_too() -> None:
    assert name_order("") == name_order("　") == ()

"""Headings in phrases: what ends one stands in it, and nothing of the words is lost."""

import re

import pytest
from markupsafe import Markup

from forms_app.formats.phrases import in_phrases, phrases


def pieces(html: str) -> list[str]:
    return re.findall('<span class="phrase">(.*?)</span>', html)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("收到了，马上给您答复", ["收到了，", "马上给您答复"]),
        (
            "现在还办不成，原因在下面，您看行不行？",
            ["现在还办不成，", "原因在下面，", "您看行不行？"],
        ),
        ("金桂社区（示例）：办好的事", ["金桂社区", "（示例）：", "办好的事"]),
        ("办事流程图", []),
        ("Received; you will hear from us", []),
        ("，。", ["，", "。"]),
        ("A&B，<i>", ["A&amp;B，", "&lt;i&gt;"]),
    ],
)
def test_a_text_is_told_in_its_phrases(words: str, told: list[str]) -> None:
    found = phrases(words)
    assert pieces(found) == told
    assert found.striptags() == words


def test_what_was_escaped_is_not_escaped_again() -> None:
    assert phrases(Markup("评价：A&amp;B")) == (
        '<span class="phrase">评价：</span><span class="phrase">A&amp;B</span>'
    )


def test_only_first_headings_of_a_page_are_and_elements_in_them_stay() -> None:
    page = '<h1 id="a，b"><a title="一，二">甲，乙</a><wbr>丙</h1><h2>丁，戊</h2>'
    assert in_phrases(page) == (
        '<h1 id="a，b"><a title="一，二"><span class="phrase">甲，</span>'
        '<span class="phrase">乙</span></a><wbr>丙</h1><h2>丁，戊</h2>'
    )

"""What elders open section by section, and everybody else reads as it stands."""

import re

from pages.folding import folded

PAGE = """<p>先说一句。</p>
<h2 id="a">甲 &amp; <em>乙</em></h2>
<p>甲的内容<br>两行</p>
<section><h2 id="inner">里面的</h2><p>不动</p></section>
<h2>丙</h2>
<ul><li>丙的内容</ul>
"""


def test_each_section_is_folded_with_what_is_in_it_and_nothing_is_lost() -> None:
    html = folded(PAGE)
    assert html.count('<section class="fold"') == 2
    assert html.index("先说一句") < html.index("fold-1")
    assert 'aria-label="打开：甲 &amp; 乙"' in html
    first, second = html.split('id="fold-2"')
    assert "不动" in first
    assert "丙的内容" in second
    added = r'</?section class="fold"[^>]*>|<p class="fold-open">.*?</p>'
    words = [re.sub(r"<[^>]+>|\s", "", re.sub(added, "", text)) for text in (html, PAGE)]
    assert words[0] == words[1]


def test_a_page_without_sections_stays_as_it_is() -> None:
    assert (
        folded("<p>一句</p><div><h2>在里面</h2></div>") == "<p>一句</p><div><h2>在里面</h2></div>"
    )
    assert folded("") == ""

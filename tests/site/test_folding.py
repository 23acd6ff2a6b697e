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


COLUMNS = """<div class="columns">
<div>
<h1>题</h1>
<h2>左</h2><div><p>左的内容</p></div>
</div>
<div><h2>右</h2><p>右的内容</p><h2>右下</h2><p>右下的内容</p></div>
</div>
<p>下面的话</p>
<h2>最后</h2><p>最后的内容</p>
"""


def test_sections_of_two_columns_are_folded_and_stay_in_their_column() -> None:
    html = folded(COLUMNS)
    assert html.count('<section class="fold"') == 4
    left, right = html.split("</section>\n</div>\n<div>")
    assert "左的内容" in left
    assert "右的内容" in right
    assert "右下的内容" in right
    # What stands behind the columns belongs to none of their sections.
    assert "</section>\n</div>\n</div>\n<p>下面的话</p>" in right


def test_a_page_without_sections_stays_as_it_is() -> None:
    assert (
        folded("<p>一句</p><div><h2>在里面</h2></div>") == "<p>一句</p><div><h2>在里面</h2></div>"
    )
    assert folded("") == ""


def test_what_only_looks_like_a_tag_is_none() -> None:
    odd = '<!-- <section> --><p title="a </p> > b">一句<br/></p>'
    html = folded(f'{odd}<h2 title=">">甲</h2><p>甲的内容</p>')
    assert html.count('<section class="fold"') == 1
    assert html.index('title="a </p> > b"') < html.index("fold-1") < html.index("甲的内容")

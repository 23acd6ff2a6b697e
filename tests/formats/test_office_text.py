"""What an editor types becomes words, headings, lists, tables and links: and nothing that acts."""
# ruff: noqa: E501 (lists of attacks)

import re
import time
from html.parser import HTMLParser
from itertools import product
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms_app.formats.office_text import NoLink, render

ALLOWED = {
    "a": {"href"}, "div": {"class", "tabindex", "role", "aria-label"}, "ol": {"start"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
    **{name: set() for name in (
        "p", "ul", "li", "strong", "em", "code", "pre", "blockquote", "br", "hr", "table", "thead",
        "tbody", "tr", "th", "td",
    )},
}  # fmt: skip
HERE = "https://site.invalid/local/x/"
BAD_SCHEMES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java script:alert(1)",
    "\x01javascript:alert(1)", "&#106;avascript:alert(1)", "&#x6A;avascript:alert(1)",
    "javascript&colon;alert(1)", "java&Tab;script:alert(1)", "java&NewLine;script:alert(1)",
    "&#0000106avascript:alert(1)", "javascript&#58;alert(1)", "javascript&#x3A;alert(1)",
    "vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=", "blob:https://a.example/x", "file:///etc/passwd",
    "filesystem:https://a.example/x", "ftp://a.example/x", "intent://x#Intent;end", "about:blank",
    "view-source:https://a.example", "ws://a.example", "\u200bjavascript:alert(1)",
    "\u00a0javascript:alert(1)", "\ufeffjavascript:alert(1)", "//evil.example/x", "\\\\evil.example",
    "/\\evil.example", "https:evil.example", "https:///evil.example", "http://a@evil.example",
)  # fmt: skip
AS_LINK = (
    "[x]({})", "[x](<{}>)", "[x]({} \"t\")", "<{}>", "[x][r]\n\n[r]: {}", "[x]( {} )", "**[x]({})**",
    "[![x](y)]({})", "| a |\n|---|\n| [x]({}) |", "- [x]({})", "> [x]({})", "# [x]({})",
)  # fmt: skip
HTML = (
    "<script>alert(1)</script>", "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>", "<<script>alert(1)//<</script>", "<scr<script>ipt>alert(1)",
    "<img src=x onerror=alert(1)>", "<img src='https://evil.example/x.png'>", "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>", "<math><mi//xlink:href='javascript:alert(1)'>",
    "<iframe src=https://evil.example></iframe>", "<object data=x></object>", "<embed src=x>",
    "<form action=https://evil.example><input name=password></form>", "<button formaction=x>y</button>",
    "<link rel=stylesheet href=https://evil.example/x.css>", "<style>body{display:none}</style>",
    "<style>@import 'https://evil.example'</style>", "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>", "<video src=x autoplay></video>",
    "<audio src=x></audio>", "<details open ontoggle=alert(1)>", "<div style='position:fixed'>x</div>",
    "<div markdown='1'>x</div>", "<p markdown='block' onclick='x'>y</p>", "<a href=javascript:x>y</a>",
    "<a href='x' onclick='y' target=_blank>z</a>", "<!-- x --><b>y</b>", "<!--><script>x</script>-->",
    "<![CDATA[<script>x</script>]]>", "<?php x ?>", "<!DOCTYPE html><html><body onload=x>", "<x-y z>",
    "</main><script>x</script>", "</div></body></html>", "<textarea><script>x</script>",
    "<noscript><p title='</noscript><script>x</script>'>", "<template><script>x</script></template>",
    "<title><script>x</script>", "<plaintext>", "<xmp><script>x</script></xmp>", "\\<script>x\\</script>",
    "&lt;script&gt;x&lt;/script&gt;", "&#60;script&#62;x", "\uff1cscript\uff1e", "<\x00script>x",
    "<scri\x00pt>x", "\x02wzxhzdk:0\x03", "\x02klzzwxh:0001\x03", "\x02amp\x03", "<b>x</b>",
    "`<script>x</script>`", "```\n<script>x</script>\n```", "    <script>x</script>",
)  # fmt: skip
ATTRIBUTES = (
    "{onclick=alert(1)}", "{: onclick=alert(1) }", "{: onmouseover='x' style='y' }", "{.evil}",
    "{#main}", "{#x onfocus=y tabindex=0 autofocus}", "{: id='\"><script>x</script>' }",
    "{: href='javascript:x' }", "{: src=x srcset=y }", "{: target=_blank rel=opener ping=z }",
    "{: style=\"background:url(https://evil.example)\" }", "{: data-x=1 role=button hidden }",
    "{: =x }", "{: \"x=y }", "{: xlink:href=javascript:x }", "{: class=fold-rest }",
)  # fmt: skip
ON = ("# x {}", "x\n{}", "*x*{}", "[x](/y/){}", "- x {}", "| a {} |\n|---|\n| b {} |", "> x {}")
TEMPLATES = (
    "{{ config }}", "{{ 7*7 }}", "{% include '/etc/passwd' %}", "{{ ''.__class__.__mro__ }}",
    "{# x #}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "%root%/", "--8<-- '/etc/passwd'", "[TOC]",
    "<!-- pages/../../etc/passwd -->", "<!-- pages/class-criteria --> <script>x</script>",
    "*[HTML]: <script>x</script>", "[^1]\n\n[^1]: <script>x</script>", "!!! note\n    <script>x",
    "??? x\n    y", "---\nlang: en\nscripts: [x]\n---", "%(x)s", "{x}", "\\1",
)  # fmt: skip


class Seen(HTMLParser):
    """Every element and attribute, as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        if not re.fullmatch(r" pages/[a-z0-9-]+ ", data):
            self.wrong.append(data)

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(decl)

    def handle_pi(self, data: str) -> None:
        self.wrong.append(data)

    def unknown_decl(self, data: str) -> None:
        self.wrong.append(data)


def is_good(href: str) -> bool:
    """Whether a browser goes to this site, to another by its whole address, or calls or writes."""
    assert not re.search(r"[\x00-\x20]", href)
    if re.match(r"(tel|mailto):", href, re.IGNORECASE):
        return True
    if re.match(r"https?:", href, re.IGNORECASE):
        return bool(re.match(r"https?://[^/?#@]", href, re.IGNORECASE))
    return not re.match(r"[^/?#]*:|[/\\]{2}", href) and urljoin(HERE, href).startswith(
        "https://site.invalid/"
    )


def harmless(text: str) -> str:
    """The HTML of a text, of which nothing acts."""
    html = render(text).html
    seen = Seen(html)
    assert seen.wrong == [], (text, html)
    assert seen.open == [], (text, html)
    for tag, attributes in seen.tags:
        assert tag in ALLOWED, (text, html)
        assert set(attributes) <= ALLOWED[tag], (text, html)
        if tag == "a":
            assert is_good(attributes["href"]), (text, html)
        if tag == "div":
            assert attributes["class"] == "table-scroll", (text, html)
    ids = [attributes["id"] for _, attributes in seen.tags if "id" in attributes]
    assert len(ids) == len(set(ids)), (text, html)
    assert not {"main", "site-search"} & set(ids), (text, html)
    return html


def test_no_scheme_but_the_four_becomes_a_link_however_it_is_written() -> None:
    for target, around in product(BAD_SCHEMES, AS_LINK):
        harmless(around.replace("{}", target))


def test_html_is_words_wherever_it_stands() -> None:
    around = ("{}", "x {} y", "- {}", "> {}", "# {}", "| {} |\n|---|\n| {} |", "**{}**", "[{}](/x/)",
              "x\n\n{}\n\ny", "1. {}\n\n    {}", "`{}`", "\\{}", "[x](/{}/)", "[x](/y/ \"{}\")")  # fmt: skip
    for html, place in product(HTML, around):
        harmless(place.replace("{}", html))


def test_braces_give_no_element_an_attribute_but_a_heading_its_name() -> None:
    for braces, place in product(ATTRIBUTES, ON):
        harmless(place.replace("{}", braces))
    assert harmless("## 怎么办 {#how}") == '<h2 id="how">怎么办</h2>'


def test_nothing_is_run_or_read_as_a_template() -> None:
    for template in TEMPLATES:
        html = harmless(template)
        assert "49" not in html
        assert "root:" not in html
    assert "{{ config }}" in render("{{ config }}").html


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet="<>&\"'`*_[](){}#|!:/\\-+=.~^\n\t ax1script:onclick\x00\x02\x03中", max_size=80
    )
)
def test_any_mixture_of_signs_is_harmless(text: str) -> None:
    harmless(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*HTML, *ATTRIBUTES, *TEMPLATES, *BAD_SCHEMES, "[", "](", ")", "\n",
                                 "\n\n", "`", "**", "| ", "|---|\n", "# "]), max_size=12))  # fmt: skip
def test_any_mixture_of_attacks_is_harmless(parts: list[str]) -> None:
    harmless("".join(parts))


@pytest.mark.parametrize(
    "text",
    ["[" * 10_000, "`" * 10_000, "[](" * 3_300, "*a " * 3_300, "> " * 5_000, "`a" * 5_000,
     "![" * 5_000, "**a*" * 2_500, "{" * 10_000, "<a " * 3_000, "|" * 5_000 + "\n" + "|-" * 2_500,
     "\n".join(">" * i for i in range(140)), "# a {: " + "a" * 9_000,
     "- " * 4_999 + "a", "1. " * 3_333 + "a", "* 1. > - " * 1_111, "*\t" * 4_999 + "a",
     "".join("\t" * i + "- - 1. a\n" for i in range(132))],
)  # fmt: skip
def test_no_text_of_the_longest_keeps_anybody_waiting(text: str) -> None:
    began = time.process_time()
    harmless(text)
    assert time.process_time() - began < 5


def test_what_is_wrong_is_told_with_its_line() -> None:
    text = "好。\n\n<b>粗</b>\n\n![图](x.png)\n\n[坏](javascript:x)\n\n## 一 {#a onclick=x}\n\n[x](#无)"
    told = [(one.line, one.problem) for one in render(text).told]
    assert [line for line, _ in told] == [3, 5, 7, 9, 11]
    assert "<b>" in told[0][1]
    assert "图片" in told[1][1]
    assert "javascript:x" in told[2][1]
    assert "onclick" in told[3][1]
    assert "那一段" in told[4][1]
    assert "；" in str(render(text).told[0])


def test_what_people_write_is_what_they_see() -> None:
    text = (
        "第一段\n换行。\n\n    缩进的段。\n\n# 大标题\n\n#### 小标题\n\n"
        "3. 三\n4. 四\n\n| 时间 | 地点 |\n|:--|--:|\n| 一 | 二 |\n\n> 引\n\n**粗** <https://a.example/>"
    )
    made = render(text)
    assert made.told == ()
    assert "<p>第一段<br>\n换行。</p>" in made.html
    assert "<p>缩进的段。</p>" in made.html
    assert [one.level for one in made.headings] == [2, 3]
    assert '<ol start="3">' in made.html
    assert 'aria-label="小标题"' in made.html
    assert "style" not in made.html
    assert '<a href="https://a.example/">' in made.html


def test_a_link_that_leads_nowhere_is_words() -> None:
    def follow(target: str) -> str:
        if target.startswith("/no"):
            raise NoLink("没有这一页", "改")
        return f"../..{target}"

    made = render("[有](/yes/) [没有](/no/)", follow)
    assert made.html == '<p><a href="../../yes/">有</a> 没有</p>'
    assert [one.problem for one in made.told] == ["没有这一页"]


def test_a_heading_named_like_a_part_of_the_page_gets_another_name() -> None:
    made = render("## Main\n\n## main {#main}\n\n## 说明\n\n## 说明")
    assert len({one.id for one in made.headings}) == 4
    assert "main" not in {one.id for one in made.headings}


def test_a_made_table_stays_where_it_stands_alone() -> None:
    assert render("a\n\n<!-- pages/clocks-table -->\n\nb").html.count("<!-- pages/clocks") == 1
    glued = render("a\n<!-- pages/clocks-table -->")
    assert "<!--" not in glued.html
    assert "没有单独成段" in glued.told[0].problem

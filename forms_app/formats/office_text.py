"""Words that somebody typed into a browser, as HTML for everybody: Markdown, and nothing beyond it.

Raw HTML is taken for words, and what Markdown made is read again and written anew from a short list
of elements and attributes: whatever is not on it does not come out. Nothing is looked up, loaded or
run; a text is never a template. Needs neither the circle nor the site: `follow` knows where links
may lead.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from html import escape, unescape
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.sane_lists import SaneOListProcessor, SaneUListProcessor
from markdown.util import nearing_recursion_limit
from msgspec import Struct

MARKER = re.compile(r"^<!--\s*pages/([a-z0-9-]+)\s*-->$")
# Of the page that the words stand on: a heading's id must not be one of them.
FRAMES_IDS = frozenset({"main", "site-search", "toc-title", "footer-hotline"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PLAIN = frozenset(
    {*_HEADINGS, "p", "ul", "ol", "li", "strong", "em", "code", "blockquote", "pre",
     "table", "thead", "tbody", "tr", "th", "td"}
)  # fmt: skip
_VOID = frozenset({"br", "hr"})
# Handed out by Markdown itself; the page has no inline style to honour.
_UNSAID = frozenset({"style"})
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:[\s/][^<>]*)?>|<!--|<![a-zA-Z]|<\?")
_CODE = re.compile(r"(`+)(?:.+?)\1")
_TEMPLATE = re.compile(r"\{\{|\{%|\{#[^a-z]")
_SCHEME = re.compile(r"([^/?#]*):")
_GOOD_SCHEMES = ("https", "http", "tel", "mailto")
SHOWN_LETTERS = 40
MOST_SIGNS = 200  # brackets or quotes in a paragraph


class PageFlaw(Struct, frozen=True):
    """Something that does not stand on the page as it was written; 0 is no line."""

    line: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"第{self.line}行：" if self.line else ""
        return f"{where}{self.problem}；{self.remedy}"


class Heading(Struct, frozen=True):
    level: int
    id: str
    text: str


class Rendered(Struct, frozen=True):
    """The HTML, its headings from the second level on, what a marker stands for still in it."""

    html: str
    headings: tuple[Heading, ...]
    told: tuple[PageFlaw, ...]
    plain: str  # its words alone


class NoLink(Exception):
    """A link that leads nowhere; the text is a problem and a remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def anywhere(target: str) -> str:
    """Where nobody knows the site: every link within it is taken for good."""
    return target


class _Numbered(SaneOListProcessor):  # type: ignore[misc]  # Markdown has no types
    """Lists of numbers; within hundreds of others, a line of signs is words, as Markdown itself has
    it of quotations."""

    def test(self, parent: Element, block: str) -> bool:
        return bool(super().test(parent, block)) and not nearing_recursion_limit()


class _Dotted(SaneUListProcessor):  # type: ignore[misc]
    """The same of lists of points."""

    def test(self, parent: Element, block: str) -> bool:
        return bool(super().test(parent, block)) and not nearing_recursion_limit()


def render(text: str, follow: Callable[[str], str] = anywhere) -> Rendered:
    """The text's HTML. `follow` gives the address of a link within the site, or raises NoLink."""
    drawn = _markdown().convert(_bounded(_without_control(text)))
    writer = _Writer(follow)
    writer.feed(drawn)
    writer.close()
    found = [*_written_wrongly(text), *(_at_line(one, text) for one in writer.told)]
    ids = {one.id for one in writer.headings}
    for fragment, shown in writer.fragments:
        if fragment not in ids:
            problem, remedy = f"链接“{shown}”指的那一段这一页里没有", "改成这一页里有的标题"
            found.append(_at_line((f"#{fragment}", problem, remedy), text))
    plain = " ".join("".join(writer.words).split())
    told = tuple(sorted(dict.fromkeys(found), key=lambda one: one.line))
    return Rendered("".join(writer.out).strip(), tuple(writer.headings), told, plain)


def _markdown() -> Markdown:
    made = Markdown(
        extensions=["attr_list", "tables", "nl2br", "toc"],
        extension_configs={"toc": {"permalink": False, "slugify": _slug}},
        output_format="html",
    )
    made.parser.blockprocessors.register(_Numbered(made.parser), "olist", 40)
    made.parser.blockprocessors.register(_Dotted(made.parser), "ulist", 30)
    # HTML is words here; and a paragraph that begins with blanks is a paragraph.
    made.preprocessors.deregister("html_block")
    made.inlinePatterns.deregister("html")
    made.parser.blockprocessors.deregister("code")
    for pattern in ("image_link", "image_reference", "short_image_ref"):
        made.inlinePatterns.deregister(pattern)
    return made


def _slug(value: str, separator: str) -> str:
    """A heading's id of its own words; the signs of Chinese are kept."""
    text = unicodedata.normalize("NFC", unescape(value)).lower()
    slug = re.sub(r"[^\w]+", separator, text).strip(f"{separator}_")[:64]
    return f"{slug or 'part'}-1" if slug in FRAMES_IDS or not slug else slug


def _without_control(text: str) -> str:
    return re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n"))


def _bounded(text: str) -> str:
    """Without what would keep Markdown busy for minutes: hundreds of open brackets or quotes in one
    paragraph are taken for the signs that they are."""
    blocks = re.split(r"(\n[ \t]*\n)", text)
    return "".join(
        block.replace("[", "&#91;").replace("`", "&#96;") if _is_knotted(block) else block
        for block in blocks
    )


def _is_knotted(block: str) -> bool:
    return block.count("[") > MOST_SIGNS or block.count("`") > MOST_SIGNS


def _written_wrongly(text: str) -> list[PageFlaw]:
    found = []
    if any(map(_is_knotted, re.split(r"\n[ \t]*\n", text))):
        problem = f"有一段里的方括号或者反引号超过{MOST_SIGNS}个，会照字面写在网页上"
        found.append(PageFlaw(0, problem, "分成几段，中间空一行"))
    lines = ["", *text.split("\n"), ""]
    for number, line in enumerate(lines[1:-1], 1):
        words = line if _is_knotted(line) else _CODE.sub("", line)
        is_marker = MARKER.match(words.strip())
        if is_marker and (lines[number - 1].strip() or lines[number + 1].strip()):
            problem = "“<!-- pages/… -->”这样的一行没有单独成段，会照字面写在网页上"
            found.append(PageFlaw(number, problem, "上面和下面各空一行"))
        tag = None if is_marker else _TAG.search(words)
        if tag:
            problem = f"“{_short(tag[0])}”这样的网页代码不起作用，会照字面写在网页上"
            found.append(PageFlaw(number, problem, "删掉它；要加粗、列表、表格，看“正文怎么写”"))
        if _TEMPLATE.search(words):
            problem = "“{{ }}”“{% %}”这样的代码不起作用，会照字面写在网页上"
            found.append(PageFlaw(number, problem, "删掉它"))
        if re.search(r"!\[[^\]]*\][(\[]", words):
            found.append(PageFlaw(number, "这里放不了图片", "删掉它，用文字说"))
    return found


def _at_line(one: tuple[str, str, str], text: str) -> PageFlaw:
    """With the first line that holds these letters."""
    needle, problem, remedy = one
    lines = text.split("\n")
    line = next((n for n, own in enumerate(lines, 1) if needle and needle in own), 0)
    return PageFlaw(line, problem, remedy)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_LETTERS else text[:SHOWN_LETTERS] + "…"


class _Writer(HTMLParser):
    """Writes anew what may stand on a page, out of HTML that Markdown made."""

    def __init__(self, follow: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self._follow = follow
        self.out: list[str] = []
        self.words: list[str] = []
        self.told: list[tuple[str, str, str]] = []
        self.headings: list[Heading] = []
        self.fragments: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []  # what was read, and how it is closed
        self._level = 1
        self._heading: tuple[int, str, list[str]] | None = None
        self._ids: set[str] = set(FRAMES_IDS)
        self._labels: dict[str, int] = {}
        self._last_heading = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self._refuse_rest(given, ())
            self.out.append(f"<{tag}>")
        elif tag == "a":
            self._link(given)
        elif tag in _HEADINGS:
            self._begin_heading(tag, given)
        elif tag == "table":
            self._refuse_rest(given, ())
            self.out.append(self._table_frame())
            self._open.append((tag, "</table></div>"))
        elif tag in _PLAIN:
            self._refuse_rest(given, ("start",) if tag == "ol" else ())
            start = given.get("start", "")
            number = (
                f' start="{start}"' if tag == "ol" and re.fullmatch("[0-9]{1,4}", start) else ""
            )
            self.out.append(f"<{tag}{number}>")
            self._open.append((tag, f"</{tag}>"))
        else:
            self.told.append(("", f"“{_short(tag)}”不能放在网页上", "删掉它"))
            self._open.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in [one for one, _ in self._open]:
            return
        while self._open:
            read, closing = self._open.pop()
            if read in _HEADINGS:
                self._end_heading()
            self.out.append(closing)
            if read == tag:
                return

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._heading is not None:
            self._heading[2].append(data)
        marker = MARKER.match(data.strip())
        if marker and [one for one, _ in self._open] == ["p"] and self.out[-1] == "<p>":
            # What the product makes stands as a block of its own, not in a paragraph.
            self.out[-1] = f"<!-- pages/{marker[1]} -->"
            self._open[-1] = ("p", "")
            self.words.pop()
            return
        self.out.append(escape(data))

    def close(self) -> None:
        super().close()
        while self._open:
            self.handle_endtag(self._open[-1][0])

    def _begin_heading(self, tag: str, given: Mapping[str, str]) -> None:
        self._refuse_rest(given, ("id",))
        # The page's own title is the only one of the first level, and no level is skipped.
        level = min(max(int(tag[1]), 2), self._level + 1)
        self._level = level
        name = given.get("id", "")
        base, again = name, 1
        while name in self._ids:
            again += 1
            name = f"{base}-{again}"
        if again > 1 and base not in FRAMES_IDS:
            self.told.append((f"{{#{base}}}", f"两个标题用了同一个“#{base}”", "改掉其中一个"))
        if re.search(r"[\s<>\"'&]", name) or not name:
            name = f"part-{len(self.headings) + 1}"
        self._ids.add(name)
        self._heading = (level, name, [])
        self.out.append(f'<h{level} id="{escape(name)}">')
        self._open.append((tag, f"</h{level}>"))

    def _end_heading(self) -> None:
        if self._heading is not None:
            level, name, words = self._heading
            self._last_heading = "".join(words).strip()
            self.headings.append(Heading(level, name, self._last_heading))
            self._heading = None

    def _table_frame(self) -> str:
        label = self._last_heading or "表"
        self._labels[label] = self._labels.get(label, 0) + 1
        if self._labels[label] > 1:
            label = f"{label}（{self._labels[label]}）"
        return (
            '<div class="table-scroll" tabindex="0" role="region" '
            f'aria-label="{escape(label)}"><table>'
        )

    def _link(self, given: Mapping[str, str]) -> None:
        self._refuse_rest(given, ("href", "title"))
        target = given.get("href", "")
        try:
            address = self._address(target)
        except NoLink as wrong:
            self.told.append((target, wrong.problem, wrong.remedy))
            self._open.append(("a", ""))
            return
        if any(read == "a" for read, _ in self._open):  # a browser would take them apart
            self._open.append(("a", ""))
            return
        self.out.append(f'<a href="{escape(address)}">')
        self._open.append(("a", "</a>"))

    def _address(self, target: str) -> str:
        # As a browser reads it: blanks and control signs within do not hide a scheme.
        seen = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]", "", target)
        seen = seen.replace("\\", "/")
        if not seen:
            raise NoLink("有一个链接没有写网址", "在括号里写上网址，或者删掉括号")
        if seen.startswith("#"):
            self.fragments.append((seen[1:], _short(seen)))
            return seen
        scheme = _SCHEME.match(seen)
        if seen.startswith("//"):
            raise NoLink(f"链接“{_short(seen)}”的网址不完整", "别的网站写全，以https://开头")
        if scheme is None:
            return self._follow(seen)
        if scheme[1].lower() not in _GOOD_SCHEMES:
            remedy = "只能用https://、tel:（电话）、mailto:（邮箱），或者这个网站自己的页面"
            raise NoLink(f"链接“{_short(seen)}”不能用", remedy)
        if scheme[1].lower() in ("http", "https"):
            if not re.match(r"https?://[^/?#@]+(?:[/?#]|$)", seen, re.IGNORECASE):
                raise NoLink(f"链接“{_short(seen)}”的网址不对", "照浏览器地址栏里的抄一遍")
            return self._follow(seen)
        return seen

    def _refuse_rest(self, given: Mapping[str, str], allowed: tuple[str, ...]) -> None:
        for name in given:
            if name not in allowed and name not in _UNSAID:
                problem = f"花括号里的“{_short(name)}”不起作用"
                self.told.append((name, problem, "删掉那对花括号；标题后面可以写{#英文名}"))

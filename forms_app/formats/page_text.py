"""Reads a finished page as somebody who searches would: its title and the words of its main part.

It knows HTML and nothing of where pages come from or go to.
"""

from html.parser import HTMLParser
from typing import NamedTuple

# Not words of the page: navigation repeats on every page, drawings repeat the list below them,
# and a month or week repeats what each of its activities says on a page of its own.
SKIPPED_TAGS = frozenset({"nav", "script", "style", "svg", "template", "button"})
SKIPPED_CLASSES = frozenset({"headerlink", "toc", "breadcrumb", "calendar-lists"})
SKIPPED_ATTRIBUTE = "data-unsearched"  # of what is looked up, not read: a table of numbers
WITHIN_A_LINE = frozenset(
    {"a", "abbr", "b", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "time"}
)


SECTIONS = ("h2", "h3")  # a larger part, and the parts in it


class Section(NamedTuple):
    """What stands below a heading of the second rank in a part that has an address."""

    id: str
    part: str  # the id of the heading of the first rank above it
    title: str
    text: str


class PageWords(NamedTuple):
    title: str  # its first heading, else its title element
    text: str  # the words of its main part
    sections: tuple[Section, ...]
    moment: str  # the first time that its main part names to machines, or empty


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.moment = ""
        self.sections: list[tuple[str, str, list[str], list[str]]] = []
        self._part = ""
        self._below: list[str] | None = None  # where a section's words go
        self.title: list[str] = []
        self.heading: list[str] = []
        self.words: list[str] = []
        self._in_main = False
        self._in_title = False
        self._in_heading = False
        self._heading_read = False
        self._skipped_tag = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped_tag:
            self._depth += tag == self._skipped_tag
            return
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        is_skipped = tag in SKIPPED_TAGS or SKIPPED_ATTRIBUTE in given
        if is_skipped or not SKIPPED_CLASSES.isdisjoint(classes):
            self._skipped_tag, self._depth = tag, 1
            return
        if tag == "main":
            self._in_main = True
        elif tag == "title":
            self._in_title = True
        elif tag == "h1" and self._in_main:
            self._in_heading = not self._heading_read
        elif tag in SECTIONS and self._in_main:
            self._begin(tag, dict(attrs).get("id") or "")
        elif tag == "time" and self._in_main:
            self.moment = self.moment or dict(attrs).get("datetime") or ""
        if tag not in WITHIN_A_LINE:
            self.words.append(" ")

    def _begin(self, tag: str, heading_id: str) -> None:
        self._below = None
        if tag == SECTIONS[0]:
            self._part = heading_id
        elif heading_id:
            title: list[str] = []
            self.sections.append((heading_id, self._part, title, []))
            self._below = title

    def handle_endtag(self, tag: str) -> None:
        if self._skipped_tag:
            self._depth -= tag == self._skipped_tag
            if self._depth == 0:
                self._skipped_tag = ""
            return
        if tag == "main":
            self._in_main = False
        elif tag == "title":
            self._in_title = False
        elif tag == "h1" and self._in_heading:
            self._in_heading, self._heading_read = False, True
        elif tag == SECTIONS[1] and self._below is not None:
            self._below = self.sections[-1][3]
        if tag not in WITHIN_A_LINE:
            self.words.append(" ")
            if self._below is not None:
                self._below.append(" ")

    def handle_data(self, data: str) -> None:
        if self._skipped_tag:
            return
        if self._in_title:
            self.title.append(data)
        elif self._in_heading:
            self.heading.append(data)
        elif self._in_main:
            self.words.append(data)
            if self._below is not None:
                self._below.append(data)


def read_page(html: str) -> PageWords:
    """A page as somebody who searches would read it."""
    reader = _Reader()
    reader.feed(_without_frame(html))
    reader.close()
    sections = tuple(
        Section(key, part, _one_line(title), _one_line(text))
        for key, part, title, text in reader.sections
    )
    title = _one_line(reader.heading) or _one_line(reader.title)
    return PageWords(title, _one_line(reader.words), sections, reader.moment)


def _without_frame(html: str) -> str:
    """The head and the main part: header and footer are most of a short page's elements."""
    head, body, rest = html.partition("<body")
    _, main, inner = rest.partition("<main")
    if not main:
        return html
    return f"{head}{body}>{main}{inner.partition('</main>')[0]}</main>"


def _one_line(pieces: list[str]) -> str:
    return " ".join("".join(pieces).split())

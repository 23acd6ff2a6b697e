"""Reads a finished page as somebody who searches would: its title and the words of its main part.

It knows HTML and nothing of where pages come from or go to.
"""

from html.parser import HTMLParser

# Not words of the page: navigation repeats on every page, drawings repeat the list below them,
# and a month or week repeats what each of its activities says on a page of its own.
SKIPPED_TAGS = frozenset({"nav", "script", "style", "svg", "template", "button"})
SKIPPED_CLASSES = frozenset({"headerlink", "toc", "breadcrumb", "calendar-lists"})
WITHIN_A_LINE = frozenset(
    {"a", "abbr", "b", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "time"}
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
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
        classes = (dict(attrs).get("class") or "").split()
        if tag in SKIPPED_TAGS or not SKIPPED_CLASSES.isdisjoint(classes):
            self._skipped_tag, self._depth = tag, 1
            return
        if tag == "main":
            self._in_main = True
        elif tag == "title":
            self._in_title = True
        elif tag == "h1" and self._in_main:
            self._in_heading = not self._heading_read
        if tag not in WITHIN_A_LINE:
            self.words.append(" ")

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
        if tag not in WITHIN_A_LINE:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if self._skipped_tag:
            return
        if self._in_title:
            self.title.append(data)
        elif self._in_heading:
            self.heading.append(data)
        elif self._in_main:
            self.words.append(data)


def page_text(html: str) -> tuple[str, str]:
    """A page's title (its first heading, else its title element) and the words of its main part."""
    reader = _Reader()
    reader.feed(_without_frame(html))
    reader.close()
    title = _one_line(reader.heading) or _one_line(reader.title)
    return title, _one_line(reader.words)


def _without_frame(html: str) -> str:
    """The head and the main part: header and footer are most of a short page's elements."""
    head, body, rest = html.partition("<body")
    _, main, inner = rest.partition("<main")
    if not main:
        return html
    return f"{head}{body}>{main}{inner.partition('</main>')[0]}</main>"


def _one_line(pieces: list[str]) -> str:
    return " ".join("".join(pieces).split())

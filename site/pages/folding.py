"""Sections of a page that the elder version shows by their headings alone, until one is opened.

An address opens it (`#fold-2`, or that of anything inside), without a script: whoever comes by a
link to a heading finds it open. The ordinary version, paper and old browsers show everything.
"""

import re
from html import escape, unescape
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"})
_TAGS = re.compile(r"<[^>]+>")
# Two columns of a desk, a div of the class `columns` around one each, which sections may stand in.
COLUMNS, COLUMN = "columns", "column"


class _Tops(HTMLParser):
    """Where the headings of the second level begin and end that stand in nothing else but a column,
    and where what belongs to each ends: `found`.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, int, int]] = []
        self._open: list[str] = []
        self._begins: int | None = None
        self._heading: tuple[int, int] | None = None
        self._lines = [0]
        for line in html.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self.feed(html)
        self.close()
        self._end(len(html))

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _end(self, place: int) -> None:
        if self._heading is not None:
            self.found.append((*self._heading, place))
            self._heading = None

    def _is_top(self) -> bool:
        return self._open in ([], [COLUMNS, COLUMN])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h2" and self._is_top():
            self._end(self._place())
            self._begins = self._place()
        if tag == "div" and not self._open and COLUMNS in (dict(attrs).get("class") or "").split():
            self._end(self._place())
            self._open.append(COLUMNS)
        elif tag == "div" and self._open == [COLUMNS]:
            self._open.append(COLUMN)
        elif tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        names = (tag, COLUMNS, COLUMN) if tag == "div" else (tag,)
        if any(name in self._open for name in names):
            while (closed := self._open.pop()) not in names:
                pass
            if closed in (COLUMNS, COLUMN):
                self._end(self._place())
        if tag == "h2" and self._is_top() and self._begins is not None:
            self._heading = self._begins, self._place() + len("</h2>")
            self._begins = None


def folded(html: str, opens: str = "打开：") -> str:
    """The HTML with what follows each such heading in a part that can be folded.

    `opens` is what a screen reader says before the heading.
    """
    parts, done = [], 0
    for number, (begins, behind, end) in enumerate(_Tops(html).found, 1):
        heading = html[begins:behind]
        words = escape(unescape(_TAGS.sub("", heading)).strip())
        parts.append(
            f'{html[done:begins]}<section class="fold" id="fold-{number}">\n{heading}\n'
            f'<p class="fold-open"><a class="btn" href="#fold-{number}"'
            f' aria-label="{opens}{words}"></a></p>\n'
            f'<div class="fold-rest">\n{html[behind:end].strip()}\n</div>\n</section>\n'
        )
        done = end
    return "".join(parts) + html[done:]

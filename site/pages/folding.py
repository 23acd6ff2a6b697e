"""Sections of a page that the elder version shows by their headings alone, until one is opened.

An address opens it (`#fold-2`, or that of anything inside), without a script: whoever comes by a
link to a heading finds it open. The ordinary version, paper and old browsers show everything.
"""

import re
from html import escape, unescape
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"})
_TAGS = re.compile(r"<[^>]+>")


class _Tops(HTMLParser):
    """Where the headings of the second level begin and end that stand in nothing else."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, int]] = []
        self._open: list[str] = []
        self._begins: int | None = None
        self._lines = [0]
        for line in html.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self.feed(html)
        self.close()

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h2" and not self._open:
            self._begins = self._place()
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "h2" and not self._open and self._begins is not None:
            self.found.append((self._begins, self._place() + len("</h2>")))
            self._begins = None


def folded(html: str, opens: str = "打开：") -> str:
    """The HTML with what follows each such heading in a part that can be folded.

    `opens` is what a screen reader says before the heading.
    """
    tops = _Tops(html).found
    if not tops:
        return html
    parts = [html[: tops[0][0]]]
    ends = [begins for begins, _ in tops[1:]] + [len(html)]
    for number, ((begins, behind), end) in enumerate(zip(tops, ends, strict=True), 1):
        heading = html[begins:behind]
        words = escape(unescape(_TAGS.sub("", heading)).strip())
        parts.append(
            f'<section class="fold" id="fold-{number}">\n{heading}\n'
            f'<p class="fold-open"><a class="btn" href="#fold-{number}"'
            f' aria-label="{opens}{words}"></a></p>\n'
            f'<div class="fold-rest">\n{html[behind:end].strip()}\n</div>\n</section>\n'
        )
    return "".join(parts)

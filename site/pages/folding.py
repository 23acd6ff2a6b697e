"""Sections of a page that the elder version shows by their headings alone, until one is opened.

An address opens it (`#fold-2`, or that of anything inside), without a script: whoever comes by a
link to a heading finds it open. The ordinary version, paper and old browsers show everything.
"""

import re
from html import escape, unescape

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"})
_TAGS = re.compile(r"<[^>]+>")
# Comments, and tags with what they say. Whatever comes here was written by our own templates or by
# an escaping Markdown; Python's parser of any HTML takes three times as long.
_MARKS = re.compile(
    r"""<!--.*?-->|<(?P<ends>/?)(?P<tag>[a-z][a-z0-9-]*+)(?P<says>(?:[^"'>]|"[^"]*"|'[^']*')*+)>""",
    re.DOTALL | re.IGNORECASE,
)
_CLASS = re.compile(r"""\sclass=["']?([^"'>]*)""")
# Two columns of a desk, a div of the class `columns` around one each, which sections may stand in.
COLUMNS, COLUMN = "columns", "column"


class _Tops:
    """Where the headings of the second level begin and end that stand in nothing else but a column,
    and where what belongs to each ends: `found`.
    """

    def __init__(self, html: str) -> None:
        self.found: list[tuple[int, int, int]] = []
        self._open: list[str] = []
        self._begins: int | None = None
        self._heading: tuple[int, int] | None = None
        for mark in _MARKS.finditer(html):
            tag, says = (mark["tag"] or "").lower(), mark["says"]
            if tag in VOID or not tag or says.endswith("/"):
                continue
            if mark["ends"]:
                self._end_tag(tag, mark.start(), mark.end())
            else:
                self._start_tag(tag, says, mark.start())
        self._end(len(html))

    def _end(self, place: int) -> None:
        if self._heading is not None:
            self.found.append((*self._heading, place))
            self._heading = None

    def _is_top(self) -> bool:
        return self._open in ([], [COLUMNS, COLUMN])

    def _start_tag(self, tag: str, says: str, place: int) -> None:
        if tag == "h2" and self._is_top():
            self._end(place)
            self._begins = place
        if tag == "div" and not self._open and _is_columns(says):
            self._end(place)
            self._open.append(COLUMNS)
        elif tag == "div" and self._open == [COLUMNS]:
            self._open.append(COLUMN)
        else:
            self._open.append(tag)

    def _end_tag(self, tag: str, place: int, behind: int) -> None:
        names = (tag, COLUMNS, COLUMN) if tag == "div" else (tag,)
        if any(name in self._open for name in names):
            while (closed := self._open.pop()) not in names:
                pass
            if closed in (COLUMNS, COLUMN):
                self._end(place)
        if tag == "h2" and self._is_top() and self._begins is not None:
            self._heading = self._begins, behind
            self._begins = None


def _is_columns(says: str) -> bool:
    classes = _CLASS.search(says)
    return classes is not None and COLUMNS in classes[1].split()


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

"""Tables written as marked-up text under the name of a workbook: the web page that many offices'
systems export as .xls, and Excel 2003's XML. Read as text: nothing that they name is fetched."""

import re
from collections.abc import Mapping
from contextlib import suppress
from html.parser import HTMLParser

from forms_app.rules.said import said
from forms_app.spreadsheets.delimited import decoded
from forms_app.spreadsheets.raw import LAST_COLUMN, LAST_ROW, Budget, Enough, Page

MAIL = b"mime-version:"  # a web page put into one file as mail is
BEGINNINGS = (b"<html", b"<!doc", b"<table", b"<?xml", b"<meta", b"<style", MAIL)
# A page of the web is pages of tables; a workbook in XML calls the same things otherwise.
_ROWS = {"tr", "row"}
_CELLS = {"td", "th", "cell"}
_BREAKS = {"br", "p", "div"}
_MOST_DIGITS = 9
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_UNSEEN = {"script", "style", "title", "styles", "comment"}


def has_table(content: bytes) -> bool:
    """Whether marked-up text that begins in a way of its own, as with a comment, has a table."""
    return _TABLE.search(decoded(content)) is not None


def read_markup(content: bytes, budget: Budget) -> list[Page]:
    """Its tables, none where it has none. Raises FileRefused where there is too much of it."""
    reader = _Tables(budget)
    with suppress(Enough):
        # Closed by this, and never by close(): that would look through all the rest anew for each
        # mark that is left open.
        reader.feed(f"{decoded(content)}</table>")
    return reader.pages


class _Tables(HTMLParser):
    """Cell by cell: a table within a cell is words of that cell."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(convert_charrefs=True)
        self.pages: list[Page] = []
        self._budget = budget
        self._name = ""
        self._depth = 0
        self._unseen = ""
        self._row = self._place = 0
        self._taken: dict[int, int] = {}  # place → last row that a cell above reaches down to
        self._next = 0  # the place behind the cell that is open
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.rpartition(":")[2]
        given = {name.rpartition(":")[2]: value or "" for name, value in attrs}
        if self._unseen:
            return
        if tag in _UNSEEN:
            self._unseen = tag
        elif tag == "worksheet":
            self._name = given.get("name", "")
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._begin_page()
        elif tag in _BREAKS and self._words is not None:
            self._words.append("\n")
        elif self._depth == 1 and tag in _ROWS:
            self._begin_row(given)
        elif self._depth == 1 and tag in _CELLS:
            self._begin_cell(given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag.rpartition(":")[2] in _CELLS | _ROWS | _UNSEEN | {"table"}:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if self._unseen:
            self._unseen = "" if tag == self._unseen else self._unseen
        elif tag == "table" and self._depth:
            if self._depth == 1:
                self._end_cell()
            self._depth -= 1
        elif self._depth == 1 and tag in _CELLS | _ROWS:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._words is not None and not self._unseen:
            # Line ends of the file are the writer's; those of a page's words are <br>.
            self._words.append(" ".join(data.split()) if "\n" in data else data)

    def _begin_page(self) -> None:
        self._budget.take("pages")
        name = self._name or said("表格%(number)s", number=len(self.pages) + 1)
        self.pages.append(Page(name, self._budget))
        self._row = 0
        self._taken = {}

    def _begin_row(self, given: Mapping[str, str]) -> None:
        self._end_cell()
        self._row = _number(given, "index", self._row + 1, LAST_ROW)
        self._place = 0
        self.pages[-1].see(self._row)

    def _begin_cell(self, given: Mapping[str, str]) -> None:
        self._end_cell()
        if not self._row:
            self._begin_row({})
        self._place = _number(given, "index", self._place + 1, LAST_COLUMN) - 1
        while self._taken.get(self._place, 0) >= self._row:
            self._place += 1
        # Excel's XML counts the cells beyond the first.
        wide = max(_number(given, "colspan", 1, LAST_COLUMN), _number(given, "mergeacross", 0) + 1)
        high = max(_number(given, "rowspan", 1, LAST_ROW), _number(given, "mergedown", 0) + 1)
        wide = min(wide, LAST_COLUMN - self._place)
        last = min(self._row + high - 1, LAST_ROW)
        if wide > 1 or high > 1:
            self.pages[-1].merge((self._row, self._place, last, self._place + wide - 1))
        if last > self._row:
            self._budget.take("seen", wide)
            self._taken.update(dict.fromkeys(range(self._place, self._place + wide), last))
        self._words = []
        self._next = self._place + wide

    def _end_cell(self) -> None:
        if self._words is None:
            return
        self.pages[-1].put(self._row, self._place, "".join(self._words).replace("\xa0", " "))
        self._place = self._next
        self._words = None


def _number(given: Mapping[str, str], name: str, usual: int, most: int = LAST_ROW) -> int:
    text = given.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS):
        return usual
    return min(max(int(text), usual and 1), most)

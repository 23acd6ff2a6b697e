"""Workbooks in the open format of LibreOffice (.ods; OpenDocument 1.3 Part 3, chapter 9)."""

import zipfile
from collections.abc import Iterator
from contextlib import suppress

from forms_app.spreadsheets.numbers import number_text
from forms_app.spreadsheets.raw import LAST_ROW, Budget, Enough, Page
from forms_app.spreadsheets.xml_parts import Attributes, Handler, local, parse

CONTENT = "content.xml"
_NO_COLOUR = ("", "transparent", "ffffff")
_HIDDEN = ("collapse", "filter")


def read_ods(archive: zipfile.ZipFile, budget: Budget) -> Iterator[Page]:
    """The pages of a workbook in their order."""
    cells = _Cells(budget)
    with suppress(Enough):  # what stands below is left unread, and the page says so
        parse(archive, CONTENT, cells, budget)
    pictures = sum(name.startswith("Pictures/") for name in archive.namelist())
    for page in cells.pages:
        page.pictures = pictures
    yield from cells.pages


class _Cells(Handler):
    def __init__(self, budget: Budget) -> None:
        self.pages: list[Page] = []
        self._budget = budget
        self._row = self._rows = 0  # the last row, and how often it stands there
        self._place = self._columns = 0
        self._depth = 0  # tables within cells are no pages
        self._value: tuple[str, bool] | None = None
        self._lines: list[list[str]] = []
        self._times = 1
        self._spans = (1, 1)
        self._in_cell = self._is_aside = False
        self._style = ""  # of which something is said
        self._struck: set[str] = set()  # styles
        self._fills: dict[str, str] = {}  # style → its colour
        self._is_struck, self._fill = False, ""
        self._note: list[str] = []
        self._in_note = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "style":
            self._style = local(attributes, "name")
        elif name == "text-properties" and self._depth == 0:
            if local(attributes, "text-line-through-style") not in ("", "none"):
                self._struck.add(self._style)
        elif name == "table-cell-properties" and self._depth == 0:
            self._fills[self._style] = local(attributes, "background-color").lstrip("#")
        elif name == "table":
            self._depth += 1
            if self._depth == 1:
                self._budget.take("pages")
                self.pages.append(Page(local(attributes, "name"), self._budget))
                self._row = self._rows = self._columns = 0
        elif self._depth != 1:
            return
        elif name == "table-row":
            self._row += self._rows or 1
            self._rows = _times(attributes, "number-rows-repeated")
            self._place = 0
            self._page.see(self._row)
            if local(attributes, "visibility") in _HIDDEN and self._rows < LAST_ROW // 2:
                self._page.hidden_rows.update(range(self._row, self._row + min(self._rows, 1000)))
        elif name == "table-column":
            first = self._columns
            self._columns += _times(attributes, "number-columns-repeated")
            if local(attributes, "visibility") in _HIDDEN:
                self._budget.take("seen")
                self._page.hidden_columns.append((first, self._columns - 1))
        elif name in ("table-cell", "covered-table-cell"):
            self._begin(attributes)
        elif name == "annotation":
            self._is_aside, self._note = True, []
        elif self._is_aside:
            self._in_note = name in ("p", "span")
        elif self._in_cell:
            if name in ("p", "h"):
                self._lines.append([])
            elif self._lines and name in ("line-break", "tab", "s"):
                self._lines[-1].append("\n" if name == "line-break" else " ")

    def text(self, words: str) -> None:
        if self._is_aside:
            self._note += [words] if self._in_note else []
        elif self._in_cell and self._lines and self._depth == 1:
            self._budget.take("words", len(words))
            self._lines[-1].append(words)

    def end(self, name: str) -> None:
        if name == "table":
            self._depth -= 1
        elif name == "annotation":
            self._is_aside = False
            self._page.note(self._row, "".join(self._note))
        elif self._is_aside:
            self._in_note = False
        elif name in ("table-cell", "covered-table-cell") and self._depth == 1:
            self._finish()

    @property
    def _page(self) -> Page:
        return self.pages[-1]

    def _begin(self, attributes: Attributes) -> None:
        self._in_cell = True
        self._lines = []
        self._times = _times(attributes, "number-columns-repeated")
        self._spans = (
            _times(attributes, "number-rows-spanned"),
            _times(attributes, "number-columns-spanned"),
        )
        kind = local(attributes, "value-type")
        style = local(attributes, "style-name")
        self._is_struck, self._fill = style in self._struck, self._fills.get(style, "")
        self._value = None
        if kind == "float":
            self._value = number_text(local(attributes, "value"))
        elif kind == "date":
            self._value = local(attributes, "date-value").replace("T", " "), False
        elif kind == "boolean":
            self._value = ("是" if local(attributes, "boolean-value") == "true" else "否"), False
        elif local(attributes, "formula") and not kind:
            self._page.formulas += 1

    def _finish(self) -> None:
        self._in_cell = False
        shown = "\n".join("".join(line) for line in self._lines)
        # A number that shows an error is the error: its value is written as 0.
        has_value = self._value is not None and not shown.startswith(("#", "Err:"))
        text, is_rounded = self._value if has_value and self._value else (shown, False)
        if text.strip():
            for row in range(self._row, self._row + self._rows):
                self._page.fills.setdefault(row, "" if self._fill in _NO_COLOUR else self._fill)
                for place in range(self._place, self._place + self._times):
                    self._page.put(row, place, text, is_rounded=is_rounded)
            if self._is_struck:
                struck = self._page.struck
                struck[self._row] = struck.get(self._row, 0) + self._times
        else:
            self._page.see(self._row)
        rows, columns = self._spans
        if (rows, columns) != (1, 1):
            self._page.merge(
                (self._row, self._place, self._row + rows - 1, self._place + columns - 1)
            )
        self._place += self._times


def _times(attributes: Attributes, name: str) -> int:
    text = local(attributes, name)
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1

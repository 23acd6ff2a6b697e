"""Workbooks of Excel and WPS (.xlsx, .xlsm; ECMA-376 Part 1, chapter 18), cell by cell.

Of a formula the value that was worked out counts; an error such as `#REF!` stays what it says.
"""

import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from forms_app.spreadsheets.numbers import day_text, is_date_format, number_text
from forms_app.spreadsheets.raw import (
    LAST_COLUMN,
    MOST_FILLED,
    MOST_WORDS,
    Area,
    Budget,
    Enough,
    Page,
    refuse,
)
from forms_app.spreadsheets.xml_parts import Attributes, Handler, local, parse

WORKBOOK = "xl/workbook.xml"
_NO_COLOUR = ("", "FFFFFFFF", "00FFFFFF")
_YES = ("1", "true")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REF = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@lru_cache(20_000)
def place_of(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(place: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_xlsx(archive: zipfile.ZipFile, budget: Budget) -> Iterator[Page]:
    """The pages of a workbook, hidden ones last."""
    book = _Book()
    parse(archive, WORKBOOK, book, budget)
    links = _Links()
    parse(archive, "xl/_rels/workbook.xml.rels", links, budget)
    names = set(archive.namelist())
    pictures = sum(name.startswith("xl/media/") for name in names)
    words = _Words()
    if links.words in names:
        parse(archive, links.words, words, budget)
    styles = _Styles()
    if links.styles in names:
        parse(archive, links.styles, styles, budget)
    for _, name, key in sorted(book.pages, key=lambda page: page[0]):
        part = links.pages.get(key)
        if part in names:
            budget.take("pages")
            page = Page(name, budget)
            with suppress(Enough):  # what stands below is left unread, and the page says so
                parse(archive, part, _Cells(page, words.found, styles, book.from_1904), budget)
            page.pictures = max(page.pictures, pictures)
            for comments in _comments_of(archive, part, names, budget):
                parse(archive, comments, _Comments(page), budget)
            yield page


def _comments_of(
    archive: zipfile.ZipFile, part: str, names: Collection[str], budget: Budget
) -> list[str]:
    """The parts that hold the comments of a page."""
    folder, _, name = part.rpartition("/")
    links = _Links(f"/{folder}")
    if (beside := f"{folder}/_rels/{name}.rels") in names:
        parse(archive, beside, links, budget)
    return [found for found in links.comments if found in names]


@dataclass
class _Book(Handler):
    pages: list[tuple[bool, str, str]] = field(default_factory=list)  # hidden?, name, link
    from_1904: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            self.pages.append((hidden, attributes.get("name", ""), local(attributes, "id")))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in _YES


@dataclass
class _Links(Handler):
    folder: str = "/xl"
    comments: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)  # link → part
    words: str = "xl/sharedStrings.xml"
    styles: str = "xl/styles.xml"

    def start(self, name: str, attributes: Attributes) -> None:
        if name != "Relationship":
            return
        target = attributes.get("Target", "")
        part = posixpath.normpath(posixpath.join(self.folder, target)).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind == "worksheet":
            self.pages[attributes.get("Id", "")] = part
        elif kind == "sharedStrings":
            self.words = part
        elif kind == "styles":
            self.styles = part
        elif kind == "comments":
            self.comments.append(part)


class _Words(Handler):
    """The texts that cells share; how they are read aloud is no part of them."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._left = MOST_WORDS
        self._parts: list[str] = []
        self._listens = self._is_aside = False

    def start(self, name: str, _attributes: Attributes) -> None:
        if name == "si":
            if len(self.found) == MOST_FILLED:
                refuse("filled")
            self._parts = []
        elif name == "rPh":
            self._is_aside = True
        elif name == "t":
            self._listens = not self._is_aside

    def text(self, words: str) -> None:
        if self._listens:
            self._parts.append(words)

    def end(self, name: str) -> None:
        if name == "t":
            self._listens = False
        elif name == "rPh":
            self._is_aside = False
        elif name == "si":
            text = _unescaped("".join(self._parts))
            self._left -= len(text)
            if self._left < 0:
                refuse("words")
            self.found.append(text)


class _Comments(Handler):
    def __init__(self, page: Page) -> None:
        self._page, self._row = page, 0
        self._parts: list[str] = []
        self._listens = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "comment":
            found = _REF.fullmatch(attributes.get("ref", ""))
            self._row, self._parts = int(found[2]) if found else 0, []
        self._listens = name == "t"

    def text(self, words: str) -> None:
        if self._listens:
            self._parts.append(words)

    def end(self, name: str) -> None:
        self._listens = False
        if name == "comment":
            self._page.note(self._row, _unescaped("".join(self._parts)))


class _Styles(Handler):
    def __init__(self) -> None:
        self.fill: list[str] = []  # by the style of a cell: its colour, "" where it has none
        self._colours: list[str] = []  # by the number of a fill
        self.is_date: list[bool] = []  # by the style of a cell
        self.is_struck: list[bool] = []  # likewise
        self._fonts: list[bool] = []  # struck through, by the number of a font
        self._codes: dict[int, str] = {}
        self._in_cells = self._in_fonts = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "fonts":
            self._in_fonts = True
        elif name == "font" and self._in_fonts:
            self._fonts.append(False)
        elif name == "strike" and self._in_fonts and self._fonts:
            self._fonts[-1] = attributes.get("val", "1") in _YES
        elif name == "numFmt":
            self._codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "fill":
            self._colours.append("")
        elif name == "fgColor" and self._colours:
            theme = attributes.get("theme", "")
            # The background of a theme is no colour.
            self._colours[-1] = attributes.get("rgb", "") or (
                "" if theme == "0" else f"theme{theme}"
            )
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            fill = _whole(attributes.get("fillId"))
            colour = self._colours[fill] if fill < len(self._colours) else ""
            self.fill.append("" if colour in _NO_COLOUR else colour)
            format_id = _whole(attributes.get("numFmtId"))
            self.is_date.append(is_date_format(format_id, self._codes.get(format_id, "")))
            font = _whole(attributes.get("fontId"))
            self.is_struck.append(font < len(self._fonts) and self._fonts[font])

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False
        elif name == "fonts":
            self._in_fonts = False


class _Cells(Handler):
    def __init__(self, page: Page, words: list[str], styles: _Styles, from_1904: bool) -> None:
        self._page, self._words, self._from_1904 = page, words, from_1904
        self._is_date = styles.is_date
        self._fill, self._is_struck = styles.fill, styles.is_struck
        self._row, self._place = 0, -1
        self._kind, self._style = "n", 0
        self._parts: list[str] = []
        self._listens = self._is_aside = self._has_formula = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            ref = attributes.get("r")
            found = _REF.fullmatch(ref) if ref else None
            self._place = place_of(found[1]) if found else self._place + 1
            if self._place >= LAST_COLUMN:
                refuse("filled")
            self._kind = attributes.get("t", "n")
            self._style = _whole(attributes.get("s"))
            self._parts = []
            self._has_formula = False
        elif name in ("v", "t"):
            self._listens = not self._is_aside
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._row = _whole(attributes.get("r")) or self._row + 1
            self._place = -1
            self._page.see(self._row)
            if attributes.get("hidden") in _YES:
                self._page.hidden_rows.add(self._row)
        elif name == "rPh":
            self._is_aside = True
        elif name == "mergeCell":
            area = _area(attributes.get("ref", ""))
            if area:
                self._page.merge(area)
        elif name == "col" and attributes.get("hidden") in _YES:
            span = (_whole(attributes.get("min")) - 1, _whole(attributes.get("max")) - 1)
            self._page.budget.take("seen")
            self._page.hidden_columns.append(span)

    def text(self, words: str) -> None:
        if self._listens:
            self._parts.append(words)

    def end(self, name: str) -> None:
        if name == "c":
            raw = "".join(self._parts)
            if self._has_formula and not raw:
                self._page.formulas += 1
            text, is_rounded = self._told(raw) if raw else ("", False)
            self._page.put(self._row, self._place, text, is_rounded=is_rounded)
            if text and self._style < len(self._fill) and self._row not in self._page.fills:
                self._page.fills[self._row] = self._fill[self._style]
            if text and self._style < len(self._is_struck) and self._is_struck[self._style]:
                self._page.struck[self._row] = self._page.struck.get(self._row, 0) + 1
        elif name in ("v", "t"):
            self._listens = False
        elif name == "rPh":
            self._is_aside = False

    def _told(self, raw: str) -> tuple[str, bool]:
        kind = self._kind
        if kind == "s":
            place = _whole(raw)
            return (self._words[place] if place < len(self._words) else ""), False
        if kind == "n":
            style = self._style
            if style < len(self._is_date) and self._is_date[style]:
                return day_text(raw, from_1904=self._from_1904), False
            return number_text(raw)
        if kind == "b":
            return ("是" if raw in _YES else "否"), False
        return (_unescaped(raw) if kind in ("str", "inlineStr") else raw.replace("T", " ")
                if kind == "d" else raw), False  # fmt: skip


def _area(ref: str) -> Area | None:
    first, _, last = ref.partition(":")
    here, there = _REF.fullmatch(first), _REF.fullmatch(last)
    if not here or not there:
        return None
    return int(here[2]), place_of(here[1]), int(there[2]), place_of(there[1])


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text

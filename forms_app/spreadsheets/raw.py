"""The filled cells of one page of a workbook, and how much of a file is read before it is refused.

Whatever opens a file puts its cells in here one by one; a file that would cost too much is refused
at the first cell beyond, not after it was read.
"""

import re
from collections.abc import Iterator
from typing import IO, NoReturn

from msgspec import Struct, field

from forms_app.rules.folding import printable
from forms_app.rules.said import said
from forms_app.spreadsheets.columns import STRUCK
from forms_app.spreadsheets.sheets import FileRefused

MOST_UNPACKED = 200 * 1024 * 1024  # bytes
MOST_FILLED = 400_000  # cells
MOST_SEEN = 2_000_000  # cells and rows with the empty ones, which only have a border
MOST_WORDS = 20_000_000  # letters in all cells
MOST_MERGED = 50_000  # areas
MOST_FILLED_DOWN = 600_000  # cells that take the words of a merged area
MOST_PAGES = 100
# Wider and longer than any spreadsheet program makes them.
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
# A border drawn down whole columns makes a million rows; after so many empty ones there is no more.
EMPTY_ROWS = 1000

_TOO_MUCH = "这个文件里的格子太多。请只留需要的几列、几行，另存为新表再导入。"
_PICTURES = ("=DISPIMG(", "=_xlfn.DISPIMG(")  # what WPS writes for a picture within a cell
# What Excel writes above a comment with answers, for older versions of itself.
_THREADED = re.compile(r"\[[^\]]{2,40}\][^:：]*(?:https?:[^:：]*)?(?:注释|批注|Comment)[:：]\s*")
_NEARLY_ALL = 0.8  # of a row's cells
_CHUNK = 64 * 1024

Area = tuple[int, int, int, int]  # first row, first place, last row, last place


class Enough(Exception):
    """The rest of this page is empty rows without end."""


class Budget(Struct):
    """What is left of a file's allowance; shared by all its pages."""

    unpacked: int = MOST_UNPACKED
    filled: int = MOST_FILLED
    seen: int = MOST_SEEN
    words: int = MOST_WORDS
    merged: int = MOST_MERGED
    filled_down: int = MOST_FILLED_DOWN
    pages: int = MOST_PAGES

    def take(self, what: str, count: int = 1) -> None:
        """Raises FileRefused where there is not as much left."""
        left = getattr(self, what) - count
        setattr(self, what, left)
        if left < 0:
            refuse(what)


def refuse(what: str) -> NoReturn:
    """Raises FileRefused, for what there is too much of."""
    if what == "unpacked":
        raise FileRefused("这个文件解开以后太大了。请只留需要的几列、几行，另存为新表再导入。")
    if what in ("merged", "filled_down"):
        raise FileRefused(
            said(
                "这个文件合并的格子太多，一次最多%(most)s处。请取消合并，另存为新表再导入。",
                most=MOST_MERGED,
            )
        )
    raise FileRefused(_TOO_MUCH)


class Page(Struct):
    """One page: row → place → text, of filled cells only. Rows count from 1, places from 0."""

    name: str
    budget: Budget
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    rounded: set[tuple[int, int]] = field(default_factory=set)  # numbers that lost their end
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last place
    formulas: int = 0  # never worked out: they have no value
    pictures: int = 0  # within cells, and on the pages of the whole file
    notes: dict[int, list[str]] = field(default_factory=dict)  # row → comments beside its cells
    struck: dict[int, int] = field(default_factory=dict)  # row → how many cells are struck through
    fills: dict[int, str] = field(default_factory=dict)  # row → the colour of its first filled cell
    stopped_after: int = 0  # the row after which nothing more was read; 0 is to its end
    _last: int = 0

    def put(self, row: int, place: int, text: str, *, is_rounded: bool = False) -> None:
        """Keeps a cell; an empty one only counts as seen."""
        budget = self.budget
        budget.seen -= 1
        if budget.seen < 0:
            self._overrun(row)
        text = printable(text).strip()
        if not text:
            return
        if text.startswith(_PICTURES):
            self.pictures += 1
            return
        if not (0 <= place < LAST_COLUMN and 0 < row <= LAST_ROW):
            refuse("filled")
        budget.filled -= 1
        budget.words -= len(text)
        if budget.filled < 0 or budget.words < 0:
            refuse("filled")
        cells = self.rows.get(row)
        if cells is None:
            cells = self.rows[row] = {}
            self._last = max(self._last, row)
        cells[place] = text
        if is_rounded:
            self.rounded.add((row, place))

    def see(self, row: int) -> None:
        """Counts a row; raises Enough where empty ones never end."""
        self.budget.seen -= 1
        if self.budget.seen < 0:
            self._overrun(row)

    def _overrun(self, row: int) -> None:
        if row - self._last <= EMPTY_ROWS:
            refuse("seen")
        self.stopped_after = self._last
        self.budget.seen = MOST_SEEN // 10  # for the pages behind
        raise Enough

    def note(self, row: int, words: str) -> None:
        """Keeps a comment that somebody fixed to a cell."""
        text = _THREADED.sub("", printable(words)).strip()
        if text:
            self.budget.take("words", len(text))
            self.notes.setdefault(row, []).append(text)

    def beside(self, row: int) -> str:
        """What is said of a row beside its cells."""
        filled, struck = len(self.rows.get(row, ())), self.struck.get(row, 0)
        is_struck = struck > 1 and struck >= _NEARLY_ALL * filled
        return "\n".join((*self.notes.get(row, ()), *((STRUCK,) if is_struck else ())))

    def merge(self, area: Area) -> None:
        self.budget.take("merged")
        self.merged.append(area)


def chunks(file: IO[bytes], budget: Budget) -> Iterator[bytes]:
    """An unpacked part piece by piece: a size written down in the file may be a lie."""
    while piece := file.read(_CHUNK):
        budget.take("unpacked", len(piece))
        yield piece

"""One spreadsheet row or list item: its cells by column, read into values, its errors noted.

It knows the shape of a row, never what a column means.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeAlias, TypeVar

from msgspec import Struct

from forms_app.community.errors import DataError
from forms_app.community.values import SLUG, TEXT, Kind, Unreadable, nearest
from forms_app.rules.folding import printable

T = TypeVar("T")
D = TypeVar("D")

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
NAMING = ("id", "uid", "code", "name")


class Cell(Struct, frozen=True):
    """A text, a list or a mapping, and the line it begins on."""

    value: "str | tuple[Cell, ...] | Mapping[str, Cell]"
    line: int

    @property
    def is_blank(self) -> bool:
        return not (self.value.strip() if isinstance(self.value, str) else self.value)


Cells: TypeAlias = Mapping[str, Cell]


class Row(Struct, frozen=True):
    """`item` says which list item it is; a spreadsheet row has its line only."""

    file: str
    item: str
    line: int
    cells: Cells
    errors: list[DataError]

    def refuse(
        self, key: str, problem: str, remedy: str, line: int | None = None, *, is_echo: bool = False
    ) -> None:
        """Note an error of this row's column, or of the whole row where `key` is empty."""
        if line is None:
            line = self.cells[key].line if key in self.cells else self.line
        place = f"{self.item}，第 {line} 行" if self.item else f"第 {line} 行"
        self.errors.append(DataError(self.file, place, key, problem, remedy, is_echo))

    def checked(self, required: Collection[str], optional: Collection[str] = ()) -> "Row":
        """The same row, with an error for each key that is missing or that nobody knows."""
        usable = [*required, *optional]
        for key in self.cells:
            if key not in usable:
                self.refuse(key, f"不认识「{key}」这一项", nearest(key, usable))
        for key in required:
            if key not in self.cells:
                self.refuse(key, f"缺少「{key}」这一项", f"补上「{key}」")
        return self

    def is_filled(self, key: str) -> bool:
        """Whether the column is there and something stands in it."""
        return key in self.cells and not self.cells[key].is_blank

    def plain(self, key: str) -> str:
        """What stands in the cell as text, without any check."""
        value = self.cells[key].value if key in self.cells else ""
        return value.strip() if isinstance(value, str) else ""

    def _read(self, column: str, cell: Cell, kind: Kind[T]) -> T:
        if not isinstance(cell.value, str):
            shape = "一列" if isinstance(cell.value, tuple) else "一组"
            self.refuse(column, f"这里要一个值，现在是{shape}", "写成一个值", cell.line)
            return kind.stand_in
        text = cell.value.strip().replace("\r\n", "\n")
        if not _CONTROL.search(text):  # those are told as a mistake
            text = printable(text).strip()
        try:
            return kind.read(text)
        except Unreadable as refused:
            problem, remedy, is_echo = refused.problem, refused.remedy, refused.is_echo
        halfwidth = unicodedata.normalize("NFKC", text)
        if halfwidth != text and _is_readable(kind, halfwidth):
            problem, remedy = f"「{text}」用了全角字符", f"改成半角的「{halfwidth}」"
        self.refuse(column, problem, remedy, cell.line, is_echo=is_echo)
        return kind.stand_in

    def get(self, key: str, kind: Kind[T]) -> T:
        """The value of a column that must be filled in."""
        if key not in self.cells:
            return kind.stand_in  # the missing column was noted once already
        if self.cells[key].is_blank:
            self.refuse(key, "没有填", "这一项必须填写")
            return kind.stand_in
        return self._read(key, self.cells[key], kind)

    def maybe(self, key: str, kind: Kind[T], default: D) -> T | D:
        """The value of a column that may be empty or left out."""
        if not self.is_filled(key):
            return default
        return self._read(key, self.cells[key], kind)

    def _list(self, key: str) -> Iterator[tuple[str, Cell]]:
        if not self.is_filled(key):
            return
        value = self.cells[key].value
        if not isinstance(value, tuple):
            self.refuse(key, "这里要一列值", "每个值另起一行，前面写「- 」；没有就写「[]」")
            return
        for position, cell in enumerate(value, 1):
            yield f"{key} 第 {position} 项", cell

    def each(self, key: str, kind: Kind[T]) -> tuple[T, ...]:
        """The values of a list, none where it is empty; a value given twice is an error."""
        found: list[T] = []
        for column, cell in self._list(key):
            if cell.is_blank:
                self.refuse(column, "没有填", "填上，或删掉这一项", cell.line)
                continue
            before = len(self.errors)
            value = self._read(column, cell, kind)
            if len(self.errors) > before:
                continue
            if value in found:
                self.refuse(column, f"「{cell.value}」写了两次", "删掉一个", cell.line)
            else:
                found.append(value)
        return tuple(found)

    def some(self, key: str, kind: Kind[T]) -> tuple[T, ...]:
        """The values of a list that must not be empty."""
        if key in self.cells and not self.is_filled(key):
            self.refuse(key, "没有填", "至少写一项")
        return self.each(key, kind)

    def items(
        self, key: str, required: Collection[str], optional: Collection[str] = ()
    ) -> list["Row"]:
        """The mappings of a list that must not be empty."""
        if key in self.cells and not self.is_filled(key):
            self.refuse(key, "没有填", "至少写一项")
        return [
            opened(self.file, self._at(f"{column}{_naming(cell)}"), cell, self.errors).checked(
                required, optional
            )
            for column, cell in self._list(key)
        ]

    def fields(self, key: str, required: Collection[str], optional: Collection[str] = ()) -> "Row":
        """A mapping inside this row; without any cells where it is missing."""
        if key not in self.cells:
            return Row(self.file, self._at(key), self.line, {}, self.errors)
        row = opened(self.file, self._at(key), self.cells[key], self.errors)
        return row.checked(required, optional)

    def _at(self, item: str) -> str:
        return f"{self.item}，{item}" if self.item else item


class _Unread(Row, frozen=True):
    """In the place of something that has no cells at all; that was noted once already."""

    def checked(self, required: Collection[str], optional: Collection[str] = ()) -> Row:  # noqa: ARG002 (nothing more to say)
        return self


def unread(file: str, errors: list[DataError]) -> Row:
    """A row for a file that could not be read: every value is a stand-in."""
    return _Unread(file, "", 0, {}, errors)


def opened(file: str, item: str, cell: Cell, errors: list[DataError]) -> Row:
    """The mapping in a cell as a row; where there is none, that is the only error it will have."""
    if isinstance(cell.value, Mapping):
        return Row(file, item, cell.line, cell.value, errors)
    row = _Unread(file, item, cell.line, {}, errors)
    row.refuse("", "这里要一组「名称: 值」", "每行写一个「名称: 值」，冒号用半角，后面空一格")
    return row


def list_rows(file: str, cells: Iterable[Cell], errors: list[DataError]) -> list[Row]:
    """The mappings of a whole file that is one list."""
    return [
        opened(file, f"第 {position} 项{_naming(cell)}", cell, errors)
        for position, cell in enumerate(cells, 1)
    ]


def _naming(cell: Cell) -> str:
    if isinstance(cell.value, Mapping):
        for key in NAMING:
            if key in cell.value and isinstance(cell.value[key].value, str):
                return f"（{cell.value[key].value}）"
    return ""


def _is_readable(kind: Kind[T], text: str) -> bool:
    try:
        kind.read(text)
    except Unreadable:
        return False
    return True


def keyed(rows: Iterable[Row], make: Callable[[Row, str], T], key: str = "id") -> dict[str, T]:
    """What each row makes, under its id; an id given twice is an error and the first one stays."""
    made: dict[str, T] = {}
    places: dict[str, str] = {}
    for row in rows:
        # A misspelt id stays usable for references, so that one slip is one error.
        name = row.get(key, SLUG) or row.plain(key)
        value = make(row, name)
        if name in made:
            row.refuse(key, f"「{name}」重复，{places[name]}已经用过", "换一个没有用过的")
        elif name:
            made[name] = value
            places[name] = f"{row.item or f'第 {row.line} 行'}"
    return made


def refuse_repeats(rows: Iterable[Row], keys: Collection[str]) -> None:
    """Note each row that says the same in all these columns as an earlier one."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        values = tuple(row.plain(key) for key in keys)
        if not all(values):
            continue
        if values in seen:
            row.refuse("", f"与第 {seen[values]} 行重复（{'、'.join(values)}）", "删掉其中一行")
        seen.setdefault(values, row.line)


def named(row: Row, key: str = "name") -> str:
    """The name in words that every row of this kind must have."""
    return row.get(key, TEXT)

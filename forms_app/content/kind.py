"""A kind of record that the office feeds: one description, from which form, list, preview, sheet
and errors follow."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Protocol

from msgspec import Struct, field

from forms_app.community import Circle
from forms_app.content.inputs import Line
from forms_app.content.layouts import Layout
from forms_app.content.listing import Record, Value
from forms_app.content.shape import Cells, Column, Read

Names = Callable[[str, str], str]  # of a kind's record, by its key, what people call it


class Field(Struct, frozen=True):
    """One column: its name in the file, what people call it, and what may be put in."""

    name: str
    label: str
    input: Line = field(default_factory=Line)
    hint: str = ""
    is_needed: bool = False
    is_rare: bool = False  # folded away in the form
    is_told: bool = False  # shown in the list
    refers: str = ""  # the kind whose key stands here
    usual: str = ""  # of a new record
    others: tuple[str, ...] = ()  # what people call the column in their own sheets


class Shape(Protocol):
    """How a kind's records are written in a sheet."""

    def columns(self, kind: "Kind", circle: Circle) -> tuple[Column, ...]:
        """From left to right."""

    def cells(self, kind: "Kind", values: Mapping[str, Value], circle: Circle) -> dict[str, str]:
        """A record, by label."""

    def read(
        self,
        kind: "Kind",
        rows: Iterable[tuple[int, Cells]],
        known: Mapping[str, Record],
        circle: Circle,
        today: date,
    ) -> Read:
        """The rows as records; a label that is not among a row's cells changes nothing."""


class Kind(Struct, frozen=True):
    """What a file's records are. `key` names the fields by which one is known."""

    file: str
    name: str  # 场所
    one: str  # 一个场所: what is counted and made
    layout: Layout
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    title: Callable[[Mapping[str, Value], Names], str]
    rank: int = 90  # its place among the kinds: what is fed each week comes first
    about: str = ""  # what it is for, in a sentence
    # Begins what is made by itself for a new record's key; "" where people write the key.
    made: str = ""
    shown_on: str = ""  # a page of the site's
    is_single: bool = False  # one record that is always there
    # Names the page of its own that changes such records, where the form here does not.
    own_page: str = ""
    shape: Shape | None = None  # how a sheet says it; None: a field a column
    check: Callable[[Mapping[str, Value], date], Mapping[str, str]] | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """The fields in the order in which a new record says them."""
        made = self.key if self.made else ()
        return (*made, *(one.name for one in self.fields if one.name not in made))

    @property
    def usual(self) -> dict[str, Value]:
        """What a new record begins with."""
        return {one.name: one.usual for one in self.fields if one.usual}

    def field(self, name: str) -> Field | None:
        """The field of this name."""
        return next((one for one in self.fields if one.name == name), None)


def named(column: str = "name") -> Callable[[Mapping[str, Value], Names], str]:
    """What people call a record by: one of its fields."""

    def title(values: Mapping[str, Value], _names: Names) -> str:
        return str(values.get(column, ""))

    return title


def always(words: str) -> Callable[[Mapping[str, Value], Names], str]:
    """What people call the one record that there is."""
    return lambda _values, _names: words

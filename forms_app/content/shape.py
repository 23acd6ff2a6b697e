"""What a sheet of records says: its columns, their cells, what was read and what could not be."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field

from forms_app.content.listing import Value

Cells = Mapping[str, str]  # by label


class Column(Struct, frozen=True):
    """`others` are what people call it in their own sheets."""

    label: str
    note: str = ""
    is_needed: bool = False
    choices: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    width: int = 16
    is_only_read: bool = False  # known where people have it, but in no sheet of ours


class Fault(Struct, frozen=True):
    """What is wrong with a cell: of which row, below which heading, and what to write instead."""

    row: int
    column: str
    problem: str
    remedy: str


class Read(Struct):
    """What a sheet says: records by name, the row of each, and what cannot be read."""

    wanted: dict[str, dict[str, Value]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    newest: date | None = None  # the latest day that it speaks of, where it speaks of days

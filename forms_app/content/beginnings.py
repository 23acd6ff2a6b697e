"""What an office begins with, a row each, saved together: communities, estates, units, kinds.

The kinds of records say how a row is read and written; here is which of their columns a new office
is asked for, and that a whole list is one change.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct

from forms_app.community import Circle, DataError, DataRefused, load
from forms_app.community.values import Unreadable
from forms_app.content.kind import Field, Kind
from forms_app.content.kinds import KINDS
from forms_app.content.listing import Record, Value, filled
from forms_app.content.records import as_bytes
from forms_app.content.saving import Change, ChangedMeanwhile, decoded, save, text_of
from forms_app.content.versions import digest_of
from forms_app.rules.said import said
from forms_app.settings import Settings


class Sheet(Struct, frozen=True):
    """The columns of a kind that are asked for; `of_new` are asked for new rows alone."""

    kind: Kind
    columns: tuple[str, ...]
    of_new: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        found = [self.kind.field(name) for name in (*self.columns, *self.of_new)]
        return tuple(one for one in found if one is not None)


SHEETS: Mapping[str, Sheet] = {
    "communities": Sheet(KINDS["communities"], ("name", "hotline", "address")),
    "estates": Sheet(KINDS["estates"], ("name", "community_id", "households", "households_60plus")),
    "units": Sheet(KINDS["departments"], ("name", "phone"), ("duties",)),
    "categories": Sheet(KINDS["categories"], ("name", "department")),
    "hours": Sheet(KINDS["duty_hours"], ("duty_hours", "duty_days")),
}


class TypedRow(Struct, frozen=True):
    """A row as somebody filled it in; `name` is "" where it is new."""

    name: str
    cells: Mapping[str, str]


class Slip(Struct, frozen=True):
    """What is wrong with a cell, by the place of its row from 0; without a column, with the row."""

    place: int
    column: str
    problem: str
    remedy: str


class Wanted(Struct, frozen=True):
    """The records that the rows are, in their order, and their names."""

    values: tuple[dict[str, Value], ...]
    names: tuple[str, ...]


def rows_of(settings: Settings, sheet: Sheet) -> dict[str, Record]:
    """The records as they are now, by name. Raises Unwritable."""
    return sheet.kind.layout.records(text_of(settings, sheet.kind.file))


def seen_of(rows: Mapping[str, Record]) -> str:
    """What tells these records from what they become."""
    return digest_of("".join(row.text for row in rows.values()).encode())


def read_rows(
    sheet: Sheet, rows: Sequence[TypedRow], known: Mapping[str, Record], circle: Circle, today: date
) -> tuple[Wanted, list[Slip]]:
    """The records that the rows are, and everything that cannot be read.

    A new row that is called as a record that there is, is that one: a form that was sent twice
    makes it once.
    """
    called = {str(record.values.get("name", "")): name for name, record in known.items()}
    slips: list[Slip] = []
    wanted: list[dict[str, Value]] = []
    names: list[str] = []
    for place, row in enumerate(rows):
        name = row.name or called.get(row.cells.get("name", ""), "")
        is_new = name not in known
        values = dict(known[name].values) if name in known else {}
        for one in sheet.fields:
            if one.name not in row.cells:
                continue
            typed = row.cells[one.name]
            needs = one.is_needed and (is_new or one.name in sheet.columns)
            if needs and not typed:
                slips.append(Slip(place, one.name, said("请填“%(label)s”", label=one.label), ""))
                continue
            if not is_new and one.name in sheet.of_new and not typed:
                continue
            old = one.input.shown(values.get(one.name, ""), circle) if values else ""
            if typed == old:
                continue  # what nobody touched is not written anew
            try:
                values[one.name] = one.input.read(typed, circle, today) if typed else ""
            except Unreadable as refused:
                slips.append(Slip(place, one.name, refused.problem, refused.remedy))
        if is_new:
            name = _new_name(sheet.kind, {*known, *names})
            values = {sheet.kind.key[0]: name, **sheet.kind.usual, **values}
        names.append(name)
        wanted.append(values)
    return Wanted(tuple(wanted), tuple(names)), slips


def save_rows(settings: Settings, sheet: Sheet, wanted: Wanted, seen: str, change: Change) -> bool:
    """Writes what is another than it was; whether that was a change.

    Raises ChangedMeanwhile, DataRefused, ContentBusy and Unwritable.
    """

    def make(before: bytes) -> bytes:
        text = decoded(before)
        known = sheet.kind.layout.records(text)
        changes = _changes(known, wanted)
        if not changes:
            return before
        if seen_of(known) != seen:
            raise ChangedMeanwhile
        return as_bytes(before, sheet.kind.layout.changed(text, changes, sheet.kind.order))

    return save(settings, change, make)


def judged(settings: Settings, sheet: Sheet, wanted: Wanted) -> list[Slip]:
    """What the loader would say of these rows, before they are written. Raises Unwritable."""
    text = text_of(settings, sheet.kind.file)
    changes = _changes(sheet.kind.layout.records(text), wanted)
    after = sheet.kind.layout.changed(text, changes, sheet.kind.order)
    try:
        load(settings.community_dir, instead={sheet.kind.file: after.encode()})
    except DataRefused as refused:
        return slips_of(settings, sheet, wanted, refused)[0]
    return []


def slips_of(
    settings: Settings, sheet: Sheet, wanted: Wanted, refused: DataRefused
) -> tuple[list[Slip], list[DataError]]:
    """The loader's errors by row and column, and those that are about something else."""
    text = text_of(settings, sheet.kind.file)
    layout = sheet.kind.layout
    changes = _changes(layout.records(text), wanted)
    after = layout.records(layout.changed(text, changes, sheet.kind.order))
    lines = {name: range(row.first + 1, row.end + 1) for name, row in after.items()}
    own: list[Slip] = []
    elsewhere: list[DataError] = []
    for error in refused.errors:
        at = error.line if error.file == sheet.kind.file else 0
        places = [place for place, name in enumerate(wanted.names) if at in lines.get(name, ())]
        if places:
            column = error.column.split(" ")[0]
            own.append(Slip(places[0], column, error.problem, error.remedy))
        else:
            elsewhere.append(error)
    return own, elsewhere


def change_of(sheet: Sheet, who: str, now: datetime) -> Change:
    """A change of the whole list."""
    return Change(sheet.kind.file, who, sheet.kind.name, now)


def _changes(known: Mapping[str, Record], wanted: Wanted) -> dict[str, Mapping[str, Value] | None]:
    return {
        name: values
        for name, values in zip(wanted.names, wanted.values, strict=True)
        if name not in known or filled(known[name].values) != filled(values)
    }


def _new_name(kind: Kind, taken: set[str]) -> str:
    number = len(taken) + 1
    while f"{kind.made}_{number}" in taken:
        number += 1
    return f"{kind.made}_{number}"

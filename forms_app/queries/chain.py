"""Proof that nobody rewrote the log: each issue's seals fit its rows and one another, their
numbering has no gap, and the months' roots are those that were published.

Read in pages: however many issues there are, memory stays the same.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from msgspec import Struct
from peewee import Database

from forms_app.rules.merkle import Root, Tree
from forms_app.rules.worktime import CHINA
from forms_app.store.database import proxy
from forms_app.store.models import Issue
from forms_app.store.row import Row
from forms_app.store.sealed import FIRST, STATE, Held, Kept, link, read

_PAGE = 500  # issues or ratings
_SEALS = 10_000


class Fault(Enum):
    """What is wrong with the log."""

    ENTRY = "an entry, or its seal, was changed or taken away"
    MORE = "there are entries that nobody sealed"
    STATE = "the rows are others than the last move left"
    FOUND = "the rows were others than the move before had left, when this one came"
    UNSEALED = "there is no seal of it"
    GONE = "its seals are there, and it is not"
    GAP = "seals are missing from the numbering"
    ROOT = "a month's root is another than the one that was given out"


class Broken(Struct, frozen=True):
    """One place where the log breaks. `what` is an issue's number, a rating's id, a month."""

    fault: Fault
    kind: str  # issue, rating, log
    what: str
    place: int = 0  # of the first entry concerned among the issue's, from 1; 0: none
    made_at: str = ""  # UTC text, of the seal or entry
    move: str = ""
    role: str = ""
    name: str = ""


def broken_chains(roots: Sequence[Root] = ()) -> Iterator[Broken]:
    """Every place where the log breaks, by issue, then ratings, numbering and `roots`, which were
    given out before.
    """
    for kind in STATE:
        yield from _broken_of(kind)
    yield from _broken_numbering(roots)


def month_roots(database: Database | None = None) -> list[Root]:
    """The root of each month as the log stands now, oldest first."""
    months: dict[str, tuple[Tree, int]] = {}
    for serial, month, digest in _numbering(database):
        tree, _ = months.get(month, (Tree(), 0))
        tree.add(serial, digest)
        months[month] = (tree, serial)
    return [
        Root(month, tree.count, last, tree.root()) for month, (tree, last) in sorted(months.items())
    ]


def seals_of_month(month: str) -> Iterator[tuple[int, str]]:
    """Place in the log and digest of each seal that was made in the month, in order."""
    return ((serial, digest) for serial, of, digest in _numbering() if of == month)


def _broken_of(kind: type[Row]) -> Iterator[Broken]:
    table = kind._meta.table_name
    page = f'SELECT id FROM "{table}" WHERE id > {{}} ORDER BY id LIMIT {_PAGE}'  # noqa: S608
    last, is_over = -(2**62), False
    while not is_over:
        ids = [row[0] for row in _rows(page.format(int(last)))]
        is_over = len(ids) < _PAGE
        until = 2**62 if is_over else ids[-1]
        held, _ = read(kind, (), span=(last, until))
        for owner in sorted(held):
            yield from _broken_chain(kind, owner, held[owner])
        last = until


def _broken_chain(kind: type[Row], owner: int, held: Held) -> list[Broken]:
    """What is wrong with one chain: the first thing of its seals, and the state as it is."""
    name = kind._meta.table_name
    if not held.rows:
        made_at = held.seals[-1].made_at if held.seals else ""
        return [Broken(Fault.GONE, name, f"#{owner}", made_at=made_at)]
    if not held.seals:
        return [Broken(Fault.UNSEALED, name, _number_of(kind, owner))]
    faults = []
    broken = _broken_seal(kind, owner, held)
    if broken is not None:
        place, seal = broken
        faults.append((Fault.ENTRY, place, seal.made_at))
    last = held.seals[-1]
    more = [place for place, (key, _) in enumerate(held.entries, 1) if key > last.entry_id]
    if more:
        faults.append((Fault.MORE, more[0], ""))
    if held.state() != last.state:
        faults.append((Fault.STATE, 0, last.made_at))
    for seal in held.seals:
        if seal.found:
            place = sum(key <= seal.entry_id for key, _ in held.entries)
            faults.append((Fault.FOUND, place, seal.made_at))
    return [_told(fault, kind, owner, held, place, made_at) for fault, place, made_at in faults]


def _broken_seal(kind: type[Row], owner: int, held: Held) -> tuple[int, Kept] | None:
    """The first seal that does not fit, and the place of the first entry that it holds."""
    before, place = FIRST, 0
    for seal in held.seals:
        begins = place
        while place < len(held.entries) and held.entries[place][0] <= seal.entry_id:
            place += 1
        if link(kind, owner, seal, before, held.entries[begins:place]) != seal.digest:
            return min(begins + 1, len(held.entries)), seal
        before = seal.digest
    return None


def _told(
    fault: Fault, kind: type[Row], owner: int, held: Held, place: int, made_at: str
) -> Broken:
    """With the entry at this place as it reads now, if there is one."""
    what = _number_of(kind, owner)
    if not 0 < place <= len(held.entries):
        return Broken(fault, kind._meta.table_name, what, made_at=made_at)
    # As the database holds it: what somebody wrote there need not be a time.
    key = int(held.entries[place - 1][0])
    [entry] = _rows(f"SELECT made_at, move, actor_role, actor_name FROM entry WHERE id = {key}")  # noqa: S608
    return Broken(fault, kind._meta.table_name, what, place, *map(str, entry))


def _broken_numbering(roots: Sequence[Root]) -> Iterator[Broken]:
    trees: dict[str, Tree] = {}
    wanted: dict[tuple[str, int], list[Root]] = {}
    for root in roots:
        wanted.setdefault((root.month, root.count), []).append(root)
    held = set()
    expected = 1
    for serial, month, digest in _numbering():
        if serial != expected:
            yield Broken(Fault.GAP, "log", f"{expected}", serial - expected)
        expected = serial + 1
        tree = trees.setdefault(month, Tree())
        tree.add(serial, digest)
        for root in wanted.get((month, tree.count), ()):
            if (tree.root(), serial) == (root.root, root.last):
                held.add(root)
    for root in roots:
        if root not in held and root.count:
            yield Broken(Fault.ROOT, "log", root.month, root.count)


def _numbering(database: Database | None = None) -> Iterator[tuple[int, str, str]]:
    """Place in the log, month in China and digest of every seal, in order."""
    last = -(2**62)
    page = "SELECT id, made_at, digest FROM seal WHERE id > {} ORDER BY id LIMIT {}"
    months: dict[str, str] = {}
    while rows := _rows(page.format(last, _SEALS), database):
        for serial, made_at, digest in rows:
            hour = made_at[:13]
            if hour not in months:
                months = {hour: _month(made_at)}
            yield serial, months[hour], digest
        last = rows[-1][0]


def _month(made_at: str) -> str:
    try:
        return datetime.fromisoformat(made_at).astimezone(CHINA).strftime("%Y-%m")
    except ValueError:  # somebody wrote something else there: it belongs to no month
        return ""


def _number_of(kind: type[Row], owner: int) -> str:
    if kind is not Issue:
        return str(owner)
    return str(_rows(f"SELECT number FROM issue WHERE id = {int(owner)}")[0][0])  # noqa: S608


def _rows(sql: str, database: Database | None = None) -> list[tuple[Any, ...]]:
    cursor = (database or proxy).execute_sql(sql)
    return list(cursor.fetchall())

"""The chain of the log: each transaction seals what it wrote of an issue, over the seal before it.

A seal holds the entries of its transaction and the state of the issue after it: every column of the
issue's row and of the rows that belong to it. So whatever is changed later by other ways is found,
and where it begins. Each issue has a chain of its own, each rating too; the seals together have one
numbering without gaps. Before a move the state is compared with what was left, so that no move
seals over what somebody changed; the seal says so from then on.

A migration that fills a column of sealed rows seals them anew (`seal_filled`), and so does one that
takes a column away (`seal_all`). What of a row is sealed stands in `sealed`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import peewee
from msgspec import Struct, field

from forms_app.store.database import at_the_end, proxy
from forms_app.store.models import Seal
from forms_app.store.row import Row, new_salt
from forms_app.store.sealed import CONTACTS, FIRST, STATE, Held, Kept, link, read, rows_of

CHUNK = 200  # issues or ratings that are read at once


class Seals(Struct):
    """What one transaction has looked at and written, by model and id; sealed when it ends."""

    looked: dict[tuple[type[Row], int], str] = field(default_factory=dict)
    touched: dict[tuple[type[Row], int], datetime] = field(default_factory=dict)

    def look(self, kind: type[Row], owner: int) -> None:
        if (kind, owner) in self.looked or (kind, owner) in self.touched:
            return
        held, _ = read(kind, [owner])
        there = held.get(owner, Held())
        left = there.seals[-1].state if there.seals else ""
        state = there.state(with_entries=True)
        self.looked[kind, owner] = "" if state == left else state

    def __call__(self) -> None:
        for kind in STATE:
            owners = sorted(owner for of, owner in self.touched if of is kind)
            for start in range(0, len(owners), CHUNK):
                self._seal(kind, owners[start : start + CHUNK])

    def _seal(self, kind: type[Row], owners: Sequence[int]) -> None:
        held, last = read(kind, owners)
        made = []
        for serial, owner in enumerate(owners, last + 1):
            made_at = Seal.made_at.db_value(self.touched[kind, owner])
            found = self.looked.get((kind, owner), "")
            made.append((owner, _next(kind, owner, held[owner], serial, str(made_at), found)))
        _write(kind, made)


def with_salt(columns: Mapping[str, object]) -> dict[str, object]:
    """Columns of an issue that are to be changed: with a new salt where a contact is among them.

    What the contact was before cannot be guessed from old seals any more.
    """
    fresh = {} if set(CONTACTS).isdisjoint(columns) else {"contact_salt": new_salt()}
    return {**columns, **fresh}


def look(row: Row) -> None:
    """To be called before an issue's or a rating's first change in a transaction."""
    at_the_end(Seals).look(type(row), row.id)


def touched(kind: type[Row], owner: int, now: datetime) -> None:
    """Has the transaction seal the issue or rating when it ends; it was looked at, or is new."""
    at_the_end(Seals).touched.setdefault((kind, owner), now)


def seal_all(
    database: peewee.Database, now: datetime, kinds: Iterable[type[Row]] = tuple(STATE)
) -> int:
    """Seals whatever there is of these kinds as from now on; how many seals. For migrations: of the
    tables and columns those that the database has.
    """
    columns = _columns_of(database)
    present = tuple(sorted(columns.items()))
    count = 0
    for kind in kinds:
        table = kind._meta.table_name
        if table not in columns or f"{table}_id" not in columns["seal"]:
            continue  # it, or its seals, came later
        for owners in _pages(database, kind):
            held, last = read(kind, owners, present=present, database=database)
            count += _open(database, now, kind, {owner: held[owner] for owner in owners}, last)
    return count


def seal_filled(database: peewee.Database, now: datetime, kind: type[Row], column: str) -> int:
    """Seals anew what is another than its seal says by this column alone, which a migration has
    filled; how many seals. Whatever anybody else changed stays found.
    """
    columns = _columns_of(database)
    table = kind._meta.table_name
    present = tuple(sorted(columns.items()))
    before = tuple(sorted({**columns, table: columns[table] - {column}}.items()))
    count = 0
    for owners in _pages(database, kind, f'"{column}" IS NOT NULL'):
        unfilled, _ = read(kind, owners, present=before, database=database)
        held, last = read(kind, owners, present=present, database=database)
        filled = {
            owner: one for owner, one in held.items()
            if one.seals and not one.entries and one.state() != one.seals[-1].state
            and unfilled[owner].state() == one.seals[-1].state
        }  # fmt: skip
        count += _open(database, now, kind, filled, last)
    return count


def _columns_of(database: peewee.Database) -> dict[str, frozenset[str]]:
    """The columns that there are, by table: those of today's models may come later."""
    return {
        table: frozenset(column.name for column in database.get_columns(table))
        for table in database.get_tables()
    }


def _open(
    database: peewee.Database, now: datetime, kind: type[Row], held: Mapping[int, Held], last: int
) -> int:
    """Seals these as they stand, in their order, after the `last` seal; how many."""
    made_at = str(Seal.made_at.db_value(now.astimezone(UTC)))
    made = [
        (owner, _next(kind, owner, held[owner], serial, made_at, "", is_opening=True))
        for serial, owner in enumerate(sorted(held), last + 1)
    ]
    _write(kind, made, database)
    return len(made)


def _pages(
    database: peewee.Database, kind: type[Row], condition: str = "id IS NOT NULL"
) -> Iterator[list[int]]:
    last = 0
    table = kind._meta.table_name
    page = f"id > {database.param} AND {condition} ORDER BY id LIMIT {CHUNK}"
    while True:
        sql = f'SELECT id FROM "{table}" WHERE {page}'  # noqa: S608
        owners = [row[0] for row in rows_of(database, sql, (last,))]
        if not owners:
            return
        yield owners
        last = owners[-1]


def _next(
    kind: type[Row],
    owner: int,
    held: Held,
    serial: int,
    made_at: str,
    found: str,
    *,
    is_opening: bool = False,
) -> Kept:
    before = held.seals[-1] if held.seals else None
    entry_id = max((key for key, _ in held.entries), default=before.entry_id if before else 0)
    open_seal = Kept(serial, entry_id, made_at, is_opening, held.state(), found, "")
    digest = link(kind, owner, open_seal, before.digest if before else FIRST, held.entries)
    return Kept(serial, entry_id, made_at, is_opening, open_seal.state, found, digest)


def _write(
    kind: type[Row], made: Sequence[tuple[int, Kept]], database: peewee.Database | None = None
) -> None:
    if not made:
        return
    owner_column = f"{kind._meta.table_name}_id"
    database = database or proxy.obj
    one = ", ".join([database.param] * 8)
    marks = ", ".join([f"({one})"] * len(made))
    sql = (
        f"INSERT INTO seal (id, {owner_column}, entry_id, made_at, is_opening, state, found, "  # noqa: S608
        f"digest) VALUES {marks}"
    )
    rows_of(database, sql, [
        value for owner, seal in made for value in (
            seal.serial, owner, seal.entry_id, seal.made_at, seal.is_opening, seal.state,
            seal.found, seal.digest,
        )
    ])  # fmt: skip

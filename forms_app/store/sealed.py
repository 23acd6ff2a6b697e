"""What is sealed: the state of an issue and its entries, each row read as one text.

A column counts unless it stands at its default, so that one added later leaves old seals true.
"""

import hashlib
import hmac
import json
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import peewee
from msgspec import Struct, field

from forms_app.store.assessments import Assessment, AssessmentEntry
from forms_app.store.database import proxy
from forms_app.store.funds import FundEntry, FundTold
from forms_app.store.meetings import Meeting, MeetingEntry, MeetingItem
from forms_app.store.models import (
    Assignment,
    Attachment,
    ContactAttempt,
    Entry,
    Issue,
    Measure,
    Objection,
    Party,
    Photo,
    Rating,
    Seal,
    Summons,
    TakenOver,
    Urge,
)
from forms_app.store.projects import (
    Project,
    ProjectAsk,
    ProjectEntry,
    TopicChange,
    TopicChangeIssue,
)
from forms_app.store.public_notes import PublicNote
from forms_app.store.row import Row

# The state of an issue, of a rating, of what offices say of each other, of projects, of each line
# of the earmarked funds, of residents' meetings and of what was put right by hand of what recurs.
STATE: dict[type[Row], Sequence[type[Row]]] = {
    Issue: (
        Issue, Summons, Party, Assignment, Measure, Objection, Urge, ContactAttempt, Photo,
        Attachment, PublicNote, TakenOver,
    ),
    Rating: (Rating,),
    Assessment: (Assessment, AssessmentEntry),
    Project: (Project, ProjectEntry, ProjectAsk),
    FundEntry: (FundEntry, FundTold),
    Meeting: (Meeting, MeetingItem, MeetingEntry),
    TopicChange: (TopicChange, TopicChangeIssue),
}  # fmt: skip
# Whatever else has a column is sealed with it.
LEFT_OUT = {
    "issue.contact_salt": "the commitments of the contacts hang on it: another one changes them",
    "issue.in_burst": "follows from when reports came; each of many marks those before it",
    "issue.ring_since": "follows from who is to be telephoned; ends when the resident has looked",
}
# What is erased one day is sealed by a hash with a salt, which is erased with it.
CONTACTS = ("reporter_name", "reporter_phone", "reporter_email", "confirmed_email")

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
FIRST = ""  # what the first seal of a chain stands on
_ENTRIES, _SEAL, _LAST = 100, 101, 102


class Kept(Struct, frozen=True):
    """A seal as it stands in the database."""

    serial: int
    entry_id: int
    made_at: str  # UTC text
    is_opening: bool
    state: str
    found: str
    digest: str


class Held(Struct):
    """What there is of one issue or rating: its rows in order, its entries by id, its seals."""

    rows: list[tuple[int, int, str]] = field(default_factory=list)  # rank, id, text
    salt: str = ""
    entries: list[tuple[int, str]] = field(default_factory=list)
    seals: list[Kept] = field(default_factory=list)

    def state(self, *, with_entries: bool = False) -> str:
        """The digest of the rows; `with_entries`: and of what nobody has sealed."""
        more = [text for _, text in self.entries] if with_entries else []
        return digest_of([text for *_, text in sorted(self.rows)] + more)


def digest_of(texts: Iterable[str]) -> str:
    """SHA-256 of some texts in their order, in 43 letters."""
    digest = hashlib.sha256(_encode(list(texts)).encode("utf-8", "surrogatepass")).digest()
    return b64encode(digest).decode().rstrip("=")


def link(
    kind: type[Row], owner: int, seal: Kept, before: str, entries: Iterable[tuple[int, str]]
) -> str:
    """The digest of a seal that stands on the one `before` it and holds these entries."""
    head = (
        kind._meta.table_name, str(owner), str(seal.serial), str(seal.entry_id), seal.made_at,
        str(int(seal.is_opening)), seal.state, seal.found, before,
    )  # fmt: skip
    return digest_of([*head, *(text for _, text in entries)])


def read(
    kind: type[Row],
    owners: Sequence[int],
    *,
    span: tuple[int, int] | None = None,
    present: tuple[tuple[str, frozenset[str]], ...] = (),
    database: peewee.Database | None = None,
) -> tuple[dict[int, Held], int]:
    """By id, what there is of these issues or ratings: entries that are not sealed yet, and the
    newest seal of each; and the last place in the log.

    With a `span` instead, of all whose id is greater than its first and not greater than its
    second: every entry and every seal.
    """
    database = database or proxy.obj
    is_sqlite = isinstance(database, peewee.SqliteDatabase)
    count = 0 if span else 1 << (len(owners) - 1).bit_length()  # few texts for every length
    sql, asked = _text(kind, count, is_sqlite, present)
    given = span or [*owners, *([owners[-1]] * (count - len(owners)))]
    held: dict[int, Held] = defaultdict(Held)
    last = 0
    models = STATE[kind]
    for owner, rank, row_id, text in rows_of(database, sql, [*given] * asked):
        values = json.loads(text)
        if rank == _LAST:
            last = row_id
        elif rank == _SEAL:
            entry_id, made_at, is_opening, state, found, digest = values
            held[owner].seals.append(
                Kept(row_id, int(entry_id), made_at, is_opening == "1", state, found, digest)
            )
        elif rank == _ENTRIES:
            held[owner].entries.append((row_id, _said(Entry, row_id, values, present, "")))
        else:
            if rank == 0 and kind is Issue:
                held[owner].salt = values.pop()
            said = _said(models[rank], row_id, values, present, held[owner].salt)
            held[owner].rows.append((rank, row_id, said))
    for one in held.values():
        one.entries.sort()
        one.seals.sort(key=lambda seal: seal.serial)
    return held, last


def _said(
    model: type[Row],
    row_id: int,
    values: Sequence[str | None],
    present: tuple[tuple[str, frozenset[str]], ...],
    salt: str,
) -> str:
    """A row as one text, the same for the same content."""
    told = {
        name: _committed(name, value, salt) if is_contact else value
        for (name, default, is_contact), value in zip(
            sealed_columns(model, present), values, strict=True
        )
        if value != default
    }
    return _encode([model._meta.table_name, row_id, told])


def _committed(name: str, stored: str | None, salt: str) -> str:
    """The commitment to a contact as casework knows it, however it is stored."""
    plain = str(Issue._meta.fields[name].python_value(stored))
    key = f"{salt} {name}".encode()
    return hmac.digest(key, plain.encode("utf-8", "surrogatepass"), "sha256").hex()


_NEVER = object()


@lru_cache(64)
def sealed_columns(
    model: type[Row], present: tuple[tuple[str, frozenset[str]], ...]
) -> tuple[tuple[str, object, bool], ...]:
    """Name, text of the default and whether it is a contact, of each column that is sealed."""
    table = model._meta.table_name
    there = dict(present).get(table)
    found = []
    for column, one in sorted(model._meta.columns.items()):
        if column == "id" or f"{table}.{column}" in LEFT_OUT:
            continue
        if there is not None and column not in there:
            continue
        default = None if one.null else _NEVER
        if one.default is not None and not callable(one.default):
            default = str(int(one.default)) if isinstance(one.default, bool) else str(one.default)
        found.append((column, default, model is Issue and column in CONTACTS))
    return tuple(found)


@lru_cache(256)
def _text(
    kind: type[Row],
    count: int,
    is_sqlite: bool,
    present: tuple[tuple[str, frozenset[str]], ...],
) -> tuple[str, int]:
    """The statement that reads it all at once, and how often it names the ids."""
    mark = "?" if is_sqlite else "%s"
    owner_of_kind = f"{kind._meta.table_name}_id"
    tables = dict(present)

    def among(column: str) -> str:
        if not count:
            return f"{column} > {mark} AND {column} <= {mark}"
        return f"{column} IN ({', '.join([mark] * count)})"

    def array(model: type[Row], names: Sequence[str], table: str = "") -> str:
        put = "json_array" if is_sqlite else "json_build_array"
        cast = []
        for name in names:
            column = f'{table or model._meta.table_name}."{name}"'
            if isinstance(model._meta.columns[name], peewee.BooleanField) and not is_sqlite:
                column = f"CAST({column} AS INTEGER)"
            cast.append(f"CAST({column} AS TEXT)")
        return f"{put}({', '.join(cast)})" + ("" if is_sqlite else "::text")

    parts = []
    for rank, model in enumerate(STATE[kind]):
        table = model._meta.table_name
        if present and table not in tables:
            continue
        owner = "id" if model is kind else owner_of_kind
        names = [name for name, *_ in sealed_columns(model, present)]
        if model is Issue:
            names.append("contact_salt")
        # The issue itself comes first: its salt is needed for its own row alone.
        parts.append(
            f'SELECT "{table}"."{owner}", {rank}, "{table}".id, {array(model, names)} '  # noqa: S608
            f'FROM "{table}" WHERE {among(f"{chr(34)}{table}{chr(34)}.{owner}")}'
        )
    columns = ("entry_id", "made_at", "is_opening", "state", "found", "digest")
    # Of one alone, what is newest is asked once; else each row asks for its own.
    of_seal = mark if count == 1 else f"s.{owner_of_kind}"
    newest = f"AND s.id = (SELECT MAX(id) FROM seal WHERE {owner_of_kind} = {of_seal})"  # noqa: S608
    parts.append(
        f"SELECT s.{owner_of_kind}, {_SEAL}, s.id, {array(Seal, columns, 's')} "  # noqa: S608
        f"FROM seal AS s WHERE {among(f's.{owner_of_kind}')} {newest if count else ''}"
    )
    if kind is Issue:
        names = [name for name, *_ in sealed_columns(Entry, present)]
        of_entry = mark if count == 1 else "entry.issue_id"
        fresh = (
            f"AND entry.id > COALESCE((SELECT entry_id FROM seal WHERE issue_id = {of_entry} "  # noqa: S608
            "ORDER BY id DESC LIMIT 1), 0)"
        )
        parts.append(
            f"SELECT entry.issue_id, {_ENTRIES}, entry.id, {array(Entry, names)} "  # noqa: S608
            f"FROM entry WHERE {among('entry.issue_id')} {fresh if count else ''}"
        )
    asked = sum(part.count(mark) for part in parts) // (count or 2)
    nothing = "json_array()" if is_sqlite else "'[]'"
    parts.append(f"SELECT 0, {_LAST}, COALESCE(MAX(id), 0), {nothing} FROM seal")  # noqa: S608
    return " UNION ALL ".join(parts), asked


def rows_of(
    database: peewee.Database, sql: str, values: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    cursor = database.execute_sql(sql, values)  # type: ignore[no-untyped-call]
    return [] if cursor.description is None else list(cursor.fetchall())

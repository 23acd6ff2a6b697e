"""Whether the database answers, which one it is, how far it has come, and whether messages leave
it."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from peewee import SQL, SqliteDatabase, fn

from forms_app.rules.notices import PUSH, SMS, State
from forms_app.store import turns
from forms_app.store.counts import Counter
from forms_app.store.database import answered_within, proxy, writing
from forms_app.store.models import Entry, Issue
from forms_app.store.notices import Notice
from forms_app.store.schema import missing_migrations, unknown_migrations

# What a report writes first of all.
_WRITTEN = (Issue, Entry, Counter)
_JUST_NOW_SECONDS = 5.0
_LOOK_SECONDS = 1.0
_ANSWER_SECONDS = 3.0
_NEWEST = 500  # entries that tell how late it has been


class Schema(StrEnum):
    """Whose tables the database has."""

    OURS = "ours"
    OLDER = "older"
    NEWER = "newer"


def ask() -> None:
    """Reads a little of the database itself; whatever keeps it from answering is raised."""
    with answered_within(_ANSWER_SECONDS):
        Counter.select(Counter.name).limit(1).execute()


def ask_to_write() -> None:
    """Changes nothing where a report would be written; whatever would keep it is raised.

    Not asked where something was written just now. Whoever writes is waited for a little; while
    others of ours do, that ends, and a report waits for it, too: unless it has gone on too long.
    """
    if turns.came_within(_JUST_NOW_SECONDS):
        return
    try:
        with answered_within(_ANSWER_SECONDS), writing(_LOOK_SECONDS):
            for model in _WRITTEN:
                model.update(id=model.id).where(SQL("1 = 0")).execute()
    except turns.NoTurn:
        if turns.is_blocked():
            raise


def database_clock() -> datetime | None:
    """What the clock of PostgreSQL's machine says; None where the database lies on this one."""
    if isinstance(proxy.obj, SqliteDatabase):
        return None
    ((moment,),) = proxy.execute_sql("SELECT clock_timestamp()").fetchall()
    found: datetime = moment
    return found


def has_issues() -> bool:
    """Whether anybody has brought anything yet."""
    return bool(Issue.select(Issue.id).limit(1).exists())


def count_issues() -> int:
    """How many issues there are at all."""
    return int(Issue.select().count())


def last_entry_at() -> datetime | None:
    """The latest time of what was noted last in any issue's history: of the newest few hundred,
    for somebody asks at every sight of a page, and a clock that was put back is seen there.
    """
    newest = Entry.select(Entry.made_at).order_by(Entry.id.desc()).limit(_NEWEST)
    return max((row.made_at for row in newest), default=None)


def oldest_unsent(now: datetime) -> datetime | None:
    """Since when the message that waits longest could have been sent; None where none waits."""
    due = (Notice.state == State.WAITING.value) & (Notice.not_before <= now)
    found: datetime | None = Notice.select(fn.MIN(Notice.not_before)).where(due).scalar()
    return found


class Unheard(Struct, frozen=True):
    """Messages of one kind, SMS or PUSH, that were tried in vain and are tried again."""

    kind: str
    count: int
    error: str  # of the newest, in words for the staff


def unheard() -> list[Unheard]:
    """What does not reach residents' phones just now. Raises as `ask` does."""
    waits = Notice.state == State.WAITING.value
    vain = waits & (Notice.attempts > 0) & Notice.kind.in_((SMS, PUSH))
    found: dict[str, Unheard] = {}
    for row in Notice.select(Notice.kind, Notice.error).where(vain).order_by(Notice.id):
        before = found.get(row.kind)
        found[row.kind] = Unheard(row.kind, before.count + 1 if before else 1, row.error)
    return [found[kind] for kind in sorted(found)]


def schema() -> Schema:
    """Whether this program and the database go together. Raises as `ask` does."""
    if unknown_migrations(proxy.obj):
        return Schema.NEWER
    return Schema.OLDER if missing_migrations(proxy.obj) else Schema.OURS


def database_version() -> str:
    """Which program keeps the rows: `SQLite 3.51.3`, `PostgreSQL 17.2`. Raises as `ask` does."""
    if isinstance(proxy.obj, SqliteDatabase):
        return f"SQLite {'.'.join(map(str, SqliteDatabase.server_version))}"
    return f"PostgreSQL {proxy.execute_sql('SHOW server_version').fetchone()[0]}"

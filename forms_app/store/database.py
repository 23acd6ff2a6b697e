"""Opening the database, and the one way to write to it.

SQLite by default, PostgreSQL by an address. It knows no table.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeVar

import peewee
from playhouse.db_url import connect, parse

from forms_app.files.locks import FOR_EVER
from forms_app.rules.refused import Refused
from forms_app.store import turns
from forms_app.store.contacts import use_keys_beside
from forms_app.store.kept_postgres import KeptPostgres
from forms_app.store.sqlite_file import SqliteFile
from forms_app.store.wrapped import innermost

# Older versions can corrupt a write-ahead log that two connections write.
SQLITE_NEEDED = (3, 51, 3)
_MISTAKES = (peewee.ProgrammingError, peewee.IntegrityError, peewee.DataError)

proxy = peewee.DatabaseProxy()

# Any number will do, as long as every process of ours takes the same.
WRITERS_LOCK = 260_010

_WAITS_SECONDS = 10  # for a lock of somebody who does not queue
_KEPT_SECONDS = 300  # a connection to PostgreSQL
# Of a connection to SQLite. Where there is room for no more, what comes new puts out what came new
# before it, and SQLite reads both anew each time: a leader's pages alone ask two hundred.
_KEPT_STATEMENTS = 512
# An address has no other way to say `@` or `/`.
_QUOTED: Mapping[str, Any] = {"unquote_user": True, "unquote_password": True}
# Of such a connection: to be made, and until a server that says nothing any more is given up.
_BOUNDS: Mapping[str, str | int] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
    "options": f"-c lock_timeout={_WAITS_SECONDS}s",
}
_ANSWERS_SECONDS = 5  # behind the locks that it waits for
_LOG_WAITS_MS = 1000  # for a reader: a resident waits as long

_block = threading.local()  # of a thread's transaction, what it does before it is saved


class Last(Protocol):
    """Something that a transaction does last, made when it is first asked for."""

    def __call__(self) -> None: ...


L = TypeVar("L", bound=Last)


class DatabaseRefused(Refused):
    """The database cannot be used; the text says what to do."""


def open_database(url: str, *, keeps_connections: bool = False) -> peewee.Database:
    """Connects every model to the database at `url` (`sqlite:///path` or `postgresql://…`).

    A server of pages `keeps_connections` for the next request (SQLite's are kept by their threads);
    who asks once does not, so that nobody is in the way of a database that is moved or dropped.

    The keys of contacts that lie beside a SQLite file are used from then on. Raises DatabaseRefused
    when the SQLite library is too old to be safe, or those keys cannot be read.
    """
    if url.startswith("sqlite:///"):
        if peewee.SqliteDatabase.server_version < SQLITE_NEEDED:
            version = ".".join(map(str, peewee.SqliteDatabase.server_version))
            raise DatabaseRefused(
                f"SQLite {version} 太旧，几处同时写入时可能损坏数据，需要 3.51.3 以上；"
                "请换用自带新版 SQLite 的 Python，或者用 CIRCLE_DATABASE_URL 改用 PostgreSQL"
            )
        path = Path(url.removeprefix("sqlite:///"))
        database: peewee.Database = SqliteFile(
            str(path),
            pragmas={
                "journal_mode": "wal",
                # NORMAL loses acknowledged rows when the power goes.
                "synchronous": "full",
                "foreign_keys": 1,
                "trusted_schema": 0,
                # Kilobytes of each thread. Four times as much answered no page of 300,000 issues
                # sooner: the system keeps the file in memory once for all of them.
                "cache_size": -2000,
                # What is erased is overwritten, not only left out.
                "secure_delete": 1,
            },
            timeout=_WAITS_SECONDS,
            cached_statements=_KEPT_STATEMENTS,
            # The deferred default fails with "database is locked" when a reader becomes a writer.
            lock_type="IMMEDIATE",
        )
        turns.open_for(path.with_name(path.name + ".lock"), is_bounded=keeps_connections)
        try:
            use_keys_beside(path)
        except (OSError, ValueError) as error:
            raise DatabaseRefused(
                f"{path} 旁边的密钥文件 contact_key 读不出来或不完整，请从备份恢复。"
            ) from error
    else:
        database = _kept(url) if keeps_connections else connect(url, **_QUOTED)
        turns.open_for(None, is_bounded=keeps_connections)
    proxy.initialize(database)
    return database


def _kept(url: str) -> peewee.Database:
    """Peewee's pool: whoever takes a connection asks it first whether it still answers. As many as
    there are threads, each for five minutes, in which a PostgreSQL that moved is found again.

    Nobody waits for ever: not for a server that is gone without a word, nor for somebody else's
    lock on a table. What the address says of that itself counts.
    """
    said = parse(url, **_QUOTED)
    return KeptPostgres(max_connections=0, stale_timeout=_KEPT_SECONDS, **{**_BOUNDS, **said})


@contextmanager
def usable() -> Iterator[None]:
    """A block in which a database that does not do its part is a sentence: DatabaseRefused."""
    try:
        yield
    except (peewee.DatabaseError, peewee.InterfaceError, OSError) as error:
        # DatabaseError itself: a file that is damaged, or no database. Its kinds are our mistakes.
        if isinstance(error, _MISTAKES) and not _is_of_address(error):
            raise
        raise DatabaseRefused(
            f"数据库打不开，或写不进去（{error}）；"
            "请检查文件的权限和磁盘空间，用 PostgreSQL 的请检查它有没有启动。"
        ) from error


def _is_of_address(error: peewee.PeeweeException) -> bool:
    """Whether it is an option of PostgreSQL's address that nobody knows: no server has seen it, so
    it has none of the server's codes.
    """
    return getattr(innermost(error), "sqlstate", "") is None


def rest() -> None:
    """Lets go of this thread's connection where servers have few of them: not SQLite's, unless it
    only reads.
    """
    is_kept = isinstance(proxy.obj, SqliteFile) and not proxy.obj.only_reads
    if not is_kept and not proxy.is_closed():
        proxy.close()


@contextmanager
def writing(wait_seconds: float | None = None) -> Iterator[None]:
    """One transaction, the writers one after another: in this process and among processes.

    A server of pages waits for its turn as `turns` says, or `wait_seconds`; others for ever.
    """
    with turns.turn(wait_seconds) as left:
        with _patient(left), proxy.atomic():
            if isinstance(proxy.obj, peewee.PostgresqlDatabase):
                _queue_on_server(left)
            last: dict[type[Any], Last] = {}
            _block.last = last
            try:
                yield
                for act in last.values():
                    act()
            finally:
                del _block.last
        if isinstance(proxy.obj, SqliteFile):
            proxy.obj.stay()  # taken away before the last word: then it is not saved


@contextmanager
def answered_within(seconds: float) -> Iterator[None]:
    """A block in which a server of pages gives up a PostgreSQL that does not answer for so long,
    whatever is usual.
    """
    if not isinstance(proxy.obj, KeptPostgres):
        yield
        return
    with import_module("forms_app.store.patience").answered_within(seconds):
        yield


@contextmanager
def _patient(seconds: float) -> Iterator[None]:
    """Has this thread's database wait no longer than that for who does not queue."""
    if not isinstance(proxy.obj, SqliteFile):
        with answered_within(seconds + _ANSWERS_SECONDS):
            yield
        return
    if seconds >= _WAITS_SECONDS:
        yield
        return
    proxy.execute_sql(f"PRAGMA busy_timeout = {_milliseconds(seconds)}")
    try:
        yield
    finally:
        proxy.execute_sql(f"PRAGMA busy_timeout = {_WAITS_SECONDS * 1000}")


def _queue_on_server(seconds: float) -> None:
    """Among processes, else two could each read what the other is about to change: two issues
    merged into one another would never be handled. Tables are waited for no longer, either.

    Raises NoTurn.
    """
    if seconds == FOR_EVER:
        proxy.execute_sql("SELECT pg_advisory_xact_lock(%s)", (WRITERS_LOCK,))
        return
    try:
        proxy.execute_sql(
            "SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s)",
            (str(_milliseconds(seconds)), WRITERS_LOCK),
        )
    except peewee.OperationalError as error:
        if turns.is_locked(error):
            raise turns.NoTurn("a server is writing") from error
        raise


def _milliseconds(seconds: float) -> int:
    """At least one: none at all would be for ever."""
    return max(round(seconds * 1000), 1)


def truncate_log() -> bool:
    """Leaves nothing in the write-ahead log of what rows held before; whether it could.

    Somebody who reads for long is in the way: then it is left to the next time. Only SQLite's is
    ours to empty. Outside a transaction.
    """
    database = proxy.obj
    if not isinstance(database, SqliteFile):
        return True
    with turns.turn():
        database.execute_sql(f"PRAGMA busy_timeout = {_LOG_WAITS_MS}")
        try:
            [(is_busy, _frames, _done)] = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            database.execute_sql(f"PRAGMA busy_timeout = {_WAITS_SECONDS * 1000}")
    return not is_busy


def at_the_end(kind: type[L]) -> L:
    """The one of its kind that this thread's transaction calls before it is saved.

    Raises RuntimeError outside of writing().
    """
    last: dict[type[Any], Any] | None = getattr(_block, "last", None)
    if last is None:
        raise RuntimeError("nothing is written outside writing()")
    if kind not in last:
        last[kind] = kind()
    found: L = last[kind]
    return found


@contextmanager
def alone_on_server() -> Iterator[None]:
    """What the lock file does for SQLite; the lock ends with the connection, come what may."""
    if not isinstance(proxy.obj, peewee.PostgresqlDatabase):
        yield
        return
    # As long as another server brings it up: that is more than is usual for a lock.
    proxy.execute_sql("SET lock_timeout = 0")
    proxy.execute_sql("SELECT pg_advisory_lock(%s)", (WRITERS_LOCK,))
    proxy.execute_sql("RESET lock_timeout")
    try:
        yield
    finally:
        proxy.execute_sql("SELECT pg_advisory_unlock(%s)", (WRITERS_LOCK,))

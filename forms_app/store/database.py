"""Opening the database, bringing its schema up to date, and the one way to write to it.

SQLite by default, PostgreSQL by an address. It knows no table.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee
from playhouse.db_url import connect
from playhouse.migrations import Runner

from forms_app.files.locks import FOR_EVER, holding
from forms_app.rules.refused import Refused

MIGRATIONS = Path(__file__).parent / "migrations"

# Older versions can corrupt a write-ahead log that two connections write.
SQLITE_NEEDED = (3, 51, 3)

proxy = peewee.DatabaseProxy()

# Any number will do, as long as every process of ours takes the same.
WRITERS_LOCK = 260_010

_one_writer = threading.Lock()
_lock_file: Path | None = None


class DatabaseRefused(Refused):
    """The database cannot be used; the text says what to do."""


def open_database(url: str) -> peewee.Database:
    """Connects every model to the database at `url` (`sqlite:///path` or `postgresql://…`).

    Raises DatabaseRefused when the SQLite library is too old to be safe.
    """
    global _lock_file
    if url.startswith("sqlite:///"):
        if peewee.SqliteDatabase.server_version < SQLITE_NEEDED:
            version = ".".join(map(str, peewee.SqliteDatabase.server_version))
            raise DatabaseRefused(
                f"SQLite {version} 太旧，几处同时写入时可能损坏数据，需要 3.51.3 以上；"
                "请换用自带新版 SQLite 的 Python，或者用 CIRCLE_DATABASE_URL 改用 PostgreSQL"
            )
        path = Path(url.removeprefix("sqlite:///"))
        database: peewee.Database = peewee.SqliteDatabase(
            str(path),
            pragmas={
                "journal_mode": "wal",
                # NORMAL loses acknowledged rows when the power goes.
                "synchronous": "full",
                "foreign_keys": 1,
                "trusted_schema": 0,
                "cache_size": -8000,
            },
            timeout=10,
            # The deferred default fails with "database is locked" when a reader becomes a writer.
            lock_type="IMMEDIATE",
        )
        _lock_file = path.with_name(path.name + ".lock")
    else:
        database = connect(url)
        _lock_file = None
    proxy.initialize(database)
    return database


def migrate(database: peewee.Database) -> list[str]:
    """Applies every migration not yet applied and returns their names.

    Raises DatabaseRefused when the database cannot be reached or written to.
    """
    try:
        with _queue(), _alone_on_server():
            applied: list[str] = Runner(database, str(MIGRATIONS)).up()
    except (peewee.OperationalError, peewee.InterfaceError, OSError) as error:
        raise DatabaseRefused(
            f"数据库打不开，或写不进去（{error}）；"
            "请检查文件的权限和磁盘空间，用 PostgreSQL 的请检查它有没有启动。"
        ) from error
    return applied


def unknown_migrations(database: peewee.Database) -> list[str]:
    """The names of those that were applied by a newer program than this one."""
    runner = Runner(database, str(MIGRATIONS))
    return sorted(set(runner.applied()) - {one.name for one in runner.migrations()})


@contextmanager
def writing() -> Iterator[None]:
    """One transaction, the writers one after another: in this process and among processes.

    Waiting in a queue is fairer and faster than SQLite's own retries.
    """
    with _queue(), proxy.atomic():
        if isinstance(proxy.obj, peewee.PostgresqlDatabase):
            # Else two processes could each read what the other is about to change: two issues
            # merged into one another would never be handled.
            proxy.execute_sql("SELECT pg_advisory_xact_lock(%s)", (WRITERS_LOCK,))
        yield


@contextmanager
def _queue() -> Iterator[None]:
    with _one_writer:
        if _lock_file is None:
            yield
            return
        # Never the database file itself: closing a handle on it would drop SQLite's locks.
        with holding(_lock_file, wait_seconds=FOR_EVER):
            yield


@contextmanager
def _alone_on_server() -> Iterator[None]:
    """What the lock file does for SQLite; the lock ends with the connection, come what may."""
    if not isinstance(proxy.obj, peewee.PostgresqlDatabase):
        yield
        return
    proxy.execute_sql("SELECT pg_advisory_lock(%s)", (WRITERS_LOCK,))
    try:
        yield
    finally:
        proxy.execute_sql("SELECT pg_advisory_unlock(%s)", (WRITERS_LOCK,))

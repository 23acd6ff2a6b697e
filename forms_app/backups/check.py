"""Whether a database that came out of a backup is whole, ours, and what the list says.

It is looked at where it is staged, brought up to date there, and its histories retraced.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import peewee

from forms_app import casework, queries
from forms_app.backups.databases import Facts, facts
from forms_app.backups.manifest import BackupDamaged, Manifest
from forms_app.backups.source import RestoreRefused
from forms_app.files.keys import is_key
from forms_app.issues.sums import count_once
from forms_app.rules.contact_keys import ContactLocked
from forms_app.rules.refused import Refused
from forms_app.store.database import open_database
from forms_app.store.schema import is_empty, is_foreign, migrate, unknown_migrations
from forms_app.store.tables import TABLES

LISTED = 20
# Of a row that is fetched later, and which Peewee does not wrap.
_DRIVERS_ERROR: type[Exception] = peewee.sqlite3.DatabaseError  # type: ignore[attr-defined]


def brought_up(
    database: peewee.Database,
    manifest: Manifest | None,
    make_fit: Callable[[], None] = lambda: None,
) -> Facts:
    """Checks a staged database, which is open, and brings it up to date; what it held before.

    Without a list (an old backup) only what the database itself can prove. `make_fit` may give up
    what no key opens before it is read. Raises BackupDamaged, and ContactLocked where the keys in
    use do not open its contacts.
    """
    with _readable():
        _need_whole(database)
        if manifest is None:
            _need_plain(database)
        if is_empty(database) or is_foreign(database):
            raise BackupDamaged("这不是本程序的数据库，请核对文件名。")
        if unknown_migrations(database):
            raise BackupDamaged("这份备份是新版本程序备份的，请先把程序更新到那个版本。")
        held = facts(database)
        if not all(map(is_key, held.files)):
            raise BackupDamaged("备份里的数据库有不该有的照片名，请换一份备份。")
        if manifest is not None:
            _need_same(held, manifest)
        migrate(database)
        count_once()
        make_fit()
        if not casework.keys_fit():
            raise ContactLocked
        _need_columns(database)
        _need_references(database)
        broken = queries.broken_histories()
        if broken:
            raise BackupDamaged(
                f"备份里这些问题的经过对不上：{'、'.join(broken[:LISTED])}，请换一份备份。"
            )
        torn = next(queries.broken_chains(manifest.log or () if manifest else ()), None)
        if torn is not None:
            raise BackupDamaged(f"备份里的记录对不上：{queries.broken_words(torn)}请换一份备份。")
    return held


def checked(url: str, manifest: Manifest | None) -> Facts:
    """The same for the database at `url`, which is closed again."""
    database = open_database(url)
    try:
        return brought_up(database, manifest)
    finally:
        database.close()


@contextmanager
def _readable() -> Iterator[None]:
    """A block in which whatever cannot be read is a sentence: the file may hold anything."""
    try:
        yield
    except (BackupDamaged, ContactLocked, RestoreRefused):
        raise
    except (peewee.PeeweeException, _DRIVERS_ERROR, Refused) as error:
        raise BackupDamaged(f"备份里的数据库读不出来（{error}），请换一份备份。") from error
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        # A time that is none, a number that is a word: only damage puts them there.
        raise BackupDamaged(
            f"备份里的数据库有读不懂的内容（{type(error).__name__}），请换一份备份。"
        ) from error


def _need_whole(database: peewee.Database) -> None:
    if not isinstance(database, peewee.SqliteDatabase):
        return
    if _rows(database, "PRAGMA integrity_check") != [("ok",)]:
        raise BackupDamaged("备份文件坏了，读不完整，请换一份备份。")


def _need_plain(database: peewee.Database) -> None:
    """Nothing that acts by itself: where there is a list, it was in the office's own."""
    made = _rows(database, "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')")
    if made:
        raise BackupDamaged(f"备份里的数据库被人加过东西（{made[0][0]}），请换一份备份。")


def _need_same(held: Facts, manifest: Manifest) -> None:
    if (held.installation, held.schema) != (manifest.installation, manifest.schema):
        raise BackupDamaged("备份里的数据库和清单不是同一份，请换一份备份。")
    for table in sorted({*held.rows, *manifest.rows}):
        there, told = held.rows.get(table, 0), manifest.rows.get(table, 0)
        if there != told:
            raise BackupDamaged(f"备份里的表 {table} 应有 {told} 行，现有 {there} 行。")


def _need_columns(database: peewee.Database) -> None:
    for model in TABLES:
        table = model._meta.table_name
        there = {column.name for column in database.get_columns(table)}
        lost = sorted(set(model._meta.columns) - there)
        if lost:
            raise BackupDamaged(f"备份里的表 {table} 少了 {lost[0]} 这一栏，请换一份备份。")


def _need_references(database: peewee.Database) -> None:
    """PostgreSQL has held them when it read the dump."""
    if isinstance(database, peewee.SqliteDatabase):
        lost = _rows(database, "PRAGMA foreign_key_check")
        if lost:
            child, _row, parent, _key = lost[0]
            raise BackupDamaged(
                f"备份里的表 {child} 指向已经没有的{parent}，一共{len(lost)}处，请换一份备份。"
            )


def _rows(database: peewee.Database, sql: str) -> list[tuple[Any, ...]]:
    return list(database.execute_sql(sql))  # type: ignore[no-untyped-call]

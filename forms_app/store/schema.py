"""The schema of the database: whether it is ours and of this version, and how it is brought up to
date.
"""

from collections.abc import Callable
from pathlib import Path

import peewee
from playhouse.migrations import Runner

from forms_app.files.locks import FOR_EVER
from forms_app.store import turns
from forms_app.store.database import DatabaseRefused, alone_on_server, answered_within, usable

MIGRATIONS = Path(__file__).parent / "migrations"
# In the head of a SQLite file of ours, since 0014_identity.
APPLICATION_ID = 0x544D4331
_HISTORY = "schema_migration"


def migrate(
    database: peewee.Database, before_change: Callable[[], None] = lambda: None
) -> list[str]:
    """Applies every migration not yet applied and returns their names.

    `before_change` is called where there are any, before the first of them.
    Raises DatabaseRefused when the database cannot be reached or written to, is another
    program's, or a newer version's of this one.
    """
    with usable():
        need_ours(database)
        if not missing_migrations(database):
            return []
    before_change()
    with usable(), turns.turn(FOR_EVER), answered_within(FOR_EVER), alone_on_server():
        need_ours(database)
        applied: list[str] = Runner(database, str(MIGRATIONS)).up()
        return applied


def is_empty(database: peewee.Database) -> bool:
    """Whether nothing of ours was ever in it. Raises DatabaseRefused."""
    with usable():
        return _HISTORY not in database.get_tables()


def is_foreign(database: peewee.Database) -> bool:
    """Whether it is another program's file; only SQLite's tell. Raises peewee's errors."""
    if not isinstance(database, peewee.SqliteDatabase):
        return False
    tables = database.get_tables()
    return database.application_id not in (0, APPLICATION_ID) or bool(
        tables and _HISTORY not in tables
    )


def need_ours(database: peewee.Database) -> None:
    """Raises DatabaseRefused where it is another program's, or a newer one has used it."""
    if is_foreign(database):
        raise DatabaseRefused(
            f"{database.database} 是别的程序的数据库，没有动它；"
            "请检查 CIRCLE_DATA 或 CIRCLE_DATABASE_URL 写的是不是本程序的数据。"
        )
    unknown = unknown_migrations(database)
    if unknown:
        raise DatabaseRefused(
            f"数据库是更新版本的程序用过的（{unknown[-1]}），这个旧版本用它会出错，没有动它；"
            "请把程序更新到那个版本再用，或者恢复更新以前的备份。"
        )


def missing_migrations(database: peewee.Database) -> list[str]:
    """The names of those that this program still has to apply."""
    runner = Runner(database, str(MIGRATIONS))
    return sorted({one.name for one in runner.migrations()} - set(runner.applied()))


def unknown_migrations(database: peewee.Database) -> list[str]:
    """The names of those that were applied by a newer program than this one."""
    runner = Runner(database, str(MIGRATIONS))
    return sorted(set(runner.applied()) - {one.name for one in runner.migrations()})

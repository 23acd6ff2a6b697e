"""Sessions know when somebody did something in them last; and what the contacts were before they
were sealed is gone from the file and its log, too: it is written anew. On PostgreSQL the table is;
its own log of changes is its administrator's.
"""

from typing import Any

from peewee import SqliteDatabase

atomic = False  # no database is written anew within a transaction


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    run: Any = db.execute_sql
    # It may have come so far before.
    if "active_at" not in {column.name for column in db.get_columns("session")}:
        run("ALTER TABLE session ADD COLUMN active_at TEXT NOT NULL DEFAULT ''")
    run("UPDATE session SET active_at = started_at WHERE active_at = ''")
    if isinstance(db, SqliteDatabase):
        run("VACUUM")
        run("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        run("VACUUM FULL issue")

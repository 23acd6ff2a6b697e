"""Whose password was given by an administrator, and opens nothing but the page that changes it.

Whoever has an account already keeps the password that they have.
"""

from typing import Any

from peewee import Database, SqliteDatabase


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    kind, no = ("INTEGER", "0") if isinstance(db, SqliteDatabase) else ("BOOLEAN", "FALSE")
    db.execute_sql(  # type: ignore[no-untyped-call]
        f"ALTER TABLE account ADD COLUMN has_first_password {kind} NOT NULL DEFAULT {no}"
    )

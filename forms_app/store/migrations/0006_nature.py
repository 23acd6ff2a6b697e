"""What somebody wants of the office (性质): nothing is known of the issues that are there."""

from typing import Any

from peewee import Database


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    # Not the migrator's add_column: to say NOT NULL it would copy SQLite's whole table.
    db.execute_sql(  # type: ignore[no-untyped-call]  # Peewee's stubs have no types here
        "ALTER TABLE issue ADD COLUMN nature TEXT NOT NULL DEFAULT ''"
    )

"""Which issues came among very many at once, and by which press they were set aside."""

from typing import Any

from peewee import SqliteDatabase


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    kind, no = ("INTEGER", "0") if isinstance(db, SqliteDatabase) else ("BOOLEAN", "FALSE")
    for statement in (
        f"ALTER TABLE issue ADD COLUMN in_burst {kind} NOT NULL DEFAULT {no}",
        "ALTER TABLE issue ADD COLUMN aside_press TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX issue_aside ON issue (aside_press) WHERE aside_press != ''",
    ):
        db.execute_sql(statement)

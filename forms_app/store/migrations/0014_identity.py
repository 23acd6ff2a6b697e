"""Whose database it is: the program's mark in a SQLite file, and the installation's own name.

Another program's file is told by the mark, another office's backup by the name.
"""

import secrets
from typing import Any

from peewee import AutoField, Model, SqliteDatabase, TextField

APPLICATION_ID = 0x544D4331  # "TMC1"


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Installation(Row):
        code = TextField()

    db.create_tables([Installation])
    Installation.create(code=secrets.token_hex(8))
    if isinstance(db, SqliteDatabase):
        db.execute_sql(  # type: ignore[no-untyped-call]  # narrowed
            f"PRAGMA application_id = {APPLICATION_ID}"
        )

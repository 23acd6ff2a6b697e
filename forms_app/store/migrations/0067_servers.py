"""Several servers on one database: who they are, and which of them has what work."""

from typing import Any

from peewee import AutoField, Model, TextField


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Server(Row):
        name = TextField(unique=True)
        title = TextField()
        key = TextField()
        place = TextField()
        seen_at = TextField()

    class Claim(Row):
        name = TextField(unique=True)
        holder = TextField()
        until = TextField()
        done = TextField(default="")

    db.create_tables([Server, Claim])

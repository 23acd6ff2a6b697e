"""Which tickets a browser has open, so that leaving and another ticket end it: what the browser
holds is only a key.

Whoever had one open shows it again.
"""

from typing import Any

from peewee import AutoField, Database, ForeignKeyField, Model, TextField


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Issue(Row):
        pass

    class OpenTicket(Row):
        issue = ForeignKeyField(Issue, backref="+")
        key_hash = TextField()
        opened_at = TextField(index=True)

        class Meta:
            indexes = ((("key_hash", "issue"), True),)

    db.create_tables([OpenTicket])

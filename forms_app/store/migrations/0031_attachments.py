"""The files that staff put beside an internal note."""

from typing import Any

from peewee import AutoField, Database, ForeignKeyField, IntegerField, Model, TextField


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Issue(Row):
        pass

    class Entry(Row):
        pass

    class Attachment(Row):
        issue = ForeignKeyField(Issue, backref="+")
        entry = ForeignKeyField(Entry, backref="+")
        key = TextField(unique=True)
        name = TextField()
        size = IntegerField()
        made_at = TextField()

    db.create_tables([Attachment])

"""Which issues were compared and kept apart: a new table only."""

from typing import Any

from peewee import AutoField, Database, ForeignKeyField, Model


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    # Only to be referred to: they are there already.
    class Issue(Row):
        pass

    class Entry(Row):
        pass

    class KeptApart(Row):
        first = ForeignKeyField(Issue, backref="+")
        second = ForeignKeyField(Issue, backref="+")
        entry = ForeignKeyField(Entry, backref="+")

        class Meta:
            indexes = ((("first", "second"), True),)

    db.create_tables([KeptApart])

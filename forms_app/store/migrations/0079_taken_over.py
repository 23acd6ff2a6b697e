"""Whose work an issue goes on with whose resident had followed one that was taken back."""

from typing import Any

from peewee import AutoField, ForeignKeyField, IntegerField, Model


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Issue(Row):
        pass

    class Entry(Row):
        pass

    class TakenOver(Row):
        issue = ForeignKeyField(Issue, backref="+")
        round_no = IntegerField()
        entry = ForeignKeyField(Entry, backref="+")
        taken = ForeignKeyField(Issue, backref="+")
        taken_round = IntegerField()
        gone = ForeignKeyField(Entry, backref="+")

    db.create_tables([TakenOver])

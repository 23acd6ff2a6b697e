"""Paper forms with their numbers, and what was imported from spreadsheets: new tables only."""

from typing import Any

from peewee import AutoField, Database, ForeignKeyField, Model, TextField


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    # Only to be referred to: they are there already.
    class Account(Row):
        pass

    class Issue(Row):
        pass

    class PaperForm(Row):
        serial = TextField(unique=True)
        batch = TextField(index=True)
        community_id = TextField()
        printed_at = TextField()
        printed_by = ForeignKeyField(Account, backref="+")
        issue = ForeignKeyField(Issue, null=True, unique=True, backref="+")

        class Meta:
            indexes = ((("community_id", "issue"), False),)

    class ImportedRow(Row):
        key = TextField(unique=True)
        batch = TextField(index=True)
        issue = ForeignKeyField(Issue, backref="+")

    class ColumnChoice(Row):
        headers_hash = TextField(unique=True)
        columns = TextField()
        chosen_at = TextField()

    db.create_tables([PaperForm, ImportedRow, ColumnChoice])

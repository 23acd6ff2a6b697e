"""What each account often looks at in the register: an address that it gave a name."""

from typing import Any

from peewee import AutoField, Database, ForeignKeyField, Model, TextField


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Account(Row):
        pass

    class SavedView(Row):
        account = ForeignKeyField(Account, backref="+")
        name = TextField()
        address = TextField()

        class Meta:
            indexes = ((("account", "name"), True),)

    db.create_tables([SavedView])

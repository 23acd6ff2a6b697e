"""Who of the staff unfolded a resident's name and phone: a row for each person, issue and day."""

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

    class Account(Row):
        pass

    class ContactLook(Row):
        issue = ForeignKeyField(Issue, backref="+")
        account = ForeignKeyField(Account, backref="+")
        looked_on = TextField()
        made_at = TextField()
        actor_name = TextField()
        actor_role = TextField()
        place_id = TextField(default="")

        class Meta:
            indexes = ((("issue", "account", "looked_on"), True),)

    db.create_tables([ContactLook])

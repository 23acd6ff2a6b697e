"""Browsers that are woken when there is news of an issue, as its resident asked in them."""

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

    class PushSubscription(Row):
        issue = ForeignKeyField(Issue, backref="+")
        endpoint = TextField()
        p256dh = TextField()
        auth = TextField()
        made_for = TextField()
        key_hash = TextField(index=True)
        made_at = TextField()

        class Meta:
            indexes = ((("issue", "endpoint"), True),)

    db.create_tables([PushSubscription])

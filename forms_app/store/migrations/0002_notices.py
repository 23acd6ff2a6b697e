"""Notices with their reminders, and the e-mail addresses they may go to."""

from typing import Any

from peewee import (
    AutoField,
    BooleanField,
    Database,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Issue(Row):
        number = TextField(unique=True)

    class Notice(Row):
        key = TextField(unique=True)
        issue = ForeignKeyField(Issue, backref="+")
        event = TextField()
        step = TextField()
        due_at = TextField(null=True)
        clock = TextField(default="")
        kind = TextField()
        recipient = TextField()
        is_urgent = BooleanField(default=False)
        state = TextField(default="waiting")
        created_at = TextField()
        not_before = TextField()
        attempts = IntegerField(default=0)
        first_tried_at = TextField(null=True)
        lease_until = TextField(null=True)
        message_key = TextField(default="")
        sent_at = TextField(null=True, index=True)
        error = TextField(default="")
        read_at = TextField(null=True)

        class Meta:
            indexes = (
                (("state", "not_before"), False),
                (("kind", "recipient", "state"), False),
            )

    class Reminder(Row):
        issue = ForeignKeyField(Issue, backref="+")
        clock = TextField()
        due_at = TextField()
        rank = IntegerField()

        class Meta:
            indexes = ((("issue", "clock", "due_at"), True),)

    # Not the migrator's add_column: to say NOT NULL it would copy SQLite's whole table.
    for table, column in (("issue", "reporter_email"), ("account", "email")):
        db.execute_sql(  # type: ignore[no-untyped-call]  # Peewee's stubs have no types here
            f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT ''"
        )
    db.create_tables([Notice, Reminder])

"""The first schema: frozen copies of the models of 0.1.0."""

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

    class Counter(Row):
        name = TextField(unique=True)
        value = IntegerField()

    class Account(Row):
        username = TextField(unique=True)
        display_name = TextField()
        role = TextField()
        community_id = TextField(default="")
        organization_id = TextField(default="")
        password_hash = TextField()
        session_no = IntegerField(default=1)
        failed_logins = IntegerField(default=0)
        locked_until = TextField(null=True)
        created_at = TextField()
        disabled_at = TextField(null=True)

    class Issue(Row):
        number = TextField(unique=True)
        form_key_hash = TextField(unique=True)
        ticket_hash = TextField()
        version = IntegerField(default=1)
        step = TextField()
        round_no = IntegerField(default=1)
        severity_class = TextField(null=True)
        urgency = IntegerField(null=True)
        received_at = TextField()
        channel = TextField()
        collector = ForeignKeyField(Account, null=True, backref="+")
        description = TextField()
        community_id = TextField()
        estate_id = TextField(default="")
        location = TextField(default="")
        category = TextField(default="")
        reporter_name = TextField(default="")
        reporter_phone = TextField(default="")
        consented_at = TextField()
        round_started_at = TextField()
        opinion_due_at = TextField(null=True)
        opined_at = TextField(null=True)
        initial_opinion = TextField(default="")
        classified_at = TextField(null=True)
        due_at = TextField(null=True)
        reply_by = TextField(null=True)
        evaluating_since = TextField(null=True)
        review_on = TextField(default="")
        caller = ForeignKeyField(Account, null=True, backref="+")
        merged_into = ForeignKeyField("self", null=True, backref="+")

        class Meta:
            indexes = (
                (("community_id", "step"), False),
                (("step", "due_at"), False),
            )

    class Entry(Row):
        issue = ForeignKeyField(Issue, backref="+")
        made_at = TextField()
        account = ForeignKeyField(Account, null=True, backref="+")
        actor_role = TextField()
        actor_name = TextField()
        move = TextField()
        from_step = TextField(null=True)
        to_step = TextField()
        round_no = IntegerField()
        to_round = IntegerField()
        severity_class = TextField(null=True)
        urgency = IntegerField(null=True)
        due_at = TextField(null=True)
        opinion_due_at = TextField(null=True)
        press = TextField(default="")
        note = TextField(default="")
        resident_line = TextField()
        satisfaction = IntegerField(null=True)
        asked_at = TextField(null=True)
        asked_how = TextField(default="")
        organization_id = TextField(default="")
        field = TextField(default="")
        old_value = TextField(default="")
        new_value = TextField(default="")

    class Summons(Row):
        issue = ForeignKeyField(Issue, backref="+")
        entry = ForeignKeyField(Entry, backref="+")
        round_no = IntegerField()
        severity_class = TextField()
        asked = TextField()
        reply_by = TextField()

    class Party(Row):
        summons = ForeignKeyField(Summons, backref="+")
        issue = ForeignKeyField(Issue, backref="+")
        organization_id = TextField()
        answer = TextField(default="")
        opinion = TextField(default="")
        answered_at = TextField(null=True)
        is_current = BooleanField(default=True)

        class Meta:
            indexes = (
                (("summons", "organization_id"), True),
                (("organization_id", "issue"), False),
            )

    class Assignment(Row):
        issue = ForeignKeyField(Issue, backref="+")
        entry = ForeignKeyField(Entry, backref="+")
        part = TextField()
        account = ForeignKeyField(Account, null=True, backref="+")
        organization_id = TextField(default="")
        is_current = BooleanField(default=True)

        class Meta:
            indexes = ((("organization_id", "issue"), False), (("account", "issue"), False))

    class ContactAttempt(Row):
        issue = ForeignKeyField(Issue, backref="+")
        entry = ForeignKeyField(Entry, backref="+")
        tried_on = TextField()
        how = TextField()

    class Rating(Row):
        form_key_hash = TextField(unique=True)
        about = TextField(index=True)
        satisfaction = IntegerField()
        comment = TextField(default="")
        made_at = TextField()

    db.create_tables(
        [Counter, Account, Issue, Entry, Summons, Party, Assignment, ContactAttempt, Rating]
    )

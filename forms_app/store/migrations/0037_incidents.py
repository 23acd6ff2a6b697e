"""What hits many at once: its banner, its history, and whose the issue is that all follow."""

from typing import Any

from peewee import (
    AutoField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
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

    class Incident(Row):
        issue = ForeignKeyField(Issue, backref="+")
        form_key_hash = TextField(unique=True)
        version = IntegerField()
        kind = TextField()
        title = TextField()
        community_id = TextField()
        is_wide = BooleanField()
        estate_ids = TextField()
        told = TextField()
        told_at = TextField()
        expected_at = TextField(null=True)
        ended_at = TextField(null=True)

    class IncidentEntry(Row):
        incident = ForeignKeyField(Incident, backref="+")
        made_at = TextField()
        account = ForeignKeyField(Account, null=True, backref="+")
        actor_role = TextField()
        actor_name = TextField()
        event = TextField()
        told = TextField()
        expected_at = TextField(null=True)
        press = TextField()

    db.create_tables([Incident, IncidentEntry])
    for statement in (
        "ALTER TABLE issue ADD COLUMN of_incident TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX incident_running ON incident (id) WHERE ended_at IS NULL",
        "CREATE UNIQUE INDEX incident_once ON incident (community_id, kind) "
        "WHERE ended_at IS NULL AND kind != 'other'",
        "CREATE UNIQUE INDEX incident_main ON incident (issue_id) WHERE ended_at IS NULL",
    ):
        db.execute_sql(statement)

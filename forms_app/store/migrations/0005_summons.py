"""What a summons names beside its parties, one-time answers, and the lines of a joint plan."""

from typing import Any

from peewee import AutoField, BooleanField, Database, ForeignKeyField, Model, TextField

COLUMNS = (
    ("summons", "subject", "TEXT NOT NULL DEFAULT ''"),
    ("summons", "place", "TEXT NOT NULL DEFAULT ''"),
    ("summons", "meet_at", "TEXT"),
    ("party", "duty", "TEXT NOT NULL DEFAULT ''"),
    ("party", "duty_basis", "TEXT NOT NULL DEFAULT ''"),
)


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

    class Party(Row):
        pass

    class AnswerLink(Row):
        party = ForeignKeyField(Party, backref="+")
        entry = ForeignKeyField(Entry, backref="+")
        secret_hash = TextField()
        issued_at = TextField()
        expires_at = TextField()
        used_at = TextField(null=True)
        replaced_at = TextField(null=True)

    class Measure(Row):
        issue = ForeignKeyField(Issue, backref="+")
        entry = ForeignKeyField(Entry, backref="+")
        what = TextField()
        lead = TextField()
        assist = TextField(default="")
        due_on = TextField(default="")
        done_entry = ForeignKeyField(Entry, null=True, backref="+")
        is_current = BooleanField(default=True)

    # Not the migrator's add_column: to say NOT NULL it would copy SQLite's whole table.
    for table, column, kind in COLUMNS:
        db.execute_sql(  # type: ignore[no-untyped-call]  # Peewee's stubs have no types here
            f"ALTER TABLE {table} ADD COLUMN {column} {kind}"
        )
    db.create_tables([AnswerLink, Measure])

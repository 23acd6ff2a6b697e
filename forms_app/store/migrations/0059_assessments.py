"""What passes on record between a sub-district and a department, sealed in the same log."""

from typing import Any

from peewee import AutoField, Database, ForeignKeyField, IntegerField, Model, TextField


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Account(Row):
        pass

    class Assessment(Row):
        form_key_hash = TextField(unique=True)
        version = IntegerField(default=1)
        kind = TextField()
        quarter = TextField()
        subdistrict_id = TextField()
        organization_id = TextField(index=True)
        subdistrict_name = TextField()
        organization_name = TextField()
        level = TextField(default="")
        subject = TextField(default="")
        words = TextField()
        planned_on = TextField(default="")
        said_at = TextField()
        answer = TextField(default="")
        answer_words = TextField(default="")
        answered_at = TextField(null=True)
        done_on = TextField(default="")
        found = TextField(default="")
        withdrawn_at = TextField(null=True)

    class AssessmentEntry(Row):
        assessment = ForeignKeyField(Assessment, backref="+")
        made_at = TextField()
        account = ForeignKeyField(Account, null=True, backref="+", index=False)
        actor_role = TextField()
        actor_name = TextField()
        event = TextField()
        told = TextField(default="")
        press = TextField(default="")

    db.create_tables([Assessment, AssessmentEntry])
    for sql in (
        "CREATE INDEX assessment_quarter ON assessment (quarter, subdistrict_id)",
        "CREATE UNIQUE INDEX assessment_once ON assessment "
        "(quarter, subdistrict_id, organization_id, kind) "
        "WHERE level != '' AND withdrawn_at IS NULL",
        "ALTER TABLE seal ADD COLUMN assessment_id INTEGER",
        "CREATE INDEX seal_assessment ON seal (assessment_id) WHERE assessment_id IS NOT NULL",
    ):
        db.execute_sql(sql)  # type: ignore[no-untyped-call]

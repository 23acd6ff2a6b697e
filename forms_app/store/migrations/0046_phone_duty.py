"""How a resident wants to hear of what is new, and who must be telephoned with it.

Whoever left a number before was not asked: they are telephoned where no mail reaches them.
"""

from typing import Any

from peewee import AutoField, Database, ForeignKeyField, IntegerField, Model, TextField


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    for sql in (
        "ALTER TABLE issue ADD COLUMN tell_by TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE issue ADD COLUMN ring_since TEXT",
        "CREATE INDEX issue_ring ON issue (ring_since) WHERE ring_since IS NOT NULL",
    ):
        db.execute_sql(sql)  # type: ignore[no-untyped-call]

    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Issue(Row):
        pass

    class PhoneDuty(Row):
        issue = ForeignKeyField(Issue, backref="+")
        key = TextField(unique=True)
        event = TextField()
        made_at = TextField()
        tries = IntegerField(default=0)
        days = IntegerField(default=0)
        tried_at = TextField(null=True)
        ended_at = TextField(null=True)
        ended_by = TextField(default="")

    db.create_tables([PhoneDuty])

"""What is told in public of closed issues: each with its resident's consent."""

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

    class Issue(Row):
        pass

    class PublicNote(Row):
        issue = ForeignKeyField(Issue, backref="+")
        round_no = IntegerField()
        consented_at = TextField()
        told = TextField(default="")
        estate_id = TextField(default="")
        before_key = TextField(default="")
        after_key = TextField(default="")
        drafted_by = ForeignKeyField(Account, null=True, backref="+", index=False)
        drafted_at = TextField(null=True)
        reviewed_by = ForeignKeyField(Account, null=True, backref="+", index=False)
        published_at = TextField(null=True)
        ended_at = TextField(null=True)
        ended_by = TextField(default="")

    db.create_tables([PublicNote])
    for sql in (
        "CREATE UNIQUE INDEX public_note_once ON public_note (issue_id) WHERE ended_at IS NULL",
        "CREATE INDEX public_note_running ON public_note (id) WHERE ended_at IS NULL",
    ):
        db.execute_sql(sql)  # type: ignore[no-untyped-call]

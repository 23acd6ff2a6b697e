"""Sessions of staff, so that signing out ends them: what a browser holds is only their key.

The number that ended every session of an account at once goes, and whoever was signed in signs in
again.
"""

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

    class Session(Row):
        account = ForeignKeyField(Account, backref="+")
        key_hash = TextField(unique=True)
        kind = TextField()
        browser = TextField()
        started_at = TextField(index=True)

    db.create_tables([Session])
    db.execute_sql("ALTER TABLE account DROP COLUMN session_no")  # type: ignore[no-untyped-call]

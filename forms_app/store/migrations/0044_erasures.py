"""What residents had erased, and whether that has reached every file: so a backup made before is
known by it when it is put in again."""

from typing import Any

from peewee import AutoField, BooleanField, Database, Model, TextField


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    class Erasure(Model):
        id = AutoField()
        code = TextField(unique=True)
        number = TextField()
        what = TextField()
        made_at = TextField()
        is_owed = BooleanField(default=True)

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([Erasure])
    # Few are owed at a time, and that is asked twice a minute.
    index = "CREATE INDEX erasure_owed ON erasure (id) WHERE is_owed"
    db.execute_sql(index)  # type: ignore[no-untyped-call]

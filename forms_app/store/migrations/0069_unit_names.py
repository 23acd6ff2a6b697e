"""What departments and communities were called when, so that an old quarter keeps their names."""

from typing import Any

from peewee import AutoField, Model, TextField


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    class UnitName(Model):
        id = AutoField()
        unit_id = TextField()
        name = TextField()
        since = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            indexes = ((("unit_id", "since"), True),)

    db.create_tables([UnitName])

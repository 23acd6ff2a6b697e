"""Second factors: the seed of each, its last code that was taken, the codes for lost telephones.

Nobody has one yet.
"""

from typing import Any

from peewee import AutoField, Database, ForeignKeyField, Model, TextField


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    for column in (
        "factor_seed TEXT NOT NULL DEFAULT ''",
        "factor_step INTEGER NOT NULL DEFAULT 0",
    ):
        db.execute_sql(f"ALTER TABLE account ADD COLUMN {column}")  # type: ignore[no-untyped-call]

    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Account(Row):
        pass

    class RecoveryCode(Row):
        account = ForeignKeyField(Account, backref="+")
        code_hash = TextField()

        class Meta:
            indexes = ((("account", "code_hash"), True),)

    db.create_tables([RecoveryCode])

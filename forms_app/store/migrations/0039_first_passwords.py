"""Whose password was given by an administrator, and opens nothing but the page that changes it; and
the log of sign-ins and accounts, which begins empty.

Whoever has an account already keeps the password that they have.
"""

from typing import Any

from peewee import (
    AutoField,
    Database,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    kind, no = ("INTEGER", "0") if isinstance(db, SqliteDatabase) else ("BOOLEAN", "FALSE")
    db.execute_sql(  # type: ignore[no-untyped-call]
        f"ALTER TABLE account ADD COLUMN has_first_password {kind} NOT NULL DEFAULT {no}"
    )

    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Account(Row):
        pass

    class AccountEvent(Row):
        account = ForeignKeyField(Account, null=True, backref="+")
        event = TextField()
        begun_at = TextField()
        happened_at = TextField(index=True)
        times = IntegerField(default=1)
        browser = TextField(default="")
        counted_as = TextField(null=True, unique=True)

        class Meta:
            indexes = ((("account", "happened_at"), False),)

    db.create_tables([AccountEvent])

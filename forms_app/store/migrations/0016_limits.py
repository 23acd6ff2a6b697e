"""Wrong tries to sign in by name and browser, whether or not an account has that name; and of a
rating that its browser gave anew, since when it counts no more; of an issue the address that was
confirmed.
"""

from typing import Any

from peewee import AutoField, Database, IntegerField, Model, TextField


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    class SignInTry(Model):
        id = AutoField()
        name_hash = TextField()
        browser_hash = TextField(default="")
        failed = IntegerField(default=0)
        locked_until = TextField(null=True)
        tried_at = TextField(index=True)

        class Meta:
            database = db
            legacy_table_names = False
            indexes = ((("name_hash", "browser_hash"), True),)

    db.create_tables([SignInTry])
    for statement in (
        "ALTER TABLE account DROP COLUMN failed_logins",
        "ALTER TABLE account DROP COLUMN locked_until",
        "ALTER TABLE issue ADD COLUMN confirmed_email TEXT NOT NULL DEFAULT ''",
        # Those that were written to so far go on being so.
        "UPDATE issue SET confirmed_email = reporter_email",
        "ALTER TABLE rating ADD COLUMN browser_hash TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE rating ADD COLUMN replaced_at TEXT",
        "CREATE INDEX rating_browser_hash ON rating (browser_hash)",
    ):
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

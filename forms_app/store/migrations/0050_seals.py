"""The log's seals, and the salts with which they hold residents' contacts.

Nothing is sealed yet.
"""

from typing import Any

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    Database,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    is_sqlite = isinstance(db, SqliteDatabase)
    # 128 bits, and 122: both from the system's own source of chance.
    salt = (
        "LOWER(HEX(RANDOMBLOB(16)))" if is_sqlite else "REPLACE(gen_random_uuid()::text, '-', '')"
    )
    for statement in (
        "ALTER TABLE issue ADD COLUMN contact_salt TEXT NOT NULL DEFAULT ''",
        f"UPDATE issue SET contact_salt = {salt}",  # noqa: S608
    ):
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Issue(Row):
        pass

    class Rating(Row):
        pass

    class Seal(Row):
        issue = ForeignKeyField(Issue, null=True, backref="+")
        rating = ForeignKeyField(Rating, null=True, index=False, backref="+")
        entry_id = IntegerField(default=0)
        made_at = TextField()
        is_opening = BooleanField(default=False)
        state = TextField()
        found = TextField(default="")
        digest = TextField()

    Seal.add_index(SQL("CREATE INDEX seal_rating ON seal (rating_id) WHERE rating_id IS NOT NULL"))
    db.create_tables([Seal])

"""A bad rating leads to work: why it was given, the issue that came of it, and who entered it."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    for statement in (
        "ALTER TABLE issue ADD COLUMN rated TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX issue_rated ON issue (rated, id) WHERE rated != ''",
        "ALTER TABLE rating ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE rating ADD COLUMN issue_id INTEGER REFERENCES issue (id)",
        "ALTER TABLE rating ADD COLUMN way TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE rating ADD COLUMN entered_by_id INTEGER REFERENCES account (id)",
        "CREATE INDEX rating_bad ON rating (made_at) "
        "WHERE satisfaction <= 2 AND replaced_at IS NULL",
    ):
        db.execute_sql(statement)

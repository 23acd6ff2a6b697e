"""The log of accounts says which administrator did it; nobody where it was done on the server."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    db.execute_sql("ALTER TABLE account_event ADD COLUMN by_id INTEGER REFERENCES account (id)")

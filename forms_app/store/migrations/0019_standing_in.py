"""Which level a move was made for where nobody of it had an account. Until now nobody stood in."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    db.execute_sql("ALTER TABLE entry ADD COLUMN stood_in_for TEXT NOT NULL DEFAULT ''")

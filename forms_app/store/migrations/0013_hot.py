"""Imported issues have no ticket: whoever tried to open one cost a slow hash of nothing."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    db.execute_sql(
        "UPDATE issue SET ticket_hash = '' WHERE id IN (SELECT issue_id FROM imported_row)"
    )

"""An index of when results were passed on or given back: a quarter is counted without all else."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    db.execute_sql(
        "CREATE INDEX entry_passing ON entry (made_at, issue_id) "
        "WHERE move IN ('relay', 'send_back')"
    )

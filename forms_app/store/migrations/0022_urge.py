"""A plan may be changed: that gives work, too, and the index of who got to work finds it."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    for statement in (
        "DROP INDEX entry_giving",
        "CREATE INDEX entry_giving ON entry (made_at, issue_id) "
        "WHERE move IN ('assign', 'claim', 'plan', 'replan', 'summon')",
    ):
        db.execute_sql(statement)

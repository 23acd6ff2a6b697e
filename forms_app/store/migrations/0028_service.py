"""From which service's page an issue came; of those before it is not known."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    for statement in (
        "ALTER TABLE issue ADD COLUMN service TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX issue_service_received ON issue (service, received_at, id)",
    ):
        db.execute_sql(statement)

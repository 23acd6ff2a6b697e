"""A call asks what its number reported before: found by the number's mark along an index."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    db.execute_sql(
        "CREATE INDEX issue_phone ON issue (substr(reporter_phone, 1, 27)) "
        "WHERE reporter_phone != ''"
    )

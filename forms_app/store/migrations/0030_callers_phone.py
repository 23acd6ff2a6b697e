"""Where whoever is called reaches the caller. Until now the community's desk was named."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    db.execute_sql("ALTER TABLE summons ADD COLUMN phone TEXT NOT NULL DEFAULT ''")

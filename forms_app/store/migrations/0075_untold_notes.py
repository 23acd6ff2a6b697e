"""The board says how many public notes wait to be drafted or reviewed: found along an index."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    db.execute_sql(
        "CREATE INDEX public_note_untold ON public_note (id) "
        "WHERE ended_at IS NULL AND published_at IS NULL"
    )

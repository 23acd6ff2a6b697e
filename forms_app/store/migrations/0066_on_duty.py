"""Whether somebody was on duty when the clock of a first answer began is kept with its entry.

What came before keeps nothing: how long its clock ran is all that is known, and what was counted
and published by that stays. Nothing that is sealed changes.
"""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    db.execute_sql("ALTER TABLE entry ADD COLUMN duty TEXT NOT NULL DEFAULT ''")

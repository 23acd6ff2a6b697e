"""What came in is counted by month, community and kind: the kept sums are counted anew."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    # A frozen copy of forms_app.issues.sums.COUNTED.
    db.execute_sql("DELETE FROM counter WHERE name = 'sums counted'")

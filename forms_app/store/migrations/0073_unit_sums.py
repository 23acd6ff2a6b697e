"""What each unit and each account has, and the bad ratings of a day, are counted as well: the kept
sums are counted anew. An index of the ratings that led to work.
"""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    # A frozen copy of forms_app.issues.sums.COUNTED.
    db.execute_sql("DELETE FROM counter WHERE name = 'sums counted'")
    db.execute_sql(
        "CREATE INDEX rating_asked ON rating (made_at, issue_id) WHERE issue_id IS NOT NULL"
    )

"""What each unit and each account has, and the bad ratings of a day, are counted as well: the kept
sums are counted anew. Indexes of the ratings that led to work, and of clocks that few issues have.
"""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    # A frozen copy of forms_app.issues.sums.COUNTED.
    db.execute_sql("DELETE FROM counter WHERE name = 'sums counted'")
    db.execute_sql(
        "CREATE INDEX rating_asked ON rating (made_at, issue_id) WHERE issue_id IS NOT NULL"
    )
    for end in ("ruling_due_at", "district_due_at", "urge_due_at"):
        db.execute_sql(f"CREATE INDEX issue_{end} ON issue ({end}) WHERE {end} IS NOT NULL")

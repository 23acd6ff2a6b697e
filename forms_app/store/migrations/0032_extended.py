"""Which level put a deadline off last, in this round and class: known from the history."""

from typing import Any

LAST = """SELECT MAX(entry.id) FROM entry
    WHERE entry.issue_id = issue.id AND entry.move = 'extend' AND entry.round_no = issue.round_no
    AND entry.severity_class = issue.severity_class"""
LEVEL = f"""SELECT CASE WHEN stood_in_for = '' THEN actor_role ELSE stood_in_for END FROM entry
    WHERE entry.id = ({LAST})"""  # noqa: S608


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    for statement in (
        "ALTER TABLE issue ADD COLUMN extended_by TEXT NOT NULL DEFAULT ''",
        f"UPDATE issue SET extended_by = COALESCE(({LEVEL}), '')",  # noqa: S608
    ):
        db.execute_sql(statement)

"""When staff merged an issue: of those that follow another one, from their history."""

from typing import Any

CAME = """SELECT MAX(entry.id) FROM entry
    WHERE entry.issue_id = issue.id AND entry.to_step = 'merged' AND entry.from_step != 'merged'"""
MADE_AT = f"""SELECT made_at FROM entry
    WHERE entry.id = ({CAME}) AND entry.move = 'merge'"""  # noqa: S608


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    for statement in (
        "ALTER TABLE issue ADD COLUMN merged_at TEXT",
        f"UPDATE issue SET merged_at = ({MADE_AT}) WHERE step = 'merged'",  # noqa: S608
    ):
        db.execute_sql(statement)

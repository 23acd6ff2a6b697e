"""What closed an issue and when, what was settled at once, and what is said to and fro.

Closed issues get the moment and the maker of the verdict that closed them from their history.
"""

from typing import Any

CLOSING = """SELECT MAX(entry.id) FROM entry
    WHERE entry.issue_id = issue.id AND entry.move = 'evaluate' AND entry.to_step = 'closed'"""
MADE_AT = f"SELECT made_at FROM entry WHERE entry.id = ({CLOSING})"  # noqa: S608
MADE_BY = f"""SELECT CASE actor_role WHEN 'resident' THEN 'resident' ELSE 'staff' END
    FROM entry WHERE entry.id = ({CLOSING})"""  # noqa: S608


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    for statement in (
        "ALTER TABLE issue ADD COLUMN closed_at TEXT",
        "ALTER TABLE issue ADD COLUMN verdict_by TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE issue ADD COLUMN settled_at TEXT",
        "ALTER TABLE issue ADD COLUMN asked_since TEXT",
        "ALTER TABLE issue ADD COLUMN added_since TEXT",
        f"""UPDATE issue SET closed_at = ({MADE_AT}), verdict_by = COALESCE(({MADE_BY}), '')
            WHERE step = 'closed'""",  # noqa: S608
        "CREATE INDEX issue_added ON issue (added_since) WHERE added_since IS NOT NULL",
        "CREATE INDEX issue_asked ON issue (asked_since) WHERE asked_since IS NOT NULL",
        "CREATE INDEX issue_settled ON issue (settled_at) WHERE settled_at IS NOT NULL",
    ):
        db.execute_sql(statement)

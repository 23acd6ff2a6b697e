"""When the first silent party must have answered, and with it the order of what is due first.

The clock of the result runs while the parties are asked, too: it counts from now on in that order.
"""

from typing import Any

DUE = """COALESCE(CASE step
    WHEN 'collected' THEN CASE WHEN opined_at IS NULL THEN opinion_due_at END
    WHEN 'classified' THEN due_at
    WHEN 'responding' THEN CASE
        WHEN COALESCE(answers_due_at, '9999') <= COALESCE(due_at, '9999') THEN answers_due_at
        ELSE due_at END
    WHEN 'handling' THEN due_at END, '9999')"""
FIRST_OF_THE_SILENT = """SELECT MIN(summons.reply_by) FROM party
    JOIN summons ON summons.id = party.summons_id
    WHERE party.issue_id = issue.id AND party.is_current AND party.answered_at IS NULL"""


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    for statement in (
        "DROP INDEX issue_due",
        "DROP INDEX issue_community_due",
        "ALTER TABLE issue ADD COLUMN answers_due_at TEXT",
        f"UPDATE issue SET answers_due_at = ({FIRST_OF_THE_SILENT}) WHERE step = 'responding'",  # noqa: S608
        f"CREATE INDEX issue_due ON issue (({DUE}), id)",
        f"CREATE INDEX issue_community_due ON issue (community_id, ({DUE}), id)",
    ):
        db.execute_sql(statement)

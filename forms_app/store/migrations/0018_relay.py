"""A unit's result waits for its caller, with a clock of its own: the two orders count it.

Issues that went straight to their residents before stay where they stand.
"""

from typing import Any

# Frozen copies of forms_app.issues.clocks.
NEVER = "'9999'"
UNOPINED = "((step IN ('collected')) AND (opined_at IS NULL))"
RANK = f"""(CASE WHEN (({UNOPINED} AND is_imported) AND (opinion_due_at IS NULL)) THEN 2
    WHEN {UNOPINED} THEN 0 ELSE 1 END)"""
OPINION = "CASE WHEN (opined_at IS NULL) THEN opinion_due_at END"
GRADE = "CASE WHEN (opined_at IS NOT NULL) THEN opinion_due_at END"
LATER = f"""WHEN 'classified' THEN due_at
    WHEN 'responding' THEN CASE
        WHEN (COALESCE(answers_due_at, {NEVER}) <= COALESCE(due_at, {NEVER})) THEN answers_due_at
        ELSE due_at END
    WHEN 'handling' THEN due_at
    WHEN 'reported' THEN relay_due_at END, {NEVER})"""
DUE = f"COALESCE(CASE step WHEN 'collected' THEN {OPINION} {LATER}"
IN_LINE = f"""COALESCE(CASE step WHEN 'collected' THEN CASE
        WHEN (COALESCE({OPINION}, {NEVER}) <= COALESCE({GRADE}, {NEVER})) THEN {OPINION}
        ELSE {GRADE} END
    {LATER}"""
IN_HAND = """((step || '') IN ('collected', 'classified', 'responding', 'handling', 'reported',
    'evaluating', 'shelved', 'merged'))"""
WAITING = """CASE WHEN step IN ('collected', 'classified', 'responding', 'handling',
    'reported', 'evaluating', 'shelved') THEN received_at ELSE '9' || received_at END"""


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    for statement in (
        "DROP INDEX issue_due",
        "DROP INDEX issue_community_due",
        "DROP INDEX issue_waiting",
        "DROP INDEX issue_line",
        "DROP INDEX issue_community_line",
        "DROP INDEX issue_collector_line",
        "DROP INDEX issue_facets",
        "ALTER TABLE issue ADD COLUMN result TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE issue ADD COLUMN relay_due_at TEXT",
        "ALTER TABLE issue ADD COLUMN passed_at TEXT",
        "ALTER TABLE entry ADD COLUMN result TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE entry ADD COLUMN told_by TEXT NOT NULL DEFAULT ''",
        f"CREATE INDEX issue_due ON issue (({DUE}), id)",
        f"CREATE INDEX issue_community_due ON issue (community_id, ({DUE}), id)",
        f"CREATE INDEX issue_waiting ON issue (({WAITING}), id)",
        f"CREATE INDEX issue_line ON issue ({RANK}, {IN_LINE}, id) WHERE {IN_HAND}",
        "CREATE INDEX issue_community_line ON issue "
        f"(community_id, {RANK}, {IN_LINE}, id) WHERE {IN_HAND}",
        "CREATE INDEX issue_collector_line ON issue "
        f"(collector_id, {RANK}, {IN_LINE}, id) WHERE {IN_HAND}",
        f"CREATE INDEX issue_facets ON issue (community_id, step, {DUE}) WHERE {IN_HAND}",
    ):
        db.execute_sql(statement)

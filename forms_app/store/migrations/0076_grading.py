"""Until when what has its first answer is graded.

What waits for its grade already has 24 hours from the upgrade on: nobody is late by a rule that was
not there. The orders by what ends first count one clock more, and are one.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

# Frozen copies of forms_app.issues.clocks.
NEVER = "'9999'"
UNOPINED = "((step IN ('collected')) AND (opined_at IS NULL))"
RANK = f"""(CASE WHEN (({UNOPINED} AND is_imported) AND (opinion_due_at IS NULL)) THEN 2
    WHEN {UNOPINED} THEN 0 ELSE 1 END)"""
OPINION = "CASE WHEN (opined_at IS NULL) THEN opinion_due_at END"
HOURS = 24
DISTRICT, URGE, REVIEW = "district_due_at", "urge_due_at", "review_due_at"
LATER = {
    "classified": ("due_at", URGE, REVIEW),
    "responding": ("answers_due_at", "due_at", "ruling_due_at", DISTRICT, URGE, REVIEW),
    "handling": ("due_at", "ruling_due_at", DISTRICT, URGE, REVIEW),
    "reported": ("relay_due_at", DISTRICT, URGE, REVIEW),
    "evaluating": (URGE, REVIEW),
    "closed": (REVIEW,),
    "shelved": (REVIEW,),
    "transferred": (REVIEW,),
    "merged": (REVIEW,),
}
IN_HAND = """((step || '') IN ('collected', 'classified', 'responding', 'handling', 'reported',
    'evaluating', 'shelved', 'merged'))"""


def first(*ends: str) -> str:
    """The first of some ends, any of which may be missing."""
    cases = ""
    for place, end in enumerate(ends[:-1]):
        earlier = [
            f"(COALESCE({end}, {NEVER}) <= COALESCE({other}, {NEVER}))"
            for other in ends[place + 1 :]
        ]
        condition = earlier[0] if len(earlier) == 1 else f"({' AND '.join(earlier)})"
        cases += f" WHEN {condition} THEN {end}"
    return f"CASE{cases} ELSE {ends[-1]} END" if cases else ends[-1]


def order() -> str:
    """When the first clock ends, by step."""
    steps = {"collected": (OPINION, "grade_due_at", URGE, REVIEW), **LATER}
    cases = " ".join(f"WHEN '{step}' THEN {first(*ends)}" for step, ends in steps.items())
    return f"COALESCE(CASE step {cases} END, {NEVER})"


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    due = order()
    end = datetime.now(UTC) + timedelta(hours=HOURS)
    for statement in (
        "ALTER TABLE issue ADD COLUMN grade_due_at TEXT",
        f"UPDATE issue SET grade_due_at = '{end:%Y-%m-%dT%H:%M:%SZ}' "  # noqa: S608 (our own)
        "WHERE step = 'collected' AND opined_at IS NOT NULL",
        "DROP INDEX issue_due",
        "DROP INDEX issue_community_due",
        "DROP INDEX issue_line",
        "DROP INDEX issue_community_line",
        "DROP INDEX issue_collector_line",
        "DROP INDEX issue_facets",
        f"CREATE INDEX issue_due ON issue (({due}), id)",
        f"CREATE INDEX issue_community_due ON issue (community_id, ({due}), id)",
        f"CREATE INDEX issue_line ON issue ({RANK}, ({due}), id) WHERE {IN_HAND}",
        "CREATE INDEX issue_community_line ON issue "
        f"(community_id, {RANK}, ({due}), id) WHERE {IN_HAND}",
        "CREATE INDEX issue_collector_line ON issue "
        f"(collector_id, {RANK}, ({due}), id) WHERE {IN_HAND}",
        f"CREATE INDEX issue_facets ON issue (community_id, step, ({due})) WHERE {IN_HAND}",
    ):
        db.execute_sql(statement)

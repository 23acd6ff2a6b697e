"""Of which round the district office is caller beside the sub-district, and until when it answers.

The orders by what ends first count one clock more. Major issues at work have an index: the office
sees those that are late.
"""

from typing import Any

# Frozen copies of forms_app.issues.clocks.
NEVER = "'9999'"
UNOPINED = "((step IN ('collected')) AND (opined_at IS NULL))"
RANK = f"""(CASE WHEN (({UNOPINED} AND is_imported) AND (opinion_due_at IS NULL)) THEN 2
    WHEN {UNOPINED} THEN 0 ELSE 1 END)"""
OPINION = "CASE WHEN (opined_at IS NULL) THEN opinion_due_at END"
GRADE = "CASE WHEN (opined_at IS NOT NULL) THEN opinion_due_at END"
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


def order(*collected: str) -> str:
    """When the first clock ends, by step."""
    steps = {"collected": collected, **LATER}
    cases = " ".join(f"WHEN '{step}' THEN {first(*ends)}" for step, ends in steps.items())
    return f"COALESCE(CASE step {cases} END, {NEVER})"


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    due = order(OPINION, URGE, REVIEW)
    in_line = order(OPINION, GRADE, URGE, REVIEW)
    for statement in (
        "ALTER TABLE issue ADD COLUMN district_round INTEGER",
        "ALTER TABLE issue ADD COLUMN district_due_at TEXT",
        "DROP INDEX issue_due",
        "DROP INDEX issue_community_due",
        "DROP INDEX issue_line",
        "DROP INDEX issue_community_line",
        "DROP INDEX issue_collector_line",
        "DROP INDEX issue_facets",
        f"CREATE INDEX issue_due ON issue (({due}), id)",
        f"CREATE INDEX issue_community_due ON issue (community_id, ({due}), id)",
        f"CREATE INDEX issue_line ON issue ({RANK}, ({in_line}), id) WHERE {IN_HAND}",
        "CREATE INDEX issue_community_line ON issue "
        f"(community_id, {RANK}, ({in_line}), id) WHERE {IN_HAND}",
        "CREATE INDEX issue_collector_line ON issue "
        f"(collector_id, {RANK}, ({in_line}), id) WHERE {IN_HAND}",
        f"CREATE INDEX issue_facets ON issue (community_id, step, ({due})) WHERE {IN_HAND}",
        "CREATE INDEX issue_district ON issue (district_round) WHERE district_round IS NOT NULL",
        "CREATE INDEX issue_major ON issue (due_at) "
        "WHERE severity_class = 'A' AND step IN ('classified', 'responding', 'handling')",
    ):
        db.execute_sql(statement)

"""When it is looked at again has a clock of its own, in whichever step and round.

Dates that a later round had wiped out are found in what the resident was told then; withdrawn
issues have none.
"""

import re
from typing import Any

# Frozen copies of forms_app.issues.clocks.
NEVER = "'9999'"
UNOPINED = "((step IN ('collected')) AND (opined_at IS NULL))"
RANK = f"""(CASE WHEN (({UNOPINED} AND is_imported) AND (opinion_due_at IS NULL)) THEN 2
    WHEN {UNOPINED} THEN 0 ELSE 1 END)"""
OPINION = "CASE WHEN (opined_at IS NULL) THEN opinion_due_at END"
GRADE = "CASE WHEN (opined_at IS NOT NULL) THEN opinion_due_at END"
REVIEW = "review_due_at"
LATER = {
    "classified": ("due_at", "urge_due_at", REVIEW),
    "responding": ("answers_due_at", "due_at", "urge_due_at", REVIEW),
    "handling": ("due_at", "urge_due_at", REVIEW),
    "reported": ("relay_due_at", "urge_due_at", REVIEW),
    "evaluating": ("urge_due_at", REVIEW),
    "closed": (REVIEW,),
    "shelved": (REVIEW,),
    "transferred": (REVIEW,),
    "merged": (REVIEW,),
}
IN_HAND = """((step || '') IN ('collected', 'classified', 'responding', 'handling', 'reported',
    'evaluating', 'shelved', 'merged'))"""
EXPLAINED = """SELECT issue_id, resident_line FROM entry
    WHERE move = 'explain' AND NOT EXISTS (SELECT 1 FROM entry AS later
        WHERE later.issue_id = entry.issue_id AND later.id > entry.id AND later.move = 'withdraw')
    ORDER BY id"""
DAY = re.compile(r"下次研究时间：(\d{4}-\d{2}-\d{2})")


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
    due = order(OPINION, "urge_due_at", REVIEW)
    in_line = order(OPINION, GRADE, "urge_due_at", REVIEW)
    db.execute_sql("ALTER TABLE issue ADD COLUMN review_due_at TEXT")
    db.execute_sql("UPDATE issue SET review_on = ''")
    for issue_id, told in db.execute_sql(EXPLAINED).fetchall():
        if named := DAY.search(told):
            # The end of that day in China.
            db.execute_sql(
                f"UPDATE issue SET review_on = '{named[1]}', "  # noqa: S608 (digits and a number)
                f"review_due_at = '{named[1]}T16:00:00Z' WHERE id = {int(issue_id)}"
            )
    for statement in (
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
        "CREATE INDEX issue_review ON issue (review_due_at) WHERE review_due_at IS NOT NULL",
    ):
        db.execute_sql(statement)

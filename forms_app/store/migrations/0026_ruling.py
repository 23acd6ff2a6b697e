"""Who said that it is not theirs, and until when somebody rules on it.

A ruling gives work, too: the index of who got to work finds it. The orders by what ends first count
one clock more.
"""

from typing import Any

from peewee import AutoField, ForeignKeyField, Model, TextField

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
    "responding": ("answers_due_at", "due_at", "ruling_due_at", "urge_due_at", REVIEW),
    "handling": ("due_at", "ruling_due_at", "urge_due_at", REVIEW),
    "reported": ("relay_due_at", "urge_due_at", REVIEW),
    "evaluating": ("urge_due_at", REVIEW),
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
    due = order(OPINION, "urge_due_at", REVIEW)
    in_line = order(OPINION, GRADE, "urge_due_at", REVIEW)
    for statement in (
        "ALTER TABLE issue ADD COLUMN ruling_due_at TEXT",
        "ALTER TABLE issue ADD COLUMN ruling_between TEXT NOT NULL DEFAULT ''",
        "DROP INDEX entry_giving",
        "DROP INDEX issue_due",
        "DROP INDEX issue_community_due",
        "DROP INDEX issue_line",
        "DROP INDEX issue_community_line",
        "DROP INDEX issue_collector_line",
        "DROP INDEX issue_facets",
        "CREATE INDEX entry_giving ON entry (made_at, issue_id) "
        "WHERE move IN ('assign', 'claim', 'plan', 'replan', 'rule', 'summon')",
        f"CREATE INDEX issue_due ON issue (({due}), id)",
        f"CREATE INDEX issue_community_due ON issue (community_id, ({due}), id)",
        f"CREATE INDEX issue_line ON issue ({RANK}, ({in_line}), id) WHERE {IN_HAND}",
        "CREATE INDEX issue_community_line ON issue "
        f"(community_id, {RANK}, ({in_line}), id) WHERE {IN_HAND}",
        "CREATE INDEX issue_collector_line ON issue "
        f"(collector_id, {RANK}, ({in_line}), id) WHERE {IN_HAND}",
        f"CREATE INDEX issue_facets ON issue (community_id, step, ({due})) WHERE {IN_HAND}",
    ):
        db.execute_sql(statement)

    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    # Only to be referred to: they are there already.
    class Issue(Row):
        pass

    class Entry(Row):
        pass

    class Objection(Row):
        issue = ForeignKeyField(Issue, backref="+")
        entry = ForeignKeyField(Entry, backref="+")
        organization_id = TextField()
        whose = TextField(default="")
        ended_at = TextField(null=True)

    db.create_tables([Objection])

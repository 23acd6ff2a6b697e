"""Who was urged, with a clock of its own that the two orders count; and changed plans.

A changed plan gives work, too: the index of who got to work finds it.
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
URGE = "urge_due_at"
LATER = {
    "classified": ("due_at", URGE),
    "responding": ("answers_due_at", "due_at", URGE),
    "handling": ("due_at", URGE),
    "reported": ("relay_due_at", URGE),
    "evaluating": (URGE,),
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
    due, in_line = order(OPINION, URGE), order(OPINION, GRADE, URGE)
    for statement in (
        "DROP INDEX issue_due",
        "DROP INDEX issue_community_due",
        "DROP INDEX issue_line",
        "DROP INDEX issue_community_line",
        "DROP INDEX issue_collector_line",
        "DROP INDEX issue_facets",
        "DROP INDEX entry_giving",
        "ALTER TABLE issue ADD COLUMN urge_due_at TEXT",
        f"CREATE INDEX issue_due ON issue (({due}), id)",
        f"CREATE INDEX issue_community_due ON issue (community_id, ({due}), id)",
        f"CREATE INDEX issue_line ON issue ({RANK}, ({in_line}), id) WHERE {IN_HAND}",
        "CREATE INDEX issue_community_line ON issue "
        f"(community_id, {RANK}, ({in_line}), id) WHERE {IN_HAND}",
        "CREATE INDEX issue_collector_line ON issue "
        f"(collector_id, {RANK}, ({in_line}), id) WHERE {IN_HAND}",
        f"CREATE INDEX issue_facets ON issue (community_id, step, ({due})) WHERE {IN_HAND}",
        "CREATE INDEX entry_giving ON entry (made_at, issue_id) "
        "WHERE move IN ('assign', 'claim', 'plan', 'replan', 'summon')",
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

    class Urge(Row):
        issue = ForeignKeyField(Issue, backref="+")
        entry = ForeignKeyField(Entry, backref="+")
        who = TextField()
        organization_id = TextField(default="")
        answer_by = TextField()
        ended_at = TextField(null=True)

    db.create_tables([Urge])

"""What keeps every page as fast in its tenth year as on its first day: who came from a spreadsheet
stands on the issue, what is in hand has indexes of its own, which the rest does not fill, and the
figures are kept as sums, which are counted when they are first asked for.
"""

from typing import Any

from peewee import AutoField, IntegerField, Model, SqliteDatabase, TextField

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
    WHEN 'handling' THEN due_at END, {NEVER})"""
DUE = f"COALESCE(CASE step WHEN 'collected' THEN {OPINION} {LATER}"
IN_LINE = f"""COALESCE(CASE step WHEN 'collected' THEN CASE
        WHEN (COALESCE({OPINION}, {NEVER}) <= COALESCE({GRADE}, {NEVER})) THEN {OPINION}
        ELSE {GRADE} END
    {LATER}"""
IN_HAND = """((step || '') IN ('collected', 'classified', 'responding', 'handling', 'evaluating',
    'shelved', 'merged'))"""

# Beside the step, which has its index.
FACETS = ("severity_class", "urgency", "category", "nature", "channel", "estate_id")


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    no = "0" if isinstance(db, SqliteDatabase) else "FALSE"
    kind = "INTEGER" if isinstance(db, SqliteDatabase) else "BOOLEAN"
    for statement in (
        f"ALTER TABLE issue ADD COLUMN is_imported {kind} NOT NULL DEFAULT {no}",
        "UPDATE issue SET is_imported = NOT is_imported "
        "WHERE id IN (SELECT issue_id FROM imported_row)",
        f"CREATE INDEX issue_line ON issue ({RANK}, {IN_LINE}, id) WHERE {IN_HAND}",
        "CREATE INDEX issue_community_line ON issue "
        f"(community_id, {RANK}, {IN_LINE}, id) WHERE {IN_HAND}",
        "CREATE INDEX issue_collector_line ON issue "
        f"(collector_id, {RANK}, {IN_LINE}, id) WHERE {IN_HAND}",
        f"CREATE INDEX issue_facets ON issue (community_id, step, {DUE}) WHERE {IN_HAND}",
        "CREATE INDEX entry_closing ON entry (made_at, issue_id) "
        "WHERE move = 'evaluate' AND to_step = 'closed'",
        "CREATE INDEX entry_giving ON entry (made_at, issue_id) "
        "WHERE move IN ('assign', 'claim', 'plan', 'summon')",
        "DROP INDEX issue_community_id_step",
        "CREATE INDEX issue_community_step_received ON issue (community_id, step, received_at, id)",
        *(
            f"CREATE INDEX issue_{facet}_received ON issue ({facet}, received_at, id)"
            for facet in FACETS
        ),
        "CREATE INDEX issue_again_received ON issue (received_at, id) WHERE round_no > 1",
        "CREATE INDEX issue_contacts_received ON issue (received_at, id) "
        "WHERE reporter_name != '' OR reporter_phone != '' OR reporter_email != ''",
        "CREATE INDEX notice_unread ON notice (recipient, id) "
        "WHERE kind = 'account' AND read_at IS NULL",
        "CREATE INDEX notice_handed ON notice (recipient, created_at) "
        "WHERE kind = 'account' AND read_at IS NULL AND event IN ('handed_caller', 'handed_lead')",
        "CREATE INDEX notice_failed ON notice (id) WHERE state = 'failed'",
    ):
        db.execute_sql(statement)

    class Sum(Model):
        id = AutoField()
        kind = TextField()
        key = TextField()
        number = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            indexes = ((("kind", "key"), True),)

    db.create_tables([Sum])

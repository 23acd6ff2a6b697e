"""Who was urged, with a clock of its own; and changed plans.

A changed plan gives work, too: the index of who got to work finds it. The orders by what ends first
are indexed anew in 0023, once for the two clocks that they count from then on.
"""

from typing import Any

from peewee import AutoField, ForeignKeyField, Model, TextField


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    for statement in (
        "DROP INDEX entry_giving",
        "ALTER TABLE issue ADD COLUMN urge_due_at TEXT",
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

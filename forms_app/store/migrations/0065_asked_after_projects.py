"""Whoever reported a matter is asked whether its project made it better, and the answer is kept.

Nobody of before is asked: their notice said nothing of an answer.
"""

from typing import Any

from peewee import AutoField, ForeignKeyField, Model, TextField


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    db.execute_sql("ALTER TABLE issue ADD COLUMN project_asked_at TEXT")

    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Issue(Row):
        pass

    class Project(Row):
        pass

    class ProjectAsk(Row):
        project = ForeignKeyField(Project, backref="+")
        issue = ForeignKeyField(Issue, backref="+")
        asked_at = TextField()
        answer = TextField(default="")
        answered_at = TextField(null=True)
        said_by = TextField(default="")

        class Meta:
            indexes = ((("project", "issue"), True),)

    db.create_tables([ProjectAsk])

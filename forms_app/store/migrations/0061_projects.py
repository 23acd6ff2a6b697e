"""What recurs is found once a month, and becomes a project with a history of its own."""

from typing import Any

from peewee import AutoField, BigIntegerField, ForeignKeyField, IntegerField, Model, TextField


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Account(Row):
        pass

    class Issue(Row):
        pass

    class Topic(Row):
        month = TextField()
        community_id = TextField()
        estate_id = TextField(default="")
        category = TextField(default="")
        words = TextField()
        centre = TextField()
        place = IntegerField()
        households = IntegerField()
        rounds = IntegerField()
        weeks = IntegerField()
        first_on = TextField()
        last_on = TextField()
        found_at = TextField()

        class Meta:
            indexes = ((("community_id", "month", "place"), True),)

    class TopicIssue(Row):
        topic = ForeignKeyField(Topic, backref="+")
        issue = ForeignKeyField(Issue, backref="+")
        example = IntegerField(default=0)

        class Meta:
            indexes = ((("topic", "issue"), True),)

    class Project(Row):
        form_key_hash = TextField(unique=True)
        version = IntegerField(default=1)
        topic = ForeignKeyField(Topic, backref="+")
        community_id = TextField()
        kind = TextField()
        title = TextField()
        lead = TextField(default="")
        measures = TextField(default="")
        budget_fen = BigIntegerField(default=0)
        due_on = TextField(default="")
        begun_at = TextField()
        done_at = TextField(null=True)
        result = TextField(default="")

        class Meta:
            indexes = ((("community_id", "id"), False),)

    class ProjectEntry(Row):
        project = ForeignKeyField(Project, backref="+")
        made_at = TextField()
        account = ForeignKeyField(Account, null=True, backref="+", index=False)
        actor_role = TextField()
        actor_name = TextField()
        event = TextField()
        state = TextField()
        press = TextField(default="")
        digest = TextField()

    db.create_tables([Topic, TopicIssue, Project, ProjectEntry])
    db.execute_sql("CREATE UNIQUE INDEX project_of_topic ON project (topic_id)")

"""A leader puts right by hand which letters are of what recurs; each change is sealed."""

from typing import Any

from peewee import AutoField, ForeignKeyField, Model, TextField


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
        pass

    class TopicChange(Row):
        topic = ForeignKeyField(Topic, backref="+")
        event = TextField()
        other = ForeignKeyField(Topic, null=True, backref="+")
        made_at = TextField()
        account = ForeignKeyField(Account, null=True, backref="+", index=False)
        actor_role = TextField()
        actor_name = TextField()
        press = TextField(default="")

    class TopicChangeIssue(Row):
        topic_change = ForeignKeyField(TopicChange, backref="+")
        issue = ForeignKeyField(Issue, backref="+")

        class Meta:
            indexes = ((("topic_change", "issue"), True),)

    db.create_tables([TopicChange, TopicChangeIssue])
    for sql in (
        "ALTER TABLE topic ADD COLUMN version INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE topic ADD COLUMN joined_into INTEGER",
        "ALTER TABLE seal ADD COLUMN topic_change_id INTEGER",
        "CREATE INDEX seal_topic_change ON seal (topic_change_id) "
        "WHERE topic_change_id IS NOT NULL",
    ):
        db.execute_sql(sql)

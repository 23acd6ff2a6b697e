"""What residents' meetings decided, sealed in the log; what of the funds is told in public."""

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

    class FundEntry(Row):
        pass

    class FundTold(Row):
        fund_entry = ForeignKeyField(FundEntry, backref="+")
        told = TextField()
        made_at = TextField()
        account = ForeignKeyField(Account, null=True, backref="+", index=False)
        actor_role = TextField()
        actor_name = TextField()

    class Meeting(Row):
        form_key_hash = TextField(unique=True)
        version = IntegerField(default=1)
        community_id = TextField()
        held_on = TextField()
        place = TextField()
        attended = TextField(default="{}")
        rated = TextField(default="{}")
        begun_at = TextField()
        closed_at = TextField(null=True)
        public = TextField(default="")
        public_at = TextField(null=True)

        class Meta:
            indexes = ((("community_id", "held_on"), False),)

    class MeetingItem(Row):
        meeting = ForeignKeyField(Meeting, backref="+")
        place = IntegerField()
        topic = TextField()
        about = TextField(default="")
        outcome = TextField(default="")
        decision = TextField(default="")
        cost_fen = BigIntegerField(default=0)
        result = TextField(default="")

        class Meta:
            indexes = ((("meeting", "place"), True),)

    class MeetingEntry(Row):
        meeting = ForeignKeyField(Meeting, backref="+")
        made_at = TextField()
        account = ForeignKeyField(Account, null=True, backref="+", index=False)
        actor_role = TextField()
        actor_name = TextField()
        event = TextField()
        state = TextField()
        reason = TextField(default="")
        press = TextField(default="")

    db.create_tables([FundTold, Meeting, MeetingItem, MeetingEntry])
    for sql in (
        "ALTER TABLE fund_entry ADD COLUMN meeting_item_id INTEGER REFERENCES meeting_item (id)",
        "CREATE INDEX fund_of_item ON fund_entry (meeting_item_id) "
        "WHERE meeting_item_id IS NOT NULL",
        "ALTER TABLE seal ADD COLUMN meeting_id INTEGER",
        "CREATE INDEX seal_meeting ON seal (meeting_id) WHERE meeting_id IS NOT NULL",
    ):
        db.execute_sql(sql)

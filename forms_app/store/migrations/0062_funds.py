"""The earmarked funds: a book for each community, to which lines are only ever added."""

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
        form_key_hash = TextField(unique=True)
        community_id = TextField()
        place = IntegerField()
        on_day = TextField()
        kind = TextField()
        about = TextField(default="")
        words = TextField()
        decided = TextField(default="")
        amount_fen = BigIntegerField()
        receipt = TextField(default="")
        corrects = ForeignKeyField("self", null=True, backref="+")
        made_at = TextField()
        account = ForeignKeyField(Account, null=True, backref="+", index=False)
        actor_role = TextField()
        actor_name = TextField()
        digest = TextField()

        class Meta:
            indexes = ((("community_id", "place"), True),)

    db.create_tables([FundEntry])
    db.execute_sql(
        "CREATE UNIQUE INDEX fund_receipt_once ON fund_entry (community_id, receipt) "
        "WHERE receipt != ''"
    )

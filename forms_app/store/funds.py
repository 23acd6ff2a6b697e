"""The rows of the earmarked funds (专项经费)."""

from peewee import SQL, BigIntegerField, ForeignKeyField, IntegerField, TextField

from forms_app.store.models import Account, InstantField, Row


class FundEntry(Row):
    """One line of a community's book; only ever added.

    Its digest is over what it says and over the community's line before it (projects.digest_of).
    """

    form_key_hash = TextField(unique=True)
    community_id = TextField()
    place = IntegerField()  # in the community's book, from 1 on
    on_day = TextField()  # ISO date; its year is the book's
    kind = TextField()  # of funds.ENTRY_LABELS
    about = TextField(default="")  # "issue:260001", "project:3", "activity:choir"
    words = TextField()  # what for
    decided = TextField(default="")  # where it was decided
    amount_fen = BigIntegerField()  # of a correction the difference
    receipt = TextField(default="")  # as funds.receipt_key gives it
    corrects = ForeignKeyField("self", null=True, backref="+")
    made_at = InstantField()
    account = ForeignKeyField(Account, null=True, backref="+", index=False)
    actor_role = TextField()
    actor_name = TextField()
    digest = TextField()

    class Meta:
        indexes = ((("community_id", "place"), True),)


FundEntry.add_index(
    SQL(
        "CREATE UNIQUE INDEX fund_receipt_once ON fund_entry (community_id, receipt) "
        "WHERE receipt != ''"
    )
)

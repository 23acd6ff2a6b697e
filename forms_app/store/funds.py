"""The rows of the earmarked funds (专项经费)."""

from peewee import SQL, BigIntegerField, ForeignKeyField, IntegerField, TextField

from forms_app.store.accounts import Account
from forms_app.store.meetings import MeetingItem
from forms_app.store.row import InstantField, Row


class FundEntry(Row):
    """One line of a book; only ever added, and sealed in the log of the register."""

    form_key_hash = TextField(unique=True)
    book_id = TextField()  # a community's id, or what funds.street_book gives
    place = IntegerField()  # in the book, from 1 on
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
    # Where it was decided, when that was a residents' meeting.
    meeting_item = ForeignKeyField(MeetingItem, null=True, backref="+", index=False)

    class Meta:
        indexes = ((("book_id", "place"), True),)


for _index in (
    "CREATE INDEX fund_receipt ON fund_entry (receipt) WHERE receipt != ''",
    "CREATE INDEX fund_of_item ON fund_entry (meeting_item_id) WHERE meeting_item_id IS NOT NULL",
):
    FundEntry.add_index(SQL(_index))


class FundTold(Row):
    """What the site says that a line was for, reviewed; the newest counts. Only ever added."""

    fund_entry = ForeignKeyField(FundEntry, backref="+")
    told = TextField()  # "" of a correction, which needs no words
    made_at = InstantField()
    account = ForeignKeyField(Account, null=True, backref="+", index=False)
    actor_role = TextField()
    actor_name = TextField()

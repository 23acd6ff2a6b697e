"""The rows of residents' meetings (居民议事): the record as it stands, and how it came so."""

from peewee import BigIntegerField, ForeignKeyField, IntegerField, TextField

from forms_app.store.accounts import Account
from forms_app.store.row import InstantField, MaybeInstantField, Row


class Meeting(Row):
    """One meeting of a community's residents; nobody who was there stands in it by name."""

    form_key_hash = TextField(unique=True)
    version = IntegerField(default=1)
    community_id = TextField()
    held_on = TextField()  # ISO date
    place = TextField()
    attended = TextField(default="{}")  # JSON: of meetings.ATTENDED → how many
    rated = TextField(default="{}")  # JSON: level, "1" to "5" → how many gave it
    begun_at = InstantField()
    closed_at = MaybeInstantField()  # all of its items have come to an end
    public = TextField(default="")  # JSON: what the site tells of it, reviewed; "": nothing
    public_at = MaybeInstantField()

    class Meta:
        indexes = ((("community_id", "held_on"), False),)


class MeetingItem(Row):
    """One item of a meeting's agenda, with what was decided; the book of the funds names it."""

    meeting = ForeignKeyField(Meeting, backref="+")
    place = IntegerField()  # on the agenda, from 1 on
    topic = TextField()
    about = TextField(default="")  # "issue:260001", "project:3"; "" of what is neither
    outcome = TextField(default="")  # of meetings.OUTCOMES
    decision = TextField(default="")
    cost_fen = BigIntegerField(default=0)  # what was agreed to
    result = TextField(default="")

    class Meta:
        indexes = ((("meeting", "place"), True),)


class MeetingEntry(Row):
    """What was done with the record, and how it stood after that; only ever added."""

    meeting = ForeignKeyField(Meeting, backref="+")
    made_at = InstantField()
    account = ForeignKeyField(Account, null=True, backref="+", index=False)
    actor_role = TextField()
    actor_name = TextField()
    event = TextField()  # of meetings.Event
    state = TextField()  # JSON: the record, as meetings.written gives it
    reason = TextField(default="")
    press = TextField(default="")  # hash of the form that made it, so that it counts once


MEETING_TABLES = (Meeting, MeetingItem, MeetingEntry)

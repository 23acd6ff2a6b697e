"""The rows of what somebody has to be told: staff, residents, their browsers, by telephone."""

from peewee import (
    SQL,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from forms_app.rules.notices import State
from forms_app.store.models import Issue
from forms_app.store.row import InstantField, MaybeInstantField, Row


class PushSubscription(Row):
    """A browser that is to be woken when there is news of an issue, as its resident asked in it.

    The push service of its maker takes what is sealed for it at `endpoint`, an address that is
    its resident's own.
    """

    issue = ForeignKeyField(Issue, backref="+")
    endpoint = TextField()
    p256dh = TextField()  # the browser's public key, and its secret: base64url
    auth = TextField()
    made_for = TextField()  # our public key, by which the service knows that it is we
    key_hash = TextField(index=True)  # of the browser's key, as with OpenTicket
    made_at = InstantField()

    class Meta:
        indexes = ((("issue", "endpoint"), True),)


class PhoneDuty(Row):
    """A resident is to be telephoned with news; what to say follows from how the issue stands."""

    issue = ForeignKeyField(Issue, backref="+")
    key = TextField(unique=True)  # the same cause again is the same duty
    event = TextField()  # of told_by.News
    made_at = InstantField()
    tries = IntegerField(default=0)  # in vain
    days = IntegerField(default=0)  # on so many of them
    tried_at = MaybeInstantField()
    ended_at = MaybeInstantField()
    ended_by = TextField(default="")  # of told_by.RingEnd


class Notice(Row):
    """Something that somebody must be told, written with the move or reminder that causes it.

    It holds no word that anybody wrote: what is said follows from event, step and deadline.
    """

    key = TextField(unique=True)  # the same cause and recipient again is the same notice
    issue = ForeignKeyField(Issue, backref="+")
    event = TextField()  # a move's name, or what forms_app.notices.texts knows beside them
    step = TextField()
    due_at = MaybeInstantField()
    clock = TextField(default="")  # of a reminder: opinion, reply, result, verdict
    kind = TextField()  # of rules.notices
    recipient = TextField()  # account's, issue's or subscription's id, community's id, hook's name
    is_urgent = BooleanField(default=False)
    state = TextField(default=State.WAITING.value)
    created_at = InstantField()
    not_before = InstantField()
    attempts = IntegerField(default=0)
    first_tried_at = MaybeInstantField()
    lease_until = MaybeInstantField()
    message_key = TextField(default="")  # of the message that may have arrived already
    sent_at = MaybeInstantField(index=True)
    error = TextField(default="")
    read_at = MaybeInstantField()

    class Meta:
        indexes = (
            (("state", "not_before"), False),
            (("kind", "recipient", "state"), False),
        )


# What a board asks at every sight of it: few rows, however many were ever sent.
for _index in (
    "CREATE INDEX notice_unread ON notice (recipient, id) "
    "WHERE kind = 'account' AND read_at IS NULL",
    "CREATE INDEX notice_handed ON notice (recipient, created_at) "
    "WHERE kind = 'account' AND read_at IS NULL AND event IN ('handed_caller', 'handed_lead')",
    "CREATE INDEX notice_failed ON notice (id) WHERE state = 'failed'",
):
    Notice.add_index(SQL(_index))


class Reminder(Row):
    """How far the reminders of one clock and deadline have come."""

    issue = ForeignKeyField(Issue, backref="+")
    clock = TextField()
    due_at = InstantField()  # of a verdict: when it began to be waited for
    rank = IntegerField()

    class Meta:
        indexes = ((("issue", "clock", "due_at"), True),)

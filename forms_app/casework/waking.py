"""Which browsers are woken when there is news of an issue: a row each, and its end is that it is
gone.

It ends at its resident's press, when they leave, with the ticket, when it is erased, and when its
push service knows it no more. What was to be told by it lapses with it.
"""

from peewee import Expression, ModelSelect

from forms_app.rules.notices import PUSH, State
from forms_app.rules.waking import Woken
from forms_app.store.notices import Notice, PushSubscription
from forms_app.store.prepared import prepared


def drop_woken(which: Expression) -> int:
    """Ends these, and what waits for them; how many. Only within a transaction."""
    ids = [row.id for row in PushSubscription.select(PushSubscription.id).where(which)]
    if ids:
        PushSubscription.delete().where(PushSubscription.id.in_(ids)).execute()
        Notice.update(state=State.LAPSED.value, lease_until=None, message_key="").where(
            Notice.kind == PUSH,
            Notice.recipient.in_([str(key) for key in ids]),
            Notice.state == State.WAITING.value,
        ).execute()
    return len(ids)


@prepared
def woken_of(issue_id: int) -> "ModelSelect[PushSubscription]":
    """The keys of the issue's subscriptions."""
    return PushSubscription.select(PushSubscription.id).where(PushSubscription.issue == issue_id)


def woken(recipient: str) -> Woken | None:
    """Whom a notice is for; None where they want no more."""
    row = PushSubscription.get_or_none(PushSubscription.id == int(recipient))
    return None if row is None else Woken(row.endpoint, row.p256dh, row.auth, row.made_for)

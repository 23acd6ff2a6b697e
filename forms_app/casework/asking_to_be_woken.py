"""A resident asks in their browser to be woken when there is news of an issue, or no more."""

from datetime import datetime

from forms_app.casework.errors import NotAllowed, NotPossible
from forms_app.casework.turn import load
from forms_app.casework.waking import drop_woken
from forms_app.issues.access import Actor
from forms_app.rules.sessions import hash_of
from forms_app.rules.steps import Role
from forms_app.rules.waking import Woken
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.notices import PushSubscription

MOST_WOKEN = 10  # browsers of one issue; beyond them the oldest is woken no more


def wake_here(actor: Actor, number: str, woken: Woken, key: str, *, now: datetime) -> None:
    """From now on this browser, which holds `key`, is woken when there is news of the issue.

    Asked again it is the same. Raises IssueUnknown, NotAllowed, and NotPossible where the browser
    has given nothing that could wake it.
    """
    if not woken.is_sound:
        raise NotPossible("endpoint", "这个浏览器没有给出收消息的地址，没有设成。")
    with writing():
        issue = _own(actor, number)
        mine = PushSubscription.issue == issue.id
        same = (PushSubscription.endpoint == woken.endpoint) | (
            PushSubscription.key_hash == hash_of(key)
        )
        drop_woken(mine & same)
        PushSubscription.create(
            issue=issue.id,
            endpoint=woken.endpoint,
            p256dh=woken.p256dh,
            auth=woken.auth,
            made_for=woken.made_for,
            key_hash=hash_of(key),
            made_at=now,
        )
        newest = PushSubscription.select(PushSubscription.id).where(mine)
        newest = newest.order_by(PushSubscription.id.desc()).limit(MOST_WOKEN)
        drop_woken(mine & PushSubscription.id.not_in([row.id for row in newest]))


def wake_no_more(actor: Actor, number: str, key: str) -> bool:
    """The browser that holds `key` is told nothing of the issue any more; whether it was.

    Raises IssueUnknown and NotAllowed.
    """
    with writing():
        issue = _own(actor, number)
        is_here = PushSubscription.key_hash == hash_of(key)
        return drop_woken((PushSubscription.issue == issue.id) & is_here) > 0


def _own(actor: Actor, number: str) -> Issue:
    if actor.role is not Role.RESIDENT:
        raise NotAllowed
    return load(actor, number)

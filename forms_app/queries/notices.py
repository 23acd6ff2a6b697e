"""Notices as the staff's home shows them: one's own unread ones, and those that did not arrive."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from peewee import SQL, Expression, ModelSelect, fn

from forms_app.issues.access import Actor, may_see_to, visible_to
from forms_app.rules.events import EVENTS, HANDED_EVENTS
from forms_app.rules.move import Clock
from forms_app.rules.notices import ACCOUNT, ROBOT, State
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from forms_app.store.prepared import prepared

INBOX_LENGTH = 20
FAILED_LENGTH = 20
LOOKED_AT = 300  # of the unread ones; what is older still stands on the board

_ASKING_FOR_OPINION = (
    *(event for event, telling in EVENTS.items() if telling.clock is Clock.OPINION),
    "remind_opinion",
    "overdue_opinion",
)


class InboxNotice(Struct, frozen=True):
    """What an account is told; its words follow from these (forms_app.notices.texts)."""

    id: int
    number: str
    event: str
    step: str
    due_at: datetime | None
    created_at: datetime
    together: int = 1  # so many issues were handed over at once


class FailedNotice(Struct, frozen=True):
    """A notice that could not be delivered; nothing of what the issue is about."""

    number: str
    kind: str  # as in rules.notices
    recipient: str  # a colleague's or a robot's name; "" for a resident
    attempts: int
    error: str
    created_at: datetime


def inbox(actor: Actor) -> list[InboxNotice]:
    """The account's unread notices that still hold, newest first, at most 20.

    A notice holds while its issue stands where it stood then, in the same round, and what it asks
    for has not been done. What was handed over at once is one of them, the last that was written.
    """
    together = dict(_handed.tuples(actor))
    found = [
        InboxNotice(key, number, event, step, due_at, created_at, together.get(key, 1))
        for key, number, event, step, due_at, created_at in _unread.tuples(actor, list(together))
    ]
    # Here and not by the database, which would read all that there are to order them.
    return sorted(found, key=lambda one: (one.created_at, one.id), reverse=True)


def _is_unread(actor: Actor) -> Expression:
    unread: Expression = (
        (Notice.kind == _spelled(ACCOUNT))
        & (Notice.recipient == str(actor.account_id))
        & Notice.read_at.is_null()
    )
    return unread


def _holds(actor: Actor) -> Expression:
    holds: Expression = (
        (Notice.step == Issue.step)
        & (Notice.created_at >= Issue.round_started_at)
        & (~Notice.event.in_(_ASKING_FOR_OPINION) | Issue.opined_at.is_null())
        & visible_to(actor)
    )
    return holds


def _is_handed() -> Expression:
    handed: Expression = Notice.event.in_([_spelled(event) for event in sorted(HANDED_EVENTS)])
    return handed


@prepared
def _handed(actor: Actor) -> "ModelSelect[Notice]":
    """The last of the notices that were handed over at once, and how many they are."""
    return (
        Notice.select(fn.MAX(Notice.id), fn.COUNT(Notice.id))
        .join(Issue)
        .where(_holds(actor), _is_unread(actor), _is_handed())
        .group_by(Notice.created_at)
    )


@prepared
def _unread(actor: Actor, handed: Sequence[int]) -> "ModelSelect[Notice]":
    """What an InboxNotice holds, in its order; of those handed over only these."""
    unread = Notice.select(Notice.id).where(_is_unread(actor))
    newest = unread.order_by(Notice.id.desc()).limit(LOOKED_AT)
    return (
        Notice.select(
            Notice.id, Issue.number, Notice.event, Notice.step, Notice.due_at, Notice.created_at
        )
        .join(Issue)
        .where(Notice.id.in_(newest), _holds(actor), ~_is_handed() | Notice.id.in_(handed))
        .order_by(Notice.id.desc())
        .limit(INBOX_LENGTH)
    )


def failed_notices(actor: Actor) -> list[FailedNotice]:
    """What could not be delivered and is this actor's to see to, newest first, at most 20."""
    rows = _failed.tuples(actor)
    ids = {int(recipient) for _, kind, recipient, *_ in rows if kind == ACCOUNT}
    people = Account.select().where(Account.id.in_(ids)) if ids else ()
    names = {str(account.id): account.display_name for account in people}
    return [
        FailedNotice(
            number,
            kind,
            {ACCOUNT: names.get(recipient, ""), ROBOT: recipient}.get(kind, ""),
            *rest,
        )
        for number, kind, recipient, *rest in rows
    ]


@prepared
def _failed(actor: Actor) -> "ModelSelect[Notice]":
    """What a FailedNotice holds, in its order; the recipient as it is kept."""
    return (
        Notice.select(
            Issue.number,
            Notice.kind,
            Notice.recipient,
            Notice.attempts,
            Notice.error,
            Notice.created_at,
        )
        .join(Issue)
        .where(Notice.state == _spelled(State.FAILED), may_see_to(actor))
        .order_by(Notice.id.desc())
        .limit(FAILED_LENGTH)
    )


def _spelled(word: str) -> SQL:
    """A word that stands in the condition of an index, as it stands there."""
    return SQL(f"'{word}'")

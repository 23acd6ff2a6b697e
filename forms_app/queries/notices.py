"""Notices as the staff's home shows them: one's own unread ones, and those that did not arrive."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from peewee import SQL, fn

from forms_app.issues.access import Actor, may_see_to, visible_to
from forms_app.rules.events import EVENTS, HANDED_EVENTS
from forms_app.rules.procedure import Clock
from forms_app.store.models import Account, Issue, Notice

INBOX_LENGTH = 20
FAILED_LENGTH = 20
LOOKED_AT = 300  # of the unread ones; what is older still stands on the board

_ASKING_FOR_OPINION = (
    *(event for event, telling in EVENTS.items() if telling.clock is Clock.OPINION),
    "remind_opinion",
    "overdue_opinion",
)


@dataclass(frozen=True)
class InboxNotice:
    """What an account is told; its words follow from these (forms_app.notices.texts)."""

    id: int
    number: str
    event: str
    step: str
    due_at: datetime | None
    created_at: datetime
    together: int = 1  # so many issues were handed over at once


@dataclass(frozen=True)
class FailedNotice:
    """A notice that could not be delivered; nothing of what the issue is about."""

    number: str
    kind: str  # account, resident, hook
    recipient: str  # a colleague's or a robot's name; "" for a resident
    attempts: int
    error: str
    created_at: datetime


def inbox(actor: Actor) -> list[InboxNotice]:
    """The account's unread notices that still hold, newest first, at most 20.

    A notice holds while its issue stands where it stood then, in the same round, and what it asks
    for has not been done. What was handed over at once is one of them, the last that was written.
    """
    unread = (
        (Notice.kind == _spelled("account"))
        & (Notice.recipient == str(actor.account_id))
        & Notice.read_at.is_null()
    )
    newest = Notice.select(Notice.id).where(unread).order_by(Notice.id.desc()).limit(LOOKED_AT)
    holds = (
        (Notice.step == Issue.step)
        & (Notice.created_at >= Issue.round_started_at)
        & (~Notice.event.in_(_ASKING_FOR_OPINION) | Issue.opined_at.is_null())
        & visible_to(actor)
    )
    is_handed = Notice.event.in_([_spelled(event) for event in sorted(HANDED_EVENTS)])
    handed = Notice.select(fn.MAX(Notice.id), fn.COUNT(Notice.id)).join(Issue)
    handed = handed.where(holds, unread, is_handed).group_by(Notice.created_at)
    together = dict(cast("Iterable[tuple[int, int]]", handed.tuples()))
    rows = (
        Notice.select(Notice, Issue)
        .join(Issue)
        .where(Notice.id.in_(newest), holds, ~is_handed | Notice.id.in_(list(together)))
        .order_by(Notice.id.desc())
        .limit(INBOX_LENGTH)
    )
    return [
        InboxNotice(
            row.id, row.issue.number, row.event, row.step, row.due_at, row.created_at,
            together.get(row.id, 1),
        )
        for row in rows
    ]  # fmt: skip


def failed_notices(actor: Actor) -> list[FailedNotice]:
    """What could not be delivered and is this actor's to see to, newest first, at most 20."""
    rows = list(
        Notice.select(Notice, Issue)
        .join(Issue)
        .where(Notice.state == _spelled("failed"), may_see_to(actor))
        .order_by(Notice.id.desc())
        .limit(FAILED_LENGTH)
    )
    ids = {int(row.recipient) for row in rows if row.kind == "account"}
    people = Account.select().where(Account.id.in_(ids)) if ids else ()
    names = {str(account.id): account.display_name for account in people}
    return [
        FailedNotice(
            row.issue.number,
            row.kind,
            {"account": names.get(row.recipient, ""), "hook": row.recipient}.get(row.kind, ""),
            row.attempts,
            row.error,
            row.created_at,
        )
        for row in rows
    ]


def _spelled(word: str) -> SQL:
    """A word that stands in the condition of an index, as it stands there."""
    return SQL(f"'{word}'")

"""The outbox: which notices go out now, and to whom together.

A message is claimed by a lease before it is sent, so that two ticks at once never send it twice.
Only a crash between sending and writing that down can: then the very same message, with the key
that it had, goes out again when the lease is over. It knows nothing of mail or robots.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from peewee import Case, Expression, ModelSelect, fn

from forms_app.casework.addresses import ASKED_FOR, ONE_LETTER_IN, may_be_written_to
from forms_app.casework.erasing import is_owed
from forms_app.casework.messages import LONGEST_WAIT, Message, change_notices
from forms_app.casework.relaying import has_results_due
from forms_app.casework.reminders import due_clocks, event_of, late_as_well, still_runs
from forms_app.casework.text_messages import is_worth_telling
from forms_app.community import Circle
from forms_app.issues.access import Actor, may_see_to
from forms_app.rules.clocks import NEAR, OPINION, end_of, ending_clocks, is_past
from forms_app.rules.notices import ACCOUNT, GROUP, PUSH, RESIDENT, ROBOT, SMS, State
from forms_app.rules.phones import dialled
from forms_app.rules.procedure import OPENING
from forms_app.rules.steps import Step
from forms_app.rules.told_by import TellBy
from forms_app.rules.worktime import is_night
from forms_app.store.accounts import Account
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from forms_app.store.prepared import prepared

# Longer than the slowest sending takes: its time limits add up to less.
LEASE = timedelta(minutes=3)
PAUSE = timedelta(minutes=5)  # between two messages to one recipient, unless it is urgent
MOST_IN_A_MESSAGE = 50


@prepared
def _waiting(is_urgent_only: bool, *moments: datetime) -> "ModelSelect[Notice]":
    urgency = fn.MAX(Case(None, ((Notice.is_urgent, 1),), 0))
    return (
        Notice.select(Notice.kind, Notice.recipient, urgency)
        .where(_may_go(is_urgent_only, *moments))
        .group_by(Notice.kind, Notice.recipient)
        .order_by(urgency.desc(), fn.MIN(Notice.id))
    )


@prepared
def _written_to(since: datetime, until: datetime) -> "ModelSelect[Notice]":
    sent = (Notice.sent_at > since) & (Notice.sent_at <= until)
    sent &= Notice.state == State.SENT.value  # a text that is on its way has its time already
    return Notice.select(Notice.kind, Notice.recipient).where(sent)


def recipients_due(circle: Circle, now: datetime) -> list[tuple[str, str]]:
    """Kind and recipient of everybody to whom a message may go out now, the urgent ones first."""
    found = _waiting.tuples(is_night(circle.quiet_hours, now), *_moments(now))
    # A moment to come, after a clock was set back, says nothing of just now.
    recent = set(_written_to.tuples(now - PAUSE, now))
    return [
        (kind, recipient)
        for kind, recipient, urgent in found
        if urgent or (kind, recipient) not in recent
    ]


def claim_message(circle: Circle, kind: str, recipient: str, *, now: datetime) -> Message | None:
    """The next message to this recipient, leased to the caller; None if there is none by now."""
    with writing():
        rows = list(
            Notice.select(Notice, Issue)
            .join(Issue)
            .where(
                _may_go(is_night(circle.quiet_hours, now), *_moments(now)),
                Notice.kind == kind,
                Notice.recipient == recipient,
            )
            .order_by(Notice.id)
        )
        lapsed = [row for row in rows if not (_is_true(row, now) or _is_true_of_another(row, now))]
        if lapsed:
            change_notices(lapsed, state=State.LAPSED.value)
        rows = [row for row in rows if row not in lapsed]
        # What may have arrived already goes out again as it was, and alone.
        keys = [row.message_key for row in rows if row.message_key]
        rows = [row for row in rows if row.message_key == (keys[0] if keys else "")]
        rows = rows[:MOST_IN_A_MESSAGE]
        if kind == SMS and not keys:
            # Of several the newest says it all.
            change_notices(rows[:-1], state=State.LAPSED.value)
            rows = rows[-1:]
        address = _address(kind, recipient)
        if not rows or not address:
            return None
        key = keys[0] if keys else _message_key(rows)
        change_notices(
            rows,
            lease_until=now + LEASE,
            message_key=key,
            first_tried_at=fn.COALESCE(Notice.first_tried_at, Notice.first_tried_at.db_value(now)),
        )
        return Message(key, kind, address, tuple(rows))


def has_work(circle: Circle, now: datetime) -> bool:
    """Whether a tick would do anything now; a few reads, for whoever asks each second."""
    groups = Notice.select().where(Notice.state == State.WAITING.value, Notice.kind == GROUP)
    return bool(
        has_results_due(now)
        or due_clocks(circle, now, limit=1)
        or groups.exists()
        or is_owed()
        or recipients_due(circle, now)
    )


def resend_failed(actor: Actor, *, now: datetime) -> int:
    """Puts what could not be delivered back into the queue; how many notices.

    A community's leader does so for their community, the sub-district's and the admin for all.
    Pressed twice it is the same: the second finds nothing that has failed.
    """
    with writing():
        failed = Notice.select(Notice.id).where(
            Notice.state == State.FAILED.value, may_see_to(actor)
        )
        return int(
            Notice.update(
                state=State.WAITING.value, attempts=0, first_tried_at=None, not_before=now
            )
            .where(Notice.id.in_([row.id for row in failed]))
            .execute()
        )


def let_notices_lapse() -> int:
    """Lets all that waits to be sent lapse, for a restored backup: it was sent long ago; how many.

    What is still true then is told anew by the clocks.
    """
    with writing():
        return lapse_notices()


def lapse_notices() -> int:
    """The same; only within a transaction."""
    waiting = Notice.state == State.WAITING.value
    return int(Notice.update(state=State.LAPSED.value).where(waiting).execute())


def mark_read(actor: Actor, up_to: int, *, now: datetime) -> None:
    """The account has seen its notices up to this one."""
    with writing():
        Notice.update(read_at=now).where(
            Notice.kind == ACCOUNT,
            Notice.recipient == str(actor.account_id),
            Notice.id <= up_to,
            Notice.read_at.is_null(),
        ).execute()


def _moments(now: datetime) -> tuple[datetime, ...]:
    """What `_may_go` compares with: now, the end of a lease, of a pause and when letters were
    written.
    """
    return (now, now + LEASE, now + LONGEST_WAIT, now - ONE_LETTER_IN, now - ASKED_FOR)


def _may_go(
    is_urgent_only: bool,
    now: datetime,
    longest_lease: datetime,
    longest_wait: datetime,
    written_since: datetime,
    asked_since: datetime,
) -> Expression:
    # A lease or a pause longer than we ever give was given before the clock was set back.
    is_free = (
        Notice.lease_until.is_null()
        | (Notice.lease_until <= now)
        | (Notice.lease_until > longest_lease)
    )
    is_time = (
        (Notice.attempts == 0) | (Notice.not_before <= now) | (Notice.not_before > longest_wait)
    )
    may = (
        (Notice.state == State.WAITING.value)
        & Notice.kind.in_([ACCOUNT, RESIDENT, ROBOT, SMS, PUSH])
        & is_free
        & is_time
    )
    may &= (Notice.kind != RESIDENT) | may_be_written_to(now, written_since, asked_since)
    return may & Notice.is_urgent if is_urgent_only else may


def _is_true(notice: Notice, now: datetime) -> bool:
    """Whether a notice still says what is so; that a deadline comes near, only until it does."""
    if notice.event in OPENING:
        # Joined within the minute, or set aside, it asks nobody for an opinion of its own.
        return Step(notice.issue.step) not in (Step.MERGED, Step.SET_ASIDE)
    if notice.kind == SMS:
        return notice.issue.tell_by == TellBy.SMS and is_worth_telling(notice.issue, notice.event)
    if not notice.clock:
        return True
    is_overtaken = (
        notice.clock in ending_clocks()
        and notice.event == event_of(notice.clock, NEAR)
        and is_past(notice.due_at, now)
    )
    return not is_overtaken and still_runs(notice.issue, notice.clock, notice.due_at)


def _is_true_of_another(notice: Notice, now: datetime) -> bool:
    """Whether a notice that tells of many at once is true of another of them, whose it is then."""
    other = late_as_well(notice, now)
    if other is not None:
        notice.issue, notice.due_at = other, end_of(other, OPINION)
        change_notices([notice], issue=other, due_at=notice.due_at)
    return other is not None


def _address(kind: str, recipient: str) -> str:
    if kind == ACCOUNT:
        account = Account.get_or_none(Account.id == int(recipient))
        return account.email if account is not None and account.disabled_at is None else ""
    if kind == RESIDENT:
        issue = Issue.get_or_none(Issue.id == int(recipient))
        return issue.reporter_email if issue is not None else ""
    if kind == SMS:
        issue = Issue.get_or_none(Issue.id == int(recipient))
        return (dialled(issue.reporter_phone) or "") if issue is not None else ""
    return recipient


def _message_key(rows: Sequence[Notice]) -> str:
    return hashlib.sha256("\n".join(row.key for row in rows).encode()).hexdigest()[:32]

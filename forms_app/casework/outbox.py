"""The outbox: which notices go out now, to whom together, and what became of them.

A message is claimed by a lease before it is sent, so that two ticks at once never send it twice.
Only a crash between sending and writing that down can: then the very same message, with the key
that it had, goes out again when the lease is over. It knows nothing of mail or robots.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from peewee import Case, Expression, ModelSelect, fn

from forms_app.casework.addresses import ASKED_FOR, ONE_LETTER_IN, may_be_written_to
from forms_app.casework.erasing import is_owed
from forms_app.casework.phone_duties import may_be_rung, write_phone_duty
from forms_app.casework.relaying import has_results_due
from forms_app.casework.reminders import due_clocks, event_of, late_as_well, still_runs
from forms_app.casework.telling import ACCOUNT, GROUP, RESIDENT, ROBOT, SMS
from forms_app.casework.waking import PUSH, drop_woken
from forms_app.community import Circle
from forms_app.issues.access import Actor, may_see_to
from forms_app.issues.driving import beside
from forms_app.rules.clocks import NEAR, OPINION, end_of, ending_clocks, is_past
from forms_app.rules.phones import dialled
from forms_app.rules.steps import Step
from forms_app.rules.told_by import News, TellBy
from forms_app.rules.worktime import CHINA
from forms_app.store.accounts import Account
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.notices import Notice, PushSubscription
from forms_app.store.prepared import prepared

# Longer than the slowest sending takes: its time limits add up to less.
LEASE = timedelta(minutes=3)
PAUSE = timedelta(minutes=5)  # between two messages to one recipient, unless it is urgent
RETRY_MINUTES = (1, 2, 5, 15, 30, 60)  # then every hour
GIVE_UP_AFTER = timedelta(days=2)
# Of a receiver that is being moved, or whose address was mistyped: then the staff are told.
WRONG_FOR = timedelta(hours=6)
GIVE_UP_TEXT_AFTER = timedelta(hours=4)  # then somebody rings instead
LONGEST_WAIT = timedelta(hours=1)  # whatever a busy receiver asks for
MOST_IN_A_MESSAGE = 50
BATCH = 200


class State(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NO_CHANNEL = "no_channel"  # nothing is set up that reaches this recipient; seen in the app
    LAPSED = "lapsed"  # it was no longer true when its time to be sent had come
    SHARED = "shared"  # a group's, written again for each of its robots


class Ending(StrEnum):
    """What became of one attempt to send."""

    SENT = "sent"
    REFUSED = "refused"  # and would be again
    RETRY = "retry"  # surely not delivered
    WRONG = "wrong"  # the same, and it takes somebody to put it right
    UNSURE = "unsure"  # may have been delivered
    LATER = "later"  # nothing was tried: it is not the time for it


class Attempt(Struct, frozen=True):
    ending: Ending
    error: str = ""  # what went wrong, in words for the staff; without secrets
    wait: timedelta = timedelta()  # how long the receiver asks to wait


class Message(Struct, frozen=True):
    """Notices of one recipient that go out as one; `address` is an e-mail, a telephone, a robot's
    name or the key of a subscription.
    """

    key: str
    kind: str
    address: str
    notices: tuple[Notice, ...]


def share_out(
    robots_of: Callable[[str], Sequence[str]],
    can_mail: bool,
    robots: Sequence[str],
    now: datetime,
    *,
    can_text: bool = False,
    can_wake: bool = False,
) -> None:
    """Writes each group's notices for its robots, and sets aside what no channel carries.

    `robots_of` gives the names of a community's robots, `robots` those of all. Where there are no
    text messages (any more), who was to get one is rung.
    """
    with writing():
        mailed = Account.select(Account.id).where(
            Account.disabled_at.is_null(), Account.email != ""
        )
        ids = [str(row.id) for row in mailed] if can_mail else []
        _set_aside((Notice.kind == ACCOUNT) & Notice.recipient.not_in(ids))
        reached = Issue.select(Issue.id).where(Issue.reporter_email != "")
        unreached = Notice.issue.not_in(reached) if can_mail else Notice.id > 0
        _set_aside((Notice.kind == RESIDENT) & unreached)
        _set_aside((Notice.kind == ROBOT) & Notice.recipient.not_in(list(robots)))
        if not can_wake:
            _set_aside(Notice.kind == PUSH)
        if not can_text:
            texts = (Notice.state == State.WAITING.value) & (Notice.kind == SMS)
            for row in list(Notice.select(Notice, Issue).join(Issue).where(texts)):
                _ring_instead(row, now)
            _set_aside(Notice.kind == SMS)
    while True:
        with writing():
            batch = list(
                Notice.select()
                .where(Notice.state == State.WAITING.value, Notice.kind == GROUP)
                .order_by(Notice.id)
                .limit(BATCH)
            )
            for notice in batch:
                _share(notice, robots_of(notice.recipient), now)
        if len(batch) < BATCH:
            return


def _set_aside(which: Expression) -> None:
    Notice.update(state=State.NO_CHANNEL.value, lease_until=None, message_key="").where(
        # The index of what waits, never that of all there is of a kind.
        Notice.state == State.WAITING.value,
        beside(which),
    ).execute()


def _share(notice: Notice, robots: Sequence[str], now: datetime) -> None:
    rows = [
        {
            "key": f"{notice.key}:{name}",
            "issue": notice.issue,
            "event": notice.event,
            "step": notice.step,
            "due_at": notice.due_at,
            "clock": notice.clock,
            "kind": ROBOT,
            "recipient": name,
            "is_urgent": notice.is_urgent,
            "created_at": notice.created_at,
            "not_before": now,
        }
        for name in robots
    ]
    if rows:
        Notice.insert_many(rows).on_conflict_ignore().execute()
    state = State.SHARED if rows else State.NO_CHANNEL
    Notice.update(state=state.value).where(Notice.id == notice.id).execute()


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
    found = _waiting.tuples(is_quiet(circle, now), *_moments(now))
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
                _may_go(is_quiet(circle, now), *_moments(now)),
                Notice.kind == kind,
                Notice.recipient == recipient,
            )
            .order_by(Notice.id)
        )
        lapsed = [row for row in rows if not (_is_true(row, now) or _is_true_of_another(row, now))]
        if lapsed:
            _update(lapsed, state=State.LAPSED.value)
        rows = [row for row in rows if row not in lapsed]
        # What may have arrived already goes out again as it was, and alone.
        keys = [row.message_key for row in rows if row.message_key]
        rows = [row for row in rows if row.message_key == (keys[0] if keys else "")]
        rows = rows[:MOST_IN_A_MESSAGE]
        if kind == SMS and not keys:
            # Of several the newest says it all.
            _update(rows[:-1], state=State.LAPSED.value)
            rows = rows[-1:]
        address = _address(kind, recipient)
        if not rows or not address:
            return None
        key = keys[0] if keys else _message_key(rows)
        _update(
            rows,
            lease_until=now + LEASE,
            message_key=key,
            first_tried_at=fn.COALESCE(Notice.first_tried_at, Notice.first_tried_at.db_value(now)),
        )
        return Message(key, kind, address, tuple(rows))


def settle_message(message: Message, attempt: Attempt, *, now: datetime) -> None:
    """Writes down what became of a claimed message, and when it is tried again."""
    with writing():
        for row in message.notices:
            # Unless somebody else has it by now, because the lease was over.
            changes = _after(row, attempt, now)
            settled = (
                Notice.update(changes)
                .where(
                    Notice.id == row.id,
                    Notice.state == State.WAITING.value,
                    Notice.message_key == message.key,
                )
                .execute()
            )
            if settled and row.kind == SMS and changes.get("state") == State.FAILED.value:
                _ring_instead(row, now)
        if message.kind == PUSH and attempt.ending is Ending.REFUSED:
            drop_woken(PushSubscription.id == int(message.address))


def _ring_instead(row: Notice, now: datetime) -> None:
    """A text message that does not go is told by telephone."""
    issue = Issue.get_by_id(row.issue.id)
    if _is_worth_telling(issue, row.event):
        write_phone_duty(issue, f"sms:{row.id}", News(row.event), now, instead=True)


def _is_worth_telling(issue: Issue, event: str) -> bool:
    """Whether there is still somebody to tell something."""
    is_over = Step(issue.step) in (Step.CLOSED, Step.WITHDRAWN, Step.SHELVED)
    # What was done for all is told of an issue that was closed long ago, too.
    return may_be_rung(issue) and (not is_over or event == News.PROJECT)


class Room(StrEnum):
    """Whether one more text message may go today."""

    LEFT = "left"
    NONE_FOR_THE_PHONE = "none_for_the_phone"
    NONE_FOR_THE_OFFICE = "none_for_the_office"


def take_room(
    message: Message, since: datetime, *, for_a_phone: int, for_the_office: int, now: datetime
) -> Room:
    """Counts a claimed text message among those since then, where there is room for one more.

    It is counted before it is sent, so that two carriers never share the last place; what surely
    did not arrive gives its own back when it is settled.
    """
    mine = [row.id for row in message.notices]
    with writing():
        rows = Notice.select(Notice, Issue).join(Issue)
        # What a clock sent that was ahead and is put right, takes nobody's place for a year.
        sent = Notice.sent_at.between(since, now + LONGEST_WAIT)
        counted = rows.where(sent, Notice.kind == SMS, Notice.id.not_in(mine))
        phones = [dialled(row.issue.reporter_phone) or "" for row in counted]
        if phones.count(message.address) >= for_a_phone:
            return Room.NONE_FOR_THE_PHONE
        if len(phones) >= for_the_office:
            return Room.NONE_FOR_THE_OFFICE
        _update(message.notices, sent_at=now)
    return Room.LEFT


def _after(row: Notice, attempt: Attempt, now: datetime) -> dict[str, object]:
    changes: dict[str, object] = {
        "lease_until": None,
        "error": attempt.error,
        "attempts": Notice.attempts + 1,
    }
    if row.kind == SMS and attempt.ending is not Ending.UNSURE:
        changes["sent_at"] = None  # the room that it took
    if attempt.ending is Ending.SENT:
        return changes | {"state": State.SENT.value, "sent_at": now}
    if attempt.ending is Ending.LATER:
        wait = min(attempt.wait, LONGEST_WAIT)
        return changes | {"not_before": now + wait, "message_key": "", "first_tried_at": None}
    longest = GIVE_UP_TEXT_AFTER if row.kind == SMS else GIVE_UP_AFTER
    if attempt.ending is Ending.WRONG:
        longest = min(longest, WRONG_FOR)
    if attempt.ending is Ending.REFUSED or now - (row.first_tried_at or now) >= longest:
        # What does not wake a browser is no matter of the staff's: they can do nothing about it.
        state = State.LAPSED if row.kind == PUSH else State.FAILED
        return changes | {"state": state.value, "message_key": ""}
    pause = timedelta(minutes=RETRY_MINUTES[min(row.attempts, len(RETRY_MINUTES) - 1)])
    changes["not_before"] = now + max(pause, min(attempt.wait, LONGEST_WAIT))
    if attempt.ending is not Ending.UNSURE:
        changes["message_key"] = ""  # free to go out with what has come since
    return changes


def is_quiet(circle: Circle, now: datetime) -> bool:
    """Whether it is the hour at which only what is urgent may come."""
    if circle.quiet_hours is None:
        return False
    start, end = circle.quiet_hours
    local = now.astimezone(CHINA)
    minute = local.hour * 60 + local.minute
    return start <= minute < end if start < end else minute >= start or minute < end


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
        return int(Notice.update(state="lapsed").where(Notice.state == "waiting").execute())


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
    if notice.event == "submit":
        # Joined within the minute, or set aside, it asks nobody for an opinion of its own.
        return Step(notice.issue.step) not in (Step.MERGED, Step.SET_ASIDE)
    if notice.kind == SMS:
        return notice.issue.tell_by == TellBy.SMS and _is_worth_telling(notice.issue, notice.event)
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
        _update([notice], issue=other, due_at=notice.due_at)
    return other is not None


def _update(rows: Sequence[Notice], **columns: object) -> None:
    if rows:
        Notice.update(columns).where(Notice.id.in_([row.id for row in rows])).execute()


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

"""Writing down who must be told what, in the transaction that makes it so.

A notice holds the event, the step and the deadline, never a word that anybody wrote. Who carries
it, and when, is the outbox's affair.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime

from msgspec import Struct

from forms_app.casework import bursts
from forms_app.casework.audience import HEARERS
from forms_app.casework.phone_duties import keep_phone_duty, may_be_rung, write_phone_duty
from forms_app.casework.waking import woken_of
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.following import followers
from forms_app.rules.clocks import OPINION, end_of, runs_of
from forms_app.rules.events import EVENTS, HANDED_EVENTS
from forms_app.rules.move import Clock
from forms_app.rules.notices import ACCOUNT, GROUP, PUSH, RESIDENT, SMS
from forms_app.rules.procedure import (
    ENDING_HANDLING,
    LEAVING_ALONE,
    OPENING,
    RELAYING,
    names_where,
)
from forms_app.rules.steps import BEFORE_VERDICT, Role, Step
from forms_app.rules.told_by import News, TellBy
from forms_app.store.models import Entry, Issue
from forms_app.store.notices import Notice
from forms_app.store.prepared import add_unless_there

_EVENT_OF_FIELD = {
    "community_id": "moved_here",
    "caller": "handed_caller",
    "caller_lead": "handed_caller",
    "lead": "handed_lead",
}
_NOT_MAILED = names_where(lambda move: not move.is_mailed)


class Cause(Struct, frozen=True):
    """What a notice tells, and the key that makes it the same notice when it is told again."""

    key: str
    event: str
    due_at: datetime | None = None
    clock: str = ""


def tell(
    circle: Circle,
    issue: Issue,
    entry: Entry,
    actor: Actor,
    leaving: AbstractSet[int] = frozenset(),
) -> None:
    """Writes the notices of one move; whoever made it is not told of it.

    `leaving` are those whose part it ended.
    """
    event = _event(entry)
    now = entry.made_at
    if event in EVENTS:
        cause = Cause(f"entry:{entry.id}:{event}", event, _deadline(issue, event))
        if event in OPENING and actor.role is Role.RESIDENT and bursts.is_burst(issue, now):
            bursts.mark(issue, now)
            # The same key for all of a span: whoever was told of it is told once.
            key = f"burst:{issue.community_id}:{bursts.span_of(now)}"
            cause = Cause(key, "burst", issue.opinion_due_at)
        told = _write_to_staff(circle, issue, cause, actor, now)
        if leaving:
            cause = Cause(f"entry:{entry.id}:dissatisfied", "dissatisfied")
            rest = leaving - told - {actor.account_id}
            write_notices(issue, cause, rest, now, is_for_group=False)
    tell_resident(issue, entry, actor)
    if entry.from_step in BEFORE_VERDICT and entry.to_step == Step.EVALUATING.value:
        # Those who told the same thing judge for themselves, from now on.
        for joined in followers(issue):
            cause = Cause(f"entry:{entry.id}:{joined.id}", "outcome")
            write_resident_notice(joined, cause, now)
            if not issue.of_incident:  # its followers are told all at once
                write_phone_duty(joined, cause.key, News.OUTCOME, now)
                write_text(joined, cause.key, News.OUTCOME, now)
    if entry.move in LEAVING_ALONE:
        # What they follow goes no further: nobody works on theirs unless somebody sees to it.
        for joined in followers(issue):
            if Step(joined.step) is Step.MERGED:
                cause = Cause(f"entry:{entry.id}:{joined.id}", "left_alone")
                _write_to_staff(circle, joined, cause, actor, now)
                write_resident_notice(joined, cause, now)


def tell_resident(issue: Issue, entry: Entry, actor: Actor) -> None:
    """Writes the notices of one move that are for the issue's resident."""
    event, now = _event(entry), entry.made_at
    is_news = actor.role is not Role.RESIDENT or event in OPENING
    if entry.resident_line and is_news and event not in _NOT_MAILED:
        cause = Cause(f"entry:{entry.id}", entry.move)
        # What a resident has just pressed themselves wakes nobody.
        write = write_letter if actor.role is Role.RESIDENT else write_resident_notice
        write(issue, cause, now)
    news = keep_phone_duty(issue, entry)
    if news is not None:
        write_text(issue, f"entry:{entry.id}", news, now)


def _write_to_staff(
    circle: Circle, issue: Issue, cause: Cause, actor: Actor, now: datetime
) -> set[int]:
    told = hearers_of(circle, issue, cause.event)
    is_handed = cause.event in HANDED_EVENTS
    write_notices(
        issue, cause, told - {actor.account_id}, now,
        is_for_group=not is_handed, may_wait=is_handed,
    )  # fmt: skip
    return told


def hearers_of(circle: Circle, issue: Issue, event: str) -> set[int]:
    """The accounts that hear of an event, as they stand around the issue now."""
    return set().union(*(HEARERS[hearer](circle, issue) for hearer in EVENTS[event].hearers))


def write_notices(
    issue: Issue,
    cause: Cause,
    account_ids: Iterable[int | None],
    now: datetime,
    *,
    is_for_group: bool,
    may_wait: bool = False,
) -> None:
    """One notice for each account, and one for the chat group of the issue's community.

    What `may_wait` is never urgent, however urgent the issue.
    """
    recipients = [(ACCOUNT, str(key)) for key in sorted(filter(None, account_ids))]
    if is_for_group:
        recipients.append((GROUP, issue.community_id))
    _write(issue, cause, recipients, now, is_urgent(issue) and not may_wait)


def write_resident_notice(issue: Issue, cause: Cause, now: datetime) -> None:
    """A notice for the resident: a letter, and one for each browser in which they asked for it."""
    write_letter(issue, cause, now)
    browsers = [(PUSH, str(key)) for (key,) in woken_of.tuples(issue.id)]
    _write(issue, cause, browsers, now, False)


def write_letter(issue: Issue, cause: Cause, now: datetime) -> None:
    """A letter to the resident, if they left an address and do not look for themselves; never
    urgent enough to come at night.
    """
    if Issue.reporter_email.is_left(issue) and issue.tell_by != TellBy.SELF:
        _write(issue, cause, [(RESIDENT, str(issue.id))], now, False)


def write_text(issue: Issue, key: str, news: News, now: datetime) -> None:
    """A text message for the resident, if they chose that; it is sent by day."""
    if issue.tell_by == TellBy.SMS and may_be_rung(issue):
        _write(issue, Cause(key, news.value), [(SMS, str(issue.id))], now, False)


def is_urgent(issue: Issue) -> bool:
    """Whether a notice of it may come at night and one after the other."""
    return issue.urgency == 1 or end_of(issue, OPINION) is not None


def _write(
    issue: Issue,
    cause: Cause,
    recipients: Iterable[tuple[str, str]],
    now: datetime,
    urgent: bool,
) -> None:
    same = {
        "issue": issue.id,
        "event": cause.event,
        "step": issue.step,
        "due_at": cause.due_at,
        "clock": cause.clock,
        "is_urgent": urgent,
        "created_at": now,
        "not_before": now,
    }
    add_unless_there(Notice, [
        {"key": f"{cause.key}:{kind}:{recipient}", "kind": kind, "recipient": recipient, **same}
        for kind, recipient in recipients
    ])  # fmt: skip


def _event(entry: Entry) -> str:
    if entry.to_round != entry.round_no:
        return "new_round"
    if entry.actor_role == Role.SYSTEM.value and entry.move in RELAYING:
        return "passed"
    if entry.move in ENDING_HANDLING and entry.to_step == Step.REPORTED.value:
        return "reported" if entry.from_step != entry.to_step else "reported_again"
    return _EVENT_OF_FIELD.get(entry.field, str(entry.move))


def _deadline(issue: Issue, event: str) -> datetime | None:
    clock = EVENTS[event].clock
    if clock is None or (clock is Clock.RESULT and Step(issue.step) not in BEFORE_VERDICT):
        return None
    if clock is Clock.REPLY:
        return issue.reply_by  # of the newest summons, not of the first that is silent
    due_at: datetime | None = getattr(issue, runs_of(clock)[0].until)
    return due_at

"""Deadlines that come near, pass, or wait for a resident: each is told once, whatever happens.

How far each clock has been told is a row, so that a tick after hours of downtime tells only what
is true now, and a clock set back tells nothing again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from peewee import JOIN, Expression, fn

from forms_app.casework.audience import (
    Audience,
    caller,
    leaders,
    leads,
    level,
    silent_parties,
    supervisors,
    workers,
)
from forms_app.casework.telling import Cause, write_notices, write_resident_notice
from forms_app.community import Circle
from forms_app.issues.following import ends
from forms_app.rules.procedure import BEFORE_VERDICT, Step
from forms_app.store.database import writing
from forms_app.store.models import Issue, MaybeInstantField, Party, Reminder, Summons

OPINION, REPLY, RESULT, VERDICT = "opinion", "reply", "result", "verdict"
NEAR, OVERDUE = 1, 2  # ranks of the first three; a verdict's rank is the day of its reminder
RESULT_NEAR = timedelta(hours=24)
REPLY_NEAR = timedelta(hours=2)
# So many issues a transaction: residents who write must not wait long.
BATCH = 100

TOLD_OF: Mapping[str, tuple[Audience, ...]] = {
    "remind_opinion": (leaders, workers),
    "overdue_opinion": (leaders, workers, supervisors),
    "remind_reply": (silent_parties,),
    "overdue_reply": (silent_parties, caller, leaders, supervisors),
    "remind_result": (leads,),
    "overdue_result": (leads, level, leaders, supervisors),
    "remind_verdict": (leaders, workers),
}

_told_rank = fn.COALESCE(Reminder.rank, 0)
_RESULT_STEPS = (Step.CLASSIFIED, Step.RESPONDING, Step.HANDLING)


@dataclass(frozen=True)
class DueClock:
    """A clock of one issue that somebody must be told of."""

    issue: Issue
    clock: str
    due_at: datetime  # of a verdict: since when it is waited for
    rank: int

    @property
    def event(self) -> str:
        if self.clock == VERDICT:
            return "remind_verdict"
        return f"overdue_{self.clock}" if self.rank == OVERDUE else f"remind_{self.clock}"


@dataclass
class Reminded:
    near: int = 0
    overdue: int = 0
    verdicts: int = 0


def remind(circle: Circle, *, now: datetime) -> Reminded:
    """Writes the notices of every deadline that is near or past and was not told yet."""
    counted = Reminded()
    while True:
        with writing():
            # Read inside the transaction: of two ticks at once the second finds nothing.
            batch = due_clocks(circle, now, BATCH)
            for due in batch:
                _remind(circle, due, now)
        for due in batch:
            if due.clock == VERDICT:
                counted.verdicts += 1
            elif due.rank == OVERDUE:
                counted.overdue += 1
            else:
                counted.near += 1
        if not batch:
            return counted


def due_clocks(circle: Circle, now: datetime, limit: int) -> list[DueClock]:
    """At most `limit` clocks that have come further than what was told of them."""
    found: list[DueClock] = []
    for clocks in (
        _opinions(circle, now, limit),
        _replies(now, limit),
        _results(now, limit),
        _verdicts(circle, now, limit),
    ):
        found += clocks
        if len(found) >= limit:
            break
    return found[:limit]


def still_runs(issue: Issue, clock: str, due_at: datetime | None) -> bool:
    """Whether a clock that was told of still runs towards the same moment."""
    step = Step(issue.step)
    if clock == OPINION:
        return step is Step.COLLECTED and issue.opined_at is None and issue.opinion_due_at == due_at
    if clock == REPLY:
        return step is Step.RESPONDING and issue.reply_by == due_at
    if clock == RESULT:
        return step in _RESULT_STEPS and issue.due_at == due_at
    judged = issue.followed or issue
    return step in (Step.EVALUATING, Step.MERGED) and judged.evaluating_since == due_at


def _remind(circle: Circle, due: DueClock, now: datetime) -> None:
    issue = due.issue
    Reminder.insert(issue=issue, clock=due.clock, due_at=due.due_at, rank=due.rank).on_conflict(
        conflict_target=[Reminder.issue, Reminder.clock, Reminder.due_at],
        update={Reminder.rank: due.rank},
    ).execute()
    key = f"clock:{issue.id}:{due.clock}:{due.due_at:%Y%m%dT%H%M%SZ}:{due.rank}"
    cause = Cause(key, due.event, due.due_at, due.clock)
    told = set().union(*(audience(circle, issue) for audience in TOLD_OF[due.event]))
    write_notices(issue, cause, told, now, is_for_group=due.clock != VERDICT)
    if due.clock == VERDICT:
        write_resident_notice(issue, cause, now)


def _rank(due_at: datetime, now: datetime) -> int:
    return OVERDUE if due_at < now else NEAR


def _told_less(
    clock: str,
    due_at: MaybeInstantField,
    runs: Expression,
    now: datetime,
    near: timedelta,
    limit: int,
) -> Iterator[tuple[Issue, datetime]]:
    """The issues whose clock is nearer than `near` or past and was not told so, and its end."""
    is_new = ((due_at < now) & (_told_rank < OVERDUE)) | (_told_rank < NEAR)
    rows = (
        Issue.select()
        .join(Reminder, JOIN.LEFT_OUTER, on=_same_clock(clock, due_at))
        .where(runs, due_at <= now + near, is_new)
        .order_by(Issue.id)
        .limit(limit)
    )
    for issue in rows:
        yield issue, getattr(issue, due_at.name)


def _same_clock(clock: str, due_at: MaybeInstantField) -> Expression:
    return (Reminder.issue == Issue.id) & (Reminder.clock == clock) & (Reminder.due_at == due_at)


def _opinions(circle: Circle, now: datetime, limit: int) -> Iterator[DueClock]:
    near = timedelta(minutes=circle.clocks.opinion_minutes) / 2
    runs = (Issue.step == Step.COLLECTED.value) & Issue.opined_at.is_null()
    for issue, due_at in _told_less(OPINION, Issue.opinion_due_at, runs, now, near, limit):
        yield DueClock(issue, OPINION, due_at, _rank(due_at, now))


def _results(now: datetime, limit: int) -> Iterator[DueClock]:
    runs = Issue.step.in_([step.value for step in _RESULT_STEPS])
    for issue, due_at in _told_less(RESULT, Issue.due_at, runs, now, RESULT_NEAR, limit):
        yield DueClock(issue, RESULT, due_at, _rank(due_at, now))


def _replies(now: datetime, limit: int) -> Iterator[DueClock]:
    silent = Party.select(Party.issue).where(Party.is_current, Party.answered_at.is_null())
    runs = (Issue.step == Step.RESPONDING.value) & Issue.id.in_(silent)
    for issue, due_at in _told_less(REPLY, Issue.reply_by, runs, now, REPLY_NEAR, limit):
        rank = _rank(due_at, now)
        # Who was given half an hour is reminded after half of it, not at once.
        if rank == OVERDUE or now >= due_at - _half_of_reply(issue):
            yield DueClock(issue, REPLY, due_at, rank)


def _half_of_reply(issue: Issue) -> timedelta:
    summonses = Summons.select().where(Summons.issue == issue)
    newest: Summons | None = summonses.order_by(Summons.id.desc()).first()
    if newest is None:
        return REPLY_NEAR
    return min(REPLY_NEAR, (newest.reply_by - newest.entry.made_at) / 2)


def _verdicts(circle: Circle, now: datetime, limit: int) -> Iterator[DueClock]:
    followed = Issue.alias()
    own = Issue.select().where(Issue.step == Step.EVALUATING.value)
    chain = ends().alias("chain")
    joined = (
        Issue.select()
        .join(chain, on=(chain.c.issue_id == Issue.id))
        .join(followed, on=(chain.c.end_id == followed.id))
        .where(followed.step.not_in([step.value for step in BEFORE_VERDICT]))
    )
    for rows, since in ((own, Issue.evaluating_since), (joined, followed.evaluating_since)):
        is_new = [
            (since <= now - timedelta(days=day)) & (_told_rank < day)
            for day in circle.verdict_reminder_days
        ]
        if not is_new:
            return
        found = (
            rows.join_from(Issue, Reminder, JOIN.LEFT_OUTER, on=_same_clock(VERDICT, since))
            .where(reduce(or_, is_new))
            .order_by(Issue.id)
            .limit(limit)
        )
        for issue in found:
            began = (issue.followed or issue).evaluating_since
            if began is None:
                continue
            passed = [day for day in circle.verdict_reminder_days if began + timedelta(day) <= now]
            yield DueClock(issue, VERDICT, began, max(passed))

"""Deadlines that come near, pass, or wait for a resident: each is told once, whatever happens.

How far each clock has been told is a row, so that a tick after hours of downtime tells only what
is true now, and a clock set back tells nothing again.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from msgspec import Struct
from peewee import JOIN, Expression, fn

from forms_app.casework import bursts
from forms_app.casework.audience import (
    Audience,
    caller,
    district_if_major,
    district_office,
    leaders,
    leads,
    level,
    rulers,
    silent_parties,
    subdistrict_leaders,
    supervisors,
    workers,
)
from forms_app.casework.phone_duties import write_phone_duty
from forms_app.casework.telling import Cause, write_notices, write_resident_notice, write_text
from forms_app.community import Circle
from forms_app.issues import clocks
from forms_app.issues.driving import beside
from forms_app.issues.following import ends
from forms_app.issues.silence import answers_due
from forms_app.rules.clocks import (
    NEAR,
    OPINION,
    OVERDUE,
    REPLY,
    VERDICT,
    end_of,
    ending_clocks,
    is_past,
    lead_of,
    runs_of,
)
from forms_app.rules.notices import State
from forms_app.rules.steps import BEFORE_VERDICT, Step
from forms_app.rules.told_by import News
from forms_app.store.database import writing
from forms_app.store.models import Entry, Issue, Party, Summons
from forms_app.store.notices import Notice, Reminder

# So many issues a transaction: residents who write must not wait long.
BATCH = 100

TOLD_OF: Mapping[str, tuple[Audience, ...]] = {
    "remind_opinion": (leaders, workers),
    "overdue_opinion": (leaders, workers, supervisors),
    "remind_grade": (leaders,),
    "overdue_grade": (leaders, supervisors),
    # And the silent parties whose clock it is.
    "remind_reply": (),
    "overdue_reply": (caller, leaders, supervisors),
    "remind_result": (leads,),
    "overdue_result": (leads, level, leaders, supervisors, district_if_major),
    "remind_relay": (caller,),
    # What was done passes on by itself; this tells of what could not be done.
    "overdue_relay": (caller, level, supervisors),
    "remind_ruling": (rulers,),
    "overdue_ruling": (rulers, level, supervisors),
    "remind_district": (district_office,),
    "overdue_district": (district_office, subdistrict_leaders, supervisors),
    "remind_review": (subdistrict_leaders,),
    "overdue_review": (subdistrict_leaders, supervisors),
    "remind_urge": (),
    "overdue_urge": (level, supervisors),
    "remind_verdict": (leaders, workers),
}

# Of what came very many at once these are told as one.
TOLD_AS_ONE = frozenset({"burst", "remind_opinion", "overdue_opinion"})

# What the key of their notices begins with.
_BURST = "burst:"
_LAPSED_SINCE = timedelta(days=1)

# Three tries were enough: a shelved issue's resident is asked no more.
_ASKED_STEPS = (Step.EVALUATING, Step.MERGED)
_told_rank = fn.COALESCE(Reminder.rank, 0)


class DueClock(Struct, frozen=True):
    """A clock of one issue that somebody must be told of."""

    issue: Issue
    clock: str
    due_at: datetime  # of a verdict: since when it is waited for
    rank: int

    @property
    def event(self) -> str:
        return event_of(self.clock, self.rank)


def event_of(clock: str, rank: int) -> str:
    """What a clock's notices are called that has come so far."""
    is_over = rank == OVERDUE and clock in ending_clocks()
    return f"overdue_{clock}" if is_over else f"remind_{clock}"


class Reminded(Struct):
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
    for clock in (*ending_clocks(), VERDICT):
        found += _OWN_WAYS.get(clock, _ending)(circle, clock, now, limit)
        if len(found) >= limit:
            break
    return found[:limit]


def still_runs(issue: Issue, clock: str, due_at: datetime | None) -> bool:
    """Whether a clock that was told of still runs towards the same moment."""
    if clock == VERDICT:
        judged = issue.followed or issue
        is_asked = Step(issue.step) in _ASKED_STEPS and not judged.of_incident
        return is_asked and judged.evaluating_since == due_at
    if clock == REPLY:
        # Of the parties' clocks the issue knows only the first.
        is_asking = end_of(issue, REPLY) is not None
        return is_asking and due_at in answers_due([issue.id]).get(issue.id, ())
    return end_of(issue, clock) == due_at


def late_as_well(notice: Notice, now: datetime) -> Issue | None:
    """Another issue of which a burst's notice is true, where its own goes on; None where there is
    none, or it is no burst's.
    """
    if not (notice.key.startswith(_BURST) and notice.due_at is not None):
        return None
    due_at = clocks.end_of(OPINION)
    begins = bursts.begin_of(bursts.span_of(notice.due_at))
    is_near = notice.event == event_of(OPINION, NEAR)
    found: Issue | None = (
        Issue.select()
        .where(
            Issue.community_id == notice.issue.community_id, Issue.in_burst, _running(OPINION),
            due_at >= begins, due_at < begins + bursts.BURST_SPAN,
            due_at >= now if is_near else due_at < now,
        )
        .order_by(due_at, Issue.id)
        .first()
    )  # fmt: skip
    return found


def _wake_again(key: str, due: DueClock, now: datetime) -> None:
    """Has a burst's notices go out that lapsed, because all that was late then had gone on."""
    lapsed = (Notice.state == State.LAPSED.value) & (Notice.not_before > now - _LAPSED_SINCE)
    lapsed &= (Notice.event == due.event) & Notice.key.startswith(f"{key}:")
    Notice.update(
        state=State.WAITING.value, issue=due.issue, due_at=due.due_at, not_before=now, attempts=0,
        first_tried_at=None,
    ).where(lapsed).execute()  # fmt: skip


def _remind(circle: Circle, due: DueClock, now: datetime) -> None:
    issue = due.issue
    Reminder.insert(issue=issue, clock=due.clock, due_at=due.due_at, rank=due.rank).on_conflict(
        conflict_target=[Reminder.issue, Reminder.clock, Reminder.due_at],
        update={Reminder.rank: due.rank},
    ).execute()
    key = f"clock:{issue.id}:{due.clock}:{due.due_at:%Y%m%dT%H%M%SZ}:{due.rank}"
    if issue.in_burst and due.clock == OPINION:
        # What came at once is late at once: told as one, like its coming.
        key = f"{_BURST}{issue.community_id}:{due.clock}:{bursts.span_of(due.due_at)}:{due.rank}"
        _wake_again(key, due, now)
    cause = Cause(key, due.event, due.due_at, due.clock)
    told = set().union(*(audience(circle, issue) for audience in TOLD_OF[due.event]))
    if due.clock == REPLY:
        told |= silent_parties(circle, issue, asked_by=due.due_at)
    write_notices(issue, cause, told, now, is_for_group=due.clock != VERDICT)
    if due.clock == VERDICT:
        write_resident_notice(issue, cause, now)
        write_phone_duty(issue, key, News.VERDICT, now)
        write_text(issue, key, News.VERDICT, now)


def _rank(due_at: datetime, now: datetime) -> int:
    return OVERDUE if is_past(due_at, now) else NEAR


def _is_new(due_at: Any, now: datetime, lead: timedelta) -> Expression:
    """The condition that a clock with this end has come further than what was told of it."""
    is_late = (due_at < now) & (_told_rank < OVERDUE)
    found: Expression = (due_at <= now + lead) & (is_late | (_told_rank < NEAR))
    return found


def _same_clock(clock: str, due_at: Any) -> Expression:
    is_same: Expression = (Reminder.clock == clock) & (Reminder.due_at == due_at)
    return (Reminder.issue == Issue.id) & is_same


def _running(clock: str) -> Expression:
    """The condition that it runs. One that few issues have begins with its own end: of those at
    its steps there are many, and where they are over, more every year.
    """
    running = clocks.runs(clock)
    return beside(running) if runs_of(clock)[0].is_rare else running


def _ending(circle: Circle, clock: str, now: datetime, limit: int) -> Iterator[DueClock]:
    due_at = clocks.end_of(clock)
    rows = (
        Issue.select()
        .join(Reminder, JOIN.LEFT_OUTER, on=_same_clock(clock, due_at))
        .where(_running(clock), _is_new(due_at, now, lead_of(clock, circle.clocks)))
        .order_by(due_at, Issue.id)
        .limit(limit)
    )
    for issue in rows:
        ends_at = getattr(issue, due_at.name)
        yield DueClock(issue, clock, ends_at, _rank(ends_at, now))


def _replies(circle: Circle, clock: str, now: datetime, limit: int) -> Iterator[DueClock]:
    """One for each moment by which parties were asked that are silent."""
    lead = lead_of(clock, circle.clocks)
    silent = Party.select(Party.id).where(
        Party.summons == Summons.id, Party.is_current, Party.answered_at.is_null()
    )
    rows = (
        Summons.select(Summons, Issue, Entry)
        .join(Entry)
        .join_from(Summons, Issue)
        .join(Reminder, JOIN.LEFT_OUTER, on=_same_clock(clock, Summons.reply_by))
        .where(clocks.runs(clock), fn.EXISTS(silent), _is_new(Summons.reply_by, now, lead))
        .order_by(Issue.id, Summons.id)
        .limit(limit)
    )
    for summons in rows:
        rank = _rank(summons.reply_by, now)
        # Who was given half an hour is reminded after half of it, not at once.
        half = (summons.reply_by - summons.entry.made_at) / 2
        if rank == OVERDUE or now >= summons.reply_by - min(lead, half):
            yield DueClock(summons.issue, clock, summons.reply_by, rank)


def _verdicts(circle: Circle, clock: str, now: datetime, limit: int) -> Iterator[DueClock]:
    followed = Issue.alias()
    # Nobody is reminded of an incident: who wants to judge it, may.
    own = Issue.select().where(Issue.step == Step.EVALUATING.value, Issue.of_incident == "")
    chain = ends(Issue.step == Step.MERGED.value).alias("chain")
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
            rows.join_from(Issue, Reminder, JOIN.LEFT_OUTER, on=_same_clock(clock, since))
            .where(reduce(or_, is_new))
            .order_by(Issue.id)
            .limit(limit)
        )
        for issue in found:
            began = (issue.followed or issue).evaluating_since
            if began is None:
                continue
            passed = [day for day in circle.verdict_reminder_days if began + timedelta(day) <= now]
            yield DueClock(issue, clock, began, max(passed))


# Of a clock that has no end on its issue, or more than one; the others are read from the table.
_OWN_WAYS: Mapping[str, Callable[[Circle, str, datetime, int], Iterator[DueClock]]] = {
    REPLY: _replies,
    VERDICT: _verdicts,
}

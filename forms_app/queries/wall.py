"""The wall display: counts and clocks by community, and nothing that anybody told.

It selects named columns; no number, word, place or name of an issue is among them.
"""

from collections.abc import Sequence
from datetime import datetime, time

from msgspec import Struct, field
from peewee import SQL, Case, Expression, ModelSelect, Value, fn

from forms_app.issues.access import Actor, in_communities, visible_to
from forms_app.issues.clocks import IN_HAND, UNOPINED, end_of, in_line, is_overdue
from forms_app.issues.sums import is_counted
from forms_app.rules.clocks import OPINION, is_past
from forms_app.rules.steps import OPEN_STEPS, Step
from forms_app.rules.worktime import CHINA, local_day
from forms_app.store.models import Entry, Issue
from forms_app.store.prepared import prepared

CLOCKS_SHOWN = 7
ROWS_SHOWN = 8  # communities; more would be too small to read from where people stand
COUNTED_OPEN = 1_100  # clocks: of those that are not shown, no more than 999 are said
SHOWN_STEPS = OPEN_STEPS


class RunningClock(Struct, frozen=True):
    """One initial opinion that is waited for."""

    community_id: str
    severity_class: str  # empty until it is graded
    due_at: datetime
    is_overdue: bool


class CommunityCounts(Struct):
    community_id: str
    steps: dict[str, int] = field(default_factory=dict)  # open issues by step
    overdue: int = 0

    @property
    def open(self) -> int:
        return sum(self.steps.values())


class Wall(Struct, frozen=True):
    clocks: tuple[RunningClock, ...]  # the first to end, at most CLOCKS_SHOWN
    running: int  # how many there are
    communities: tuple[CommunityCounts, ...]  # at most ROWS_SHOWN
    others: int  # communities that are only in the total, as fewer of theirs are overdue or open
    total: CommunityCounts
    received: int  # since midnight, as is what follows
    opinions_due: int  # of those received: given, or their time is up
    opinions_on_time: int
    closed: int


def wall(actor: Actor, community_ids: Sequence[str], now: datetime) -> Wall:
    """What stands on the wall for this actor, of these communities, in their order."""
    here = frozenset(community_ids)
    midnight = datetime.combine(local_day(now), time(), CHINA)
    clocks, running = _clocks(actor, here, now)
    received, opinions_due, on_time = _received(actor, here, midnight, now)
    communities = _communities(actor, community_ids, now)
    return Wall(
        clocks=clocks,
        running=running,
        communities=_shown(communities),
        others=max(0, len(communities) - ROWS_SHOWN),
        total=_total(communities),
        received=received,
        opinions_due=opinions_due,
        opinions_on_time=on_time,
        closed=_closed.tuples(actor, here, midnight)[0][0],
    )


def _sees(actor: Actor, here: frozenset[str]) -> Expression:
    return visible_to(actor) & in_communities(here)


def _counting(actor: Actor, here: frozenset[str]) -> Expression:
    """The condition that selects the issues whose clock of ten minutes runs."""
    rank, _ = in_line()
    is_running: Expression = (rank == UNOPINED) & end_of(OPINION).is_null(False)
    return _sees(actor, here) & IN_HAND & is_running


def _clocks(
    actor: Actor, here: frozenset[str], now: datetime
) -> tuple[tuple[RunningClock, ...], int]:
    clocks = tuple(
        RunningClock(community, severity_class or "", due_at, is_past(due_at, now))
        for community, severity_class, due_at in _next.tuples(actor, here)
    )
    ((running,),) = _running.tuples(actor, here)
    return clocks, running


@prepared
def _next(actor: Actor, here: frozenset[str]) -> "ModelSelect[Issue]":
    _, place = in_line()
    return (
        Issue.select(Issue.community_id, Issue.severity_class, end_of(OPINION))
        .where(_counting(actor, here))
        .order_by(place, Issue.id)
        .limit(CLOCKS_SHOWN)
    )


@prepared
def _running(actor: Actor, here: frozenset[str]) -> "ModelSelect[Issue]":
    _, place = in_line()
    first = Issue.select(Issue.id).where(_counting(actor, here)).order_by(place).limit(COUNTED_OPEN)
    counted: ModelSelect[Issue] = Issue.select(fn.COUNT(SQL("1"))).from_(first.alias("counted"))
    return counted


def _communities(
    actor: Actor, community_ids: Sequence[str], now: datetime
) -> tuple[CommunityCounts, ...]:
    counts = {key: CommunityCounts(key) for key in community_ids}
    rows = _by_step.tuples(actor, frozenset(community_ids), now)
    for community, step, count, overdue in rows:
        if Step(step) in SHOWN_STEPS:
            counts[community].steps[step] = count
            counts[community].overdue += overdue
    return tuple(counts.values())


@prepared
def _by_step(actor: Actor, here: frozenset[str], now: datetime) -> "ModelSelect[Issue]":
    late = fn.SUM(Case(None, ((is_overdue(now), 1),), 0))
    return (
        Issue.select(Issue.community_id, Issue.step, fn.COUNT(Value(1)), late)
        .where(_sees(actor, here), IN_HAND)
        .group_by(Issue.community_id, Issue.step)
    )


def _shown(communities: Sequence[CommunityCounts]) -> tuple[CommunityCounts, ...]:
    """In their order; of too many, those with most overdue and then most open."""
    pressing = sorted(communities, key=lambda row: (-row.overdue, -row.open))[:ROWS_SHOWN]
    return tuple(row for row in communities if row in pressing)


def _total(communities: Sequence[CommunityCounts]) -> CommunityCounts:
    steps = {
        step.value: sum(row.steps.get(step.value, 0) for row in communities) for step in SHOWN_STEPS
    }
    return CommunityCounts("", steps, sum(row.overdue for row in communities))


def _received(
    actor: Actor, here: frozenset[str], midnight: datetime, now: datetime
) -> tuple[int, int, int]:
    """Received since midnight; of these, initial opinions given or late; of these, on time."""
    ((received, due, in_time),) = _since.tuples(actor, here, midnight, now)
    return int(received), int(due or 0), int(in_time or 0)


@prepared
def _since(
    actor: Actor, here: frozenset[str], midnight: datetime, now: datetime
) -> "ModelSelect[Issue]":
    on_time = Issue.opined_at.is_null(False) & (Issue.opined_at <= Issue.opinion_due_at)
    has_clock = Issue.opinion_due_at.is_null(False)
    is_over = Issue.opined_at.is_null(False) | (Issue.opinion_due_at < now)
    return Issue.select(
        fn.COUNT(Issue.id),
        fn.SUM(Case(None, ((has_clock & is_over, 1),), 0)),
        fn.SUM(Case(None, ((has_clock & on_time, 1),), 0)),
    ).where(_sees(actor, here), Issue.received_at >= midnight, is_counted())


@prepared
def _closed(actor: Actor, here: frozenset[str], midnight: datetime) -> "ModelSelect[Entry]":
    # The words of the index: there is no other way to the closings of a day.
    is_closing = (Entry.move == SQL("'evaluate'")) & (Entry.to_step == SQL("'closed'"))
    is_seen = fn.EXISTS(Issue.select(Issue.id).where(Issue.id == Entry.issue, _sees(actor, here)))
    closings = fn.COUNT(Entry.issue.distinct())
    return Entry.select(closings).where(is_closing, Entry.made_at >= midnight, is_seen)

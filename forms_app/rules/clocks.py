"""The clocks: which of them runs on an issue as it stands, from which of its facts until which.

One table, a row for every step at which a clock runs as it does there. Whatever else has to know
of a clock stands in its row, so that a clock more is a row more. It knows no database:
forms_app.issues.clocks turns the same rows into conditions and orders.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol, TypeVar

from msgspec import Struct

from forms_app.rules.move import Clock
from forms_app.rules.steps import BEFORE_VERDICT, UNDER_REVIEW, Step
from forms_app.rules.worktime import Clocks as Settings

OPINION, GRADE, REPLY, RESULT, RULING, DISTRICT, RELAY, URGE, REVIEW, VERDICT = Clock

# How far one with an end has been told of; a verdict's rank is the day of its reminder.
NEAR, OVERDUE = 1, 2

Lead = Callable[[Settings], timedelta]


def _none(_settings: Settings) -> timedelta:
    return timedelta()


def _hours(count: int) -> Lead:
    return lambda _settings: timedelta(hours=count)


def _half_of_the_minutes(settings: Settings) -> timedelta:
    return timedelta(minutes=settings.opinion_minutes) / 2


class Run(Struct, frozen=True):
    """One row: at these steps, and of these classes (None: any), the clock of this name runs.

    `since`, `until` and `stopped_by` name facts of the issue, as its columns are called. The clock
    runs once `since` is there, until the step is left or `stopped_by` is there too. It ends at
    `until`; "" is a clock without an end, by which somebody is only waited for.
    """

    clock: str
    steps: tuple[Step, ...]
    title: str  # of its end, as in “办理时限”
    waits_for: str  # in a list, beside what is left
    since: str
    until: str = ""
    stopped_by: str = ""
    severity_classes: tuple[str, ...] | None = None
    # How long before its end it is reminded of, and shown in another colour.
    lead: Lead = _none
    is_rare: bool = False  # few issues at its steps have it: its end has an index of those


# In the order in which they are told of; of two that end at once, the first is shown.
RUNS: tuple[Run, ...] = (
    Run(
        OPINION, (Step.COLLECTED,), "初步意见", "初步意见",
        since="round_started_at", until="opinion_due_at", stopped_by="opined_at",
        lead=_half_of_the_minutes,
    ),
    Run(
        GRADE, (Step.COLLECTED,), "分类定级", "等定级",
        since="opined_at", until="grade_due_at", lead=_hours(2),
    ),
    # Each party has a clock of its own; the issue knows the one that ends first.
    Run(
        REPLY, (Step.RESPONDING,), "各家响应", "等响应",
        since="answers_due_at", until="answers_due_at", lead=_hours(2),
    ),
    Run(
        RESULT, (Step.RESPONDING,), "办理时限", "等方案",
        since="classified_at", until="due_at", lead=_hours(24),
    ),
    Run(
        RESULT, (Step.CLASSIFIED, Step.HANDLING), "办理时限", "办理",
        since="classified_at", until="due_at", lead=_hours(24),
    ),
    Run(
        RELAY, (Step.REPORTED,), "反馈", "等反馈",
        since="relay_due_at", until="relay_due_at", lead=_hours(2),
    ),
    # The first of those that declined counts: one ruling answers them all.
    Run(
        RULING, (Step.RESPONDING, Step.HANDLING), "裁定", "等裁定",
        since="ruling_due_at", until="ruling_due_at", lead=_hours(2), is_rare=True,
    ),
    Run(
        DISTRICT, (Step.RESPONDING, Step.HANDLING, Step.REPORTED), "区级答复", "等区里答复",
        since="district_due_at", until="district_due_at", lead=_hours(2), is_rare=True,
    ),
    # Each that was urged has a clock of its own; the issue knows the one that ends first.
    Run(
        URGE,
        (*BEFORE_VERDICT, Step.EVALUATING),
        "答复催办", "答复催办", since="urge_due_at", until="urge_due_at",
        is_rare=True,
    ),
    # Whatever becomes of the issue: what was said is kept.
    Run(
        REVIEW, UNDER_REVIEW, "下次研究", "再研究",
        since="review_due_at", until="review_due_at", lead=_hours(24), is_rare=True,
    ),
    Run(VERDICT, (Step.EVALUATING,), "评价", "等评价", since="evaluating_since"),
    # Since when the issue that it follows says; nobody may be waiting for a verdict yet.
    Run(VERDICT, (Step.MERGED,), "评价", "等评价", since="merged_into_id"),
    Run(VERDICT, (Step.SHELVED,), "评价", "随时可评", since="evaluating_since"),
)  # fmt: skip


def by_step(runs: Sequence[Run]) -> Mapping[str, tuple[Run, ...]]:
    """The rows of each step, in the table's order."""
    return {step: tuple(run for run in runs if step in run.steps) for step in Step}


_RUNS_AT = by_step(RUNS)


class Standing(Protocol):
    """Anything with an issue's step, its class, and the facts that the table names."""

    @property
    def step(self) -> str: ...
    @property
    def severity_class(self) -> str | None: ...


class Running(Struct, frozen=True):
    """A clock that runs on an issue, and when it ends; None: whenever it is stopped."""

    run: Run
    ends_at: datetime | None

    @property
    def clock(self) -> str:
        """The clock's name."""
        return self.run.clock


Moment = TypeVar("Moment", datetime, str)


def is_past(end: Moment | None, now: Moment) -> bool:
    """Whether a clock with this end is late: at its very end it is not. Both are times, or both
    texts as the database keeps times, which sort.
    """
    return end is not None and end < now


def running(issue: Standing) -> tuple[Running, ...]:
    """Every clock that runs on an issue, in the table's order."""
    return tuple(
        Running(run, getattr(issue, run.until) if run.until else None)
        for run in _RUNS_AT.get(issue.step, ())
        if _runs(run, issue)
    )


def _runs(run: Run, issue: Standing) -> bool:
    return (
        (run.severity_classes is None or issue.severity_class in run.severity_classes)
        and getattr(issue, run.since) is not None
        and not (run.stopped_by and getattr(issue, run.stopped_by) is not None)
    )


def first_of(found: Sequence[Running]) -> Running | None:
    """Of the clocks that run on an issue the one that ends first; of those without an end the
    first; None where none runs.
    """
    ending = [(one.ends_at, place) for place, one in enumerate(found) if one.ends_at is not None]
    place = min(ending)[1] if ending else 0
    return found[place] if found else None


def end_of(issue: Standing, clock: str) -> datetime | None:
    """When the clock of this name ends; None where it does not run, or has no end."""
    return next((one.ends_at for one in running(issue) if one.clock == clock), None)


@cache
def runs_of(clock: str) -> tuple[Run, ...]:
    """The rows of one clock: they differ in steps and words alone."""
    return tuple(run for run in RUNS if run.clock == clock)


def lead_of(clock: str, settings: Settings) -> timedelta:
    """How long before its end a clock is reminded of and turns colour; none without an end."""
    return runs_of(clock)[0].lead(settings)


def ending_clocks() -> tuple[str, ...]:
    """The names of the clocks that have an end."""
    return tuple(dict.fromkeys(run.clock for run in RUNS if run.until))

"""What is open: which clock runs on it, whether it is late, and what is due first."""

from collections.abc import Container, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from peewee import Function, fn

from forms_app.issues.access import Actor
from forms_app.issues.clocks import in_line
from forms_app.issues.following import households, judging
from forms_app.issues.silence import answers_due
from forms_app.issues.urged import as_heard, own_urges
from forms_app.queries.facts import ListedIssue, columns, facts
from forms_app.rules.clocks import OPINION, REPLY, RUNS, URGE, Running, first_of, is_past, running
from forms_app.rules.procedure import moves_from
from forms_app.rules.steps import Role, Step
from forms_app.rules.worktime import last_day
from forms_app.store.models import Issue, Party


class Awaited(Struct, frozen=True):
    """A move that an issue waits for, and from whom."""

    name: str
    move: str  # its label
    names: tuple[str, ...]  # a unit, an office or a member of staff, as people call them
    is_residents: bool = False  # staff only remind
    is_own: bool = False  # whoever reads the board may make it


class Due(StrEnum):
    """When rows are due, in the order of a board: a first answer before all else."""

    ANSWER = "answer"
    LATE = "late"
    TODAY = "today"
    LATER = "later"  # or at no time


class QueueRow(Struct, frozen=True):
    issue: ListedIssue
    step: Step
    running: tuple[Running, ...]  # its clocks
    first: Running | None  # the one of them that ends first
    is_overdue: bool
    silent: int = 0  # summoned parties whose time to answer has passed
    households: int = 1  # that told of the same (following.households)
    awaited: tuple[Awaited, ...] = ()  # on the board; a list of the register does not ask
    answers_urge: bool = False  # whoever reads the row was urged, or acts for whom was

    @property
    def clock(self) -> str:
        """Which clock ends first (rules.clocks); "" where none runs."""
        return self.first.clock if self.first is not None else ""

    @property
    def waits_for(self) -> str:
        """In a word, what that clock waits for."""
        return self.first.run.waits_for if self.first is not None else ""

    def runs(self, clock: str) -> bool:
        """Whether the clock of this name runs."""
        return any(one.clock == clock for one in self.running)

    @property
    def is_urged(self) -> bool:
        """Whether somebody was urged and has not answered."""
        return self.runs(URGE)

    @property
    def is_told_by_tag(self) -> bool:
        """Whether what its clock waits for is said beside it already."""
        return self.clock == URGE or (self.clock == REPLY and self.silent > 0)

    @property
    def due_at(self) -> datetime | None:
        return self.first.ends_at if self.first is not None else None

    def may_be_urged_by(self, role: Role) -> bool:
        """Whether somebody of this role may urge whom it waits for."""
        return any(
            move.name == "urge" for move in moves_from(self.step, role, self.issue.severity_class)
        )

    def due(self, today: date) -> Due:
        """When it is due, as people plan their day."""
        if self.clock == OPINION:
            return Due.ANSWER
        if self.is_overdue:
            return Due.LATE
        is_today = self.due_at is not None and last_day(self.due_at) <= today
        return Due.TODAY if is_today else Due.LATER

    @property
    def shown(self) -> tuple[object, ...]:
        """What is shown of it, but for the time that is left."""
        seen = (self.issue, self.step, self.clock, self.due_at, self.is_overdue, self.silent)
        return (*seen, self.is_urged, self.answers_urge, self.households, self.awaited)


def in_order(*, is_answering: bool = False) -> tuple[Any, ...]:
    """How open issues are put in order; `is_answering` puts the summonses before all others."""
    first = [(Issue.step != Step.RESPONDING.value)] if is_answering else []
    return (*first, *in_line(), Issue.id)


def has_unanswered() -> Function:
    """The condition that a summoned party has not answered."""
    silent = Party.select(Party.id).where(
        Party.issue == Issue.id, Party.is_current, Party.answered_at.is_null()
    )
    is_silent: Function = fn.EXISTS(silent)
    return is_silent


def shown() -> list[Any]:
    """The columns of an issue that make a row: what is shown, what its clocks are read from, and by
    which telephones its households are counted.
    """
    read = {fact for run in RUNS for fact in (run.since, run.until, run.stopped_by)}
    facts_read = [getattr(Issue, name.removesuffix("_id")) for name in sorted(read) if name]
    return list(dict.fromkeys([*columns(ListedIssue, Issue), *facts_read, Issue.reporter_phone]))


def rows_of(
    issues: Sequence[Issue], now: datetime, reader: Actor | None = None
) -> tuple[QueueRow, ...]:
    """The issues as rows; the answers that are missing are asked for once, not row by row.

    Of urges what concerns the `reader`; None: of an issue whoever reads.
    """
    missing = answers_due([issue.id for issue in issues if issue.step == Step.RESPONDING.value])
    told_by = households(issues)
    clocks = {issue.id: running(issue) for issue in issues}
    # A merged one waits for its verdict once there is something to judge.
    merged = [issue.id for issue in issues if issue.step == Step.MERGED.value]
    clocks |= dict.fromkeys(set(merged) - judging(merged), ())
    own: dict[int, datetime] = {}
    if reader is not None:
        urged = [key for key, found in clocks.items() if any(one.clock == URGE for one in found)]
        own = own_urges(reader, urged)
        clocks |= {key: as_heard(reader, clocks[key], own.get(key)) for key in urged}
    return tuple(
        _row(issue, clocks[issue.id], now, missing.get(issue.id, []), told_by[issue.id], own)
        for issue in issues
    )


def _row(
    issue: Issue,
    found: tuple[Running, ...],
    now: datetime,
    missing: Sequence[datetime],
    households: int,
    own_urges: Container[int],
) -> QueueRow:
    first = first_of(found)
    return QueueRow(
        facts(ListedIssue, issue),
        Step(issue.step),
        found,
        first,
        first is not None and is_past(first.ends_at, now),
        sum(is_past(reply_by, now) for reply_by in missing),
        households,
        answers_urge=issue.id in own_urges,
    )

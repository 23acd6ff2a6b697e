"""What is open: which clock runs on it, whether it is late, and what is due first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from peewee import Case, Expression, Function, fn

from forms_app.issues.following import households, may_judge
from forms_app.queries.facts import ListedIssue, facts
from forms_app.rules.procedure import OPEN_STEPS, Step
from forms_app.store.models import ImportedRow, Issue, Party, Summons

_WITHOUT_OPINION = (Issue.step == Step.COLLECTED.value) & Issue.opined_at.is_null()

# The clock that runs at each step, as a column; one that has none comes last.
_DUE = Case(
    None,
    (
        # Also with its opinion given, so that what waits for its grade is not forgotten at the end.
        (Issue.step == Step.COLLECTED.value, Issue.opinion_due_at),
        (Issue.step == Step.RESPONDING.value, Issue.reply_by),
        (Issue.step.in_([Step.CLASSIFIED.value, Step.HANDLING.value]), Issue.due_at),
    ),
    None,
)


# How long before its end a clock turns colour: as long as its reminder comes before it.
SOON = {
    "opinion": timedelta(minutes=5),
    "reply": timedelta(hours=2),
    "result": timedelta(days=1),
}


@dataclass(frozen=True)
class Awaited:
    """A move that an issue waits for, and from whom."""

    move: str  # its label
    names: tuple[str, ...]  # a unit, an office or a member of staff, as people call them


@dataclass(frozen=True)
class QueueRow:
    issue: ListedIssue
    step: Step
    clock: str  # what is due: "opinion", "grade", "reply", "plan", "result" or "verdict"
    due_at: datetime | None
    is_overdue: bool
    silent: int = 0  # summoned parties whose time to answer has passed
    households: int = 1  # that told of the same (following.households)
    awaited: tuple[Awaited, ...] = ()  # on the board; a list of the register does not ask

    @property
    def soon_seconds(self) -> int:
        """How many seconds before its end the clock turns colour; 0: never."""
        return int(SOON.get(self.clock, timedelta()).total_seconds())


def in_order(*, is_answering: bool = False) -> tuple[Any, ...]:
    """How open issues are put in order: initial opinions first, then by what is due first.

    Imported ones whose clock does not run come last. `is_answering` puts the summonses before
    everything else.
    """
    is_imported = Issue.id.in_(ImportedRow.select(ImportedRow.issue))
    first = [(Issue.step == Step.RESPONDING.value, -1)] if is_answering else []
    return (
        # Thousands that were imported must not stand before those who wait for an answer now.
        Case(None, (*first, (_WITHOUT_OPINION & is_imported, 2), (_WITHOUT_OPINION, 0)), 1),
        Case(None, ((_DUE.is_null(), 1),), 0),
        _DUE,
        Issue.id,
    )


def is_waiting() -> Expression:
    """The condition that selects what is open: somebody still owes it something."""
    is_open: Expression = Issue.step.in_([step.value for step in OPEN_STEPS]) | may_judge()
    return is_open


def has_unanswered(late_since: datetime | None = None) -> Function:
    """The condition that a summoned party has not answered, or not in time by `late_since`."""
    silent = Party.select(Party.id).where(
        Party.issue == Issue.id, Party.is_current, Party.answered_at.is_null()
    )
    if late_since is not None:
        silent = silent.join(Summons).where(Summons.reply_by < late_since)
    is_silent: Function = fn.EXISTS(silent)
    return is_silent


def is_overdue(now: datetime) -> Expression:
    """The condition that the clock which runs on an issue has passed its end, as its row says."""
    is_late: Expression = (
        _WITHOUT_OPINION & (Issue.opinion_due_at < now)
        | (Issue.step == Step.RESPONDING.value) & has_unanswered(now)
        | Issue.step.in_([Step.CLASSIFIED.value, Step.HANDLING.value]) & (Issue.due_at < now)
    )
    return is_late


def clock_of(issue: Issue) -> tuple[str, datetime | None]:
    """Which clock runs on an issue now, and when it ends."""
    step = Step(issue.step)
    if step is Step.COLLECTED:
        return ("grade", None) if issue.opined_at else ("opinion", issue.opinion_due_at)
    if step is Step.RESPONDING:
        return "reply", issue.reply_by
    if step in (Step.CLASSIFIED, Step.HANDLING):
        return "result", issue.due_at
    return "verdict", None


def rows_of(issues: Sequence[Issue], now: datetime) -> tuple[QueueRow, ...]:
    """The issues as rows; the answers that are missing are asked for once, not row by row."""
    called = [issue.id for issue in issues if issue.step == Step.RESPONDING.value]
    missing: dict[int, list[datetime]] = {}
    if called:
        unanswered = (
            Party.select(Party.issue, Summons.reply_by)
            .join(Summons)
            .where(Party.issue.in_(called), Party.is_current, Party.answered_at.is_null())
            .tuples()
        )
        for issue_id, reply_by in unanswered.iterator():
            missing.setdefault(issue_id, []).append(reply_by)
    told_by = households(issues)
    return tuple(
        replace(_row(issue, now, missing.get(issue.id, [])), households=told_by[issue.id])
        for issue in issues
    )


def _row(issue: Issue, now: datetime, missing: Sequence[datetime]) -> QueueRow:
    shown, step = facts(ListedIssue, issue), Step(issue.step)
    clock, due_at = clock_of(issue)
    if clock == "reply":
        silent = sum(reply_by < now for reply_by in missing)
        # Everybody has answered: the plan is what is waited for, and it has no clock of its own.
        if not missing:
            clock, due_at = "plan", None
        return QueueRow(shown, step, clock, due_at, silent > 0, silent)
    return QueueRow(shown, step, clock, due_at, due_at is not None and due_at < now)

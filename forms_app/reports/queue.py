"""The queue: what an actor's open issues wait for, by what is due first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from peewee import Case

from forms_app.access import Actor, visible_to
from forms_app.following import households, may_judge
from forms_app.models import ImportedRow, Issue, Party, Summons
from forms_app.procedure import OPEN_STEPS, Step

QUEUE_LENGTH = 100

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


@dataclass(frozen=True)
class QueueRow:
    issue: Issue
    step: Step
    clock: str  # what is due: "opinion", "grade", "reply", "plan", "result" or "verdict"
    due_at: datetime | None
    is_overdue: bool
    silent: int = 0  # summoned parties whose time to answer has passed
    households: int = 1  # that told of the same (following.households)


@dataclass(frozen=True)
class Queue:
    rows: tuple[QueueRow, ...]  # at most QUEUE_LENGTH
    is_cut: bool
    overdue: int  # among the rows


def queue(actor: Actor, now: datetime) -> Queue:
    """What this actor's open issues wait for: initial opinions first, then by what is due first.

    Imported ones whose clock does not run come last.
    """
    is_waiting = Issue.step.in_([step.value for step in OPEN_STEPS]) | may_judge()
    is_imported = Issue.id.in_(ImportedRow.select(ImportedRow.issue))
    found = list(
        Issue.select()
        .where(visible_to(actor), is_waiting)
        .order_by(
            # Thousands that were imported must not stand before those who wait for an answer now.
            Case(None, ((_WITHOUT_OPINION & is_imported, 2), (_WITHOUT_OPINION, 0)), 1),
            Case(None, ((_DUE.is_null(), 1),), 0),
            _DUE,
            Issue.id,
        )
        .limit(QUEUE_LENGTH + 1)
    )
    rows = rows_of(found[:QUEUE_LENGTH], now)
    return Queue(rows, len(found) > QUEUE_LENGTH, sum(row.is_overdue for row in rows))


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
    clock, due_at = clock_of(issue)
    if clock == "reply":
        silent = sum(reply_by < now for reply_by in missing)
        # Everybody has answered: the plan is what is waited for, and it has no clock of its own.
        if not missing:
            clock, due_at = "plan", None
        return QueueRow(issue, Step(issue.step), clock, due_at, silent > 0, silent)
    return QueueRow(issue, Step(issue.step), clock, due_at, due_at is not None and due_at < now)

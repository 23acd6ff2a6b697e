"""The queue: what an actor's open issues wait for, by what is due first."""

from dataclasses import dataclass
from datetime import datetime

from peewee import Case

from forms_app.access import Actor, visible_to
from forms_app.models import ImportedRow, Issue
from forms_app.procedure import BEFORE_VERDICT, OPEN_STEPS, Step

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
    clock: str  # what is due: "opinion", "grade", "reply", "result" or "verdict"
    due_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True)
class Queue:
    rows: tuple[QueueRow, ...]  # at most QUEUE_LENGTH
    is_cut: bool
    overdue: int  # among the rows


def queue(actor: Actor, now: datetime) -> Queue:
    """What this actor's open issues wait for: initial opinions first, then by what is due first.

    Imported ones whose clock does not run come last.
    """
    target = Issue.alias()
    # A merged issue's own verdict is due once the issue that it follows has been handled.
    to_judge = (Issue.step == Step.MERGED.value) & Issue.merged_into.in_(
        target.select(target.id).where(
            target.step.not_in([step.value for step in (*BEFORE_VERDICT, Step.MERGED)])
        )
    )
    is_waiting = Issue.step.in_([step.value for step in OPEN_STEPS]) | to_judge
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
    rows = tuple(row_of(issue, now) for issue in found[:QUEUE_LENGTH])
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


def row_of(issue: Issue, now: datetime) -> QueueRow:
    """The issue as a list shows it, with the clock that runs on it."""
    clock, due_at = clock_of(issue)
    return QueueRow(issue, Step(issue.step), clock, due_at, due_at is not None and due_at < now)

"""What was said beside the moves and still wants somebody's eye: additions, silence, desk answers.

Each list is short and asked for by an index of its own, so that it costs the same every day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import Expression

from forms_app.issues.access import Actor, visible_to
from forms_app.issues.driving import beside
from forms_app.queries.facts import ListedIssue, facts
from forms_app.rules.clocks import REVIEW, lead_of
from forms_app.rules.move import Only, VerdictBy
from forms_app.rules.procedure import find_move
from forms_app.rules.steps import Step
from forms_app.rules.windows import length
from forms_app.rules.worktime import Clocks
from forms_app.store.models import Issue, MaybeInstantField

SHOWN = 20
UNANSWERED_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Spoken:
    """Oldest first, at most SHOWN each."""

    added: tuple[tuple[ListedIssue, datetime], ...]  # and since when nobody has followed it
    unanswered: tuple[tuple[ListedIssue, datetime], ...]  # and since when it was asked
    settled: tuple[tuple[ListedIssue, datetime], ...]  # that the actor may take back, and when
    reviews: tuple[tuple[ListedIssue, datetime], ...]  # to be looked at again, and until when

    def __bool__(self) -> bool:
        return bool(self.added or self.unanswered or self.settled or self.reviews)


def spoken(settings: Clocks, actor: Actor, now: datetime) -> Spoken:
    """What the board tells above its lists, of what this actor may see."""
    listens = actor.role in find_move("note", Step.COLLECTED).who
    takes_back = find_move("take_back", Step.EVALUATING)
    since = now - length(takes_back.window, settings) if takes_back.window else now
    return Spoken(
        _found(actor, Issue.added_since.is_null(False), Issue.added_since) if listens else (),
        _found(actor, Issue.asked_since <= now - UNANSWERED_AFTER, Issue.asked_since)
        if listens
        else (),
        _found(actor, (Issue.settled_at >= since) & beside(_may_be_taken_back()), Issue.settled_at)
        if actor.role in takes_back.who
        else (),
        _found(actor, Issue.review_due_at <= now + lead_of(REVIEW, settings), Issue.review_due_at)
        if actor.role in find_move("review", Step.CLOSED, so={Only.UNDER_REVIEW}).who
        else (),
    )


def _may_be_taken_back() -> Expression:
    by_staff: Expression = (Issue.step == Step.CLOSED.value) & (
        Issue.verdict_by == VerdictBy.STAFF.value
    )
    return (Issue.step == Step.EVALUATING.value) | by_staff


def _found(
    actor: Actor, condition: Expression, order: MaybeInstantField
) -> tuple[tuple[ListedIssue, datetime], ...]:
    # The short list is read first, whoever asks: what one may see only filters it.
    rows = Issue.select().where(condition, beside(visible_to(actor))).order_by(order, Issue.id)
    name: str = order.name
    return tuple((facts(ListedIssue, row), getattr(row, name)) for row in rows.limit(SHOWN))

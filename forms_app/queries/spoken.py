"""What was said beside the moves and still wants somebody's eye: additions, silence, desk answers.

Each list is short and asked for by an index of its own, so that it costs the same every day.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from peewee import Expression, ModelSelect

from forms_app.issues.access import Actor, visible_to
from forms_app.issues.driving import beside
from forms_app.queries.facts import ListedIssue, columns
from forms_app.rules.clocks import REVIEW, lead_of
from forms_app.rules.move import Only, VerdictBy
from forms_app.rules.procedure import find_move
from forms_app.rules.steps import Step
from forms_app.rules.windows import length
from forms_app.rules.worktime import Clocks
from forms_app.store.models import Issue
from forms_app.store.prepared import prepared
from forms_app.store.row import MaybeInstantField

SHOWN = 20
UNANSWERED_AFTER = timedelta(days=3)


class Spoken(Struct, frozen=True):
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
    until = now + lead_of(REVIEW, settings)
    looks_again = find_move("review", Step.CLOSED, so={Only.UNDER_REVIEW})
    return Spoken(
        _dated(_added.tuples(actor)) if listens else (),
        _dated(_asked.tuples(actor, now - UNANSWERED_AFTER)) if listens else (),
        _dated(_settled.tuples(actor, since)) if actor.role in takes_back.who else (),
        _dated(_to_review.tuples(actor, until)) if actor.role in looks_again.who else (),
    )


@prepared
def _added(actor: Actor) -> "ModelSelect[Issue]":
    return _oldest(actor, Issue.added_since.is_null(False), Issue.added_since)


@prepared
def _asked(actor: Actor, until: datetime) -> "ModelSelect[Issue]":
    return _oldest(actor, Issue.asked_since <= until, Issue.asked_since)


@prepared
def _settled(actor: Actor, since: datetime) -> "ModelSelect[Issue]":
    condition = (Issue.settled_at >= since) & beside(_may_be_taken_back())
    return _oldest(actor, condition, Issue.settled_at)


@prepared
def _to_review(actor: Actor, until: datetime) -> "ModelSelect[Issue]":
    return _oldest(actor, Issue.review_due_at <= until, Issue.review_due_at)


def _may_be_taken_back() -> Expression:
    by_staff: Expression = (Issue.step == Step.CLOSED.value) & (
        Issue.verdict_by == VerdictBy.STAFF.value
    )
    return (Issue.step == Step.EVALUATING.value) | by_staff


def _oldest(actor: Actor, condition: Expression, order: MaybeInstantField) -> "ModelSelect[Issue]":
    # The short list is read first, whoever asks: what one may see only filters it.
    rows: ModelSelect[Issue] = Issue.select(*columns(ListedIssue, Issue), order)
    return rows.where(condition, beside(visible_to(actor))).order_by(order, Issue.id).limit(SHOWN)


def _dated(rows: Iterable[tuple[Any, ...]]) -> tuple[tuple[ListedIssue, datetime], ...]:
    return tuple((ListedIssue(*row), moment) for *row, moment in rows)

"""On which issues the next move is an actor's, as a condition."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache, reduce
from operator import and_, or_

from peewee import Case, Expression, ModelSelect

from forms_app.issues.access import ACTS_AS, EVERY, HANDS, PARTS, SILENT, Actor
from forms_app.issues.awaited import WAITS, Wait
from forms_app.issues.clocks import has_passed
from forms_app.queries.queue import has_unanswered
from forms_app.rules.clocks import REPLY
from forms_app.rules.move import Between, When
from forms_app.rules.steps import Part, Role
from forms_app.store.models import Issue
from forms_app.store.prepared import prepared

# Who may be waited for beside a role, with where somebody is it.
_RULES = (*ACTS_AS.items(), *{**PARTS, Part.PARTY: SILENT}.items())


def is_next(actor: Actor, now: datetime) -> Expression:
    """The condition that selects the issues on which the next move is this actor's."""
    conditions = [condition for _, condition in _own(actor, now)]
    return reduce(or_, conditions) if conditions else Issue.id < 0


def own_moves(actor: Actor, issue_ids: Sequence[int], now: datetime) -> dict[int, frozenset[str]]:
    """The moves that each of these issues waits for from this actor."""
    waits = _waits(actor.role)
    if not waits or not issue_ids:
        return {}
    return {
        issue_id: frozenset(
            wait.move.name for wait, holds in zip(waits, found, strict=True) if holds
        )
        for issue_id, *found in _flags.tuples(actor, issue_ids, now)
    }


@prepared
def _flags(actor: Actor, issue_ids: Sequence[int], now: datetime) -> "ModelSelect[Issue]":
    flags = [Case(None, [(condition, 1)], 0) for _, condition in _own(actor, now)]
    return Issue.select(Issue.id, *flags).where(Issue.id.in_(issue_ids))


def _own(actor: Actor, now: datetime) -> list[tuple[Wait, Expression]]:
    """What may be waited for from the actor, with the condition that it is."""
    found = []
    for wait in _waits(actor.role):
        holds = _holds(actor, wait)
        if wait.move.bars_hands:
            holds &= ~HANDS.where(actor)
        if wait.move.asks_reporter:
            holds &= Issue.of_incident == ""  # nobody is reminded of an incident
        found.append((wait, _stands_at(wait, now) & holds))
    return found


@lru_cache
def _waits(role: Role) -> tuple[Wait, ...]:
    """What may be waited for from people of this role, on one issue or another."""
    return tuple(
        wait for wait in WAITS if role in wait.who or any(who in wait.who for who, _ in _RULES)
    )


def _holds(actor: Actor, wait: Wait) -> Expression:
    """Where the actor is one of those waited for."""
    if actor.role in wait.who:
        return EVERY
    return reduce(or_, [rule.where(actor) for who, rule in _RULES if who in wait.who])


def _stands_at(wait: Wait, now: datetime) -> Expression:
    """waits_of as a condition: test_board proves them the same at every standing."""
    conditions = [Issue.step == wait.step.value]
    if wait.move.severity_classes is not None:
        conditions.append(Issue.severity_class.in_(wait.move.severity_classes))
    more = {
        When.NOT_OPINED: Issue.opined_at.is_null(),
        When.OPINED: Issue.opined_at.is_null(False),
        When.UNANSWERED: has_unanswered(),
        When.ANSWERED: ~has_unanswered() | has_passed(REPLY, now),
        When.DECLINED: Issue.ruling_due_at.is_null(False),
        When.DECLINED_HOME: Issue.ruling_between == Between.HOME.value,
        When.DECLINED_UNITS: Issue.ruling_between == Between.UNITS.value,
        When.REFERRED: Issue.district_due_at.is_null(False),
    }
    if wait.move.awaited in more:
        conditions.append(more[wait.move.awaited])
    return reduce(and_, conditions)

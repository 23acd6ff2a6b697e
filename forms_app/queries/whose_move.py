"""On which issues the next move is an actor's, as a condition."""

from datetime import datetime
from functools import reduce
from operator import and_, or_

from peewee import Expression

from forms_app.issues.access import ACTS_AS, EVERY, HANDS, PARTS, SILENT, Actor
from forms_app.issues.awaited import WAITS, Wait
from forms_app.issues.clocks import has_passed
from forms_app.queries.queue import has_unanswered
from forms_app.rules.clocks import REPLY
from forms_app.rules.move import Between, When
from forms_app.rules.steps import Part
from forms_app.store.models import Issue


def is_next(actor: Actor, now: datetime) -> Expression:
    """The condition that selects the issues on which the next move is this actor's."""
    conditions = []
    for wait in WAITS:
        holds = _holds(actor, wait)
        if holds is not None and wait.move.bars_hands:
            holds &= ~HANDS.where(actor)
        if holds is not None and wait.move.asks_reporter:
            holds &= Issue.of_incident == ""  # nobody is reminded of an incident
        if holds is not None:
            conditions.append(_stands_at(wait, now) & holds)
    return reduce(or_, conditions) if conditions else Issue.id < 0


def _holds(actor: Actor, wait: Wait) -> Expression | None:
    """Where the actor is one of those waited for; None: nowhere."""
    if actor.role in wait.who:
        return EVERY
    rules = [*ACTS_AS.items(), *{**PARTS, Part.PARTY: SILENT}.items()]
    found = [rule.where(actor) for who, rule in rules if who in wait.who]
    return reduce(or_, found) if found else None


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

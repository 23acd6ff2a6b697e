"""What each filter of the register asks of an issue, as conditions of the database."""

from datetime import datetime, timedelta
from functools import reduce
from operator import and_

from peewee import SQL, Expression, ModelSelect

from forms_app.community import Circle
from forms_app.issues.access import EVERY, Actor, in_communities, visible_to
from forms_app.issues.clocks import is_overdue
from forms_app.issues.driving import beside, exists
from forms_app.issues.register_filters import Filters, words_asked
from forms_app.issues.search import has_words
from forms_app.rules.steps import Part
from forms_app.rules.worktime import midnight
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Issue


def let_through(circle: Circle, actor: Actor, now: datetime, filters: Filters) -> Expression:
    """The condition that selects what the actor may see and the filters let through.

    For a list that goes along an order of its own: the filters only filter.
    """
    wanted = [*facets_of(filters), *others_of(circle, now, filters)]
    if filters.text:
        wanted.append(has_words(Issue.id, words_asked(circle, filters.text)))
    return reduce(and_, map(beside, wanted), visible_to(actor))


def facets_of(filters: Filters) -> list[Expression]:
    """The conditions that have an index each, in which issues stand in the order of receipt."""
    urgency = int(filters.urgency) if filters.urgency else ""
    given = (
        (Issue.estate_id, filters.estate),
        (Issue.category, filters.category),
        (Issue.channel, filters.channel),
        (Issue.nature, filters.nature),
        (Issue.service, filters.service),
        (Issue.step, filters.step),
        (Issue.urgency, urgency),
        (Issue.severity_class, filters.severity_class),
        (Issue.community_id, filters.community),
    )
    found: list[Expression] = [column == value for column, value in given if value]
    if filters.dissatisfied:
        # A dissatisfied verdict opens the next round by itself, and so does whoever reopens.
        found.append(Issue.round_no > SQL("1"))
    return found


def others_of(circle: Circle, now: datetime, filters: Filters) -> list[Expression]:
    """The conditions that no facet's index knows."""
    found: list[Expression] = []
    if filters.street:
        here = (c.id for c in circle.communities.values() if c.subdistrict == filters.street)
        found.append(in_communities(here))
    if filters.received_from or filters.received_to:
        found.append(received_between(filters))
    if filters.overdue:
        found.append(is_overdue(now))
    if filters.lead:
        led = led_by(filters.lead).where(Assignment.issue == Issue.id)
        found.append(exists(led))
    return found


def received_between(filters: Filters) -> Expression:
    """The condition that an issue was received between the two days, both included."""
    condition: Expression = EVERY
    if filters.received_from:
        condition &= Issue.received_at >= midnight(filters.received_from)
    if filters.received_to:
        condition &= Issue.received_at < midnight(filters.received_to + timedelta(days=1))
    return condition


def led_by(unit_id: str) -> "ModelSelect[Assignment]":
    """The issues that a unit leads; a community leads what one of its own staff does."""
    staff = staff_of(unit_id)
    led: ModelSelect[Assignment] = Assignment.select(Assignment.issue).where(
        Assignment.part == Part.LEAD.value,
        Assignment.is_current,
        (Assignment.organization_id == unit_id) | Assignment.account.in_(staff),
    )
    return led


def staff_of(community_id: str) -> "ModelSelect[Account]":
    """The ids of a community's accounts; none of a unit's."""
    return Account.select(Account.id).where(Account.community_id == community_id)

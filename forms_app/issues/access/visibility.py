"""What somebody may see of the register, and which undelivered notices are theirs to see to.

There is one reading of it, the condition: a single issue is fetched through it, too.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from peewee import Expression, Function, ModelSelect, fn

from forms_app.issues.access.actor import COMMUNITY_ROLES, SUBDISTRICT_ROLES, Actor
from forms_app.issues.access.parts import PARTS, major_and_late
from forms_app.issues.access.rule import EVERY, NONE
from forms_app.issues.access.standing import LEVELS, is_led_by_none
from forms_app.issues.driving import exists
from forms_app.issues.taken_over import number_after
from forms_app.rules.steps import Part, Role, Step
from forms_app.store.models import Assignment, Issue, Party
from forms_app.store.notices import Notice
from forms_app.store.prepared import prepared


def visible_to(actor: Actor) -> Expression:
    """The condition that selects the issues this actor may see; the admin sees none."""
    if actor.role in SUBDISTRICT_ROLES:
        # A community that the circle has lost is no sub-district's: the whole district's see it.
        return EVERY if actor.community_ids is None else in_communities(actor.community_ids)
    if actor.role in COMMUNITY_ROLES:
        return Issue.community_id == actor.community_id
    if actor.role in (Role.RESIDENT, Role.COLLECTOR):
        return PARTS[Part.REPORTER].where(actor)
    if actor.role is Role.RESPONDER and actor.organization_id:
        # In whichever round: what they were called to once, they may look at again.
        unit = actor.organization_id
        called, assigned = (
            exists(
                table.select(table.id).where(table.issue == Issue.id, table.organization_id == unit)
            )
            for table in (Party, Assignment)
        )
        return called | assigned
    if actor.role is Role.DISTRICT_OFFICE:
        return reduce(or_, seen_by_district(actor))
    return Issue.id > 0 if actor.role is Role.SYSTEM else NONE


def seen_by_district(actor: Actor) -> tuple[Expression, ...]:
    """By which of three conditions the district office sees an issue: it once had to do with it,
    it may take it up, or it acts for a sub-district without a leader.
    """
    was_theirs = Issue.district_round.is_null(False)
    return was_theirs, major_and_late(), is_led_by_none(actor.subdistricts, Issue.community_id)


def visible_issue(actor: Actor, number: str) -> Issue | None:
    """The issue of this number, if there is one and the actor may see it."""
    # What is no number is not asked for: PostgreSQL would stumble over a NUL.
    if not (number.isascii() and number.isdigit()):
        return None
    if actor.role is Role.RESIDENT:
        # Everybody holds other tickets: the rule's other reading, so that one text serves them all.
        issue = _numbered.first(number)
        return issue if issue is not None and PARTS[Part.REPORTER].holds(actor, issue) else None
    return _visible.first(actor, number)


def goes_on_as(actor: Actor, issue: Issue) -> str:
    """The number under which goes on what its resident took back, to staff who see that one; ""
    where nothing does, or they do not.
    """
    if Step(issue.step) is not Step.WITHDRAWN or actor.role is Role.RESIDENT:
        return ""
    number = number_after(issue.id)
    return number if number and visible_issue(actor, number) is not None else ""


@prepared
def _numbered(number: str) -> "ModelSelect[Issue]":
    return Issue.select().where(Issue.number == number)


@prepared
def _visible(actor: Actor, number: str) -> "ModelSelect[Issue]":
    return Issue.select().where((Issue.number == number) & visible_to(actor))


def in_communities(community_ids: Iterable[str]) -> Expression:
    """The condition that selects the issues of these communities."""
    ids = sorted(community_ids)
    if not ids:
        return NONE
    if len(ids) == 1:
        return Issue.community_id == ids[0]
    # An expression rather than the column: over the index of communities SQLite would read and sort
    # every issue of the sub-district for one page (447 ms of 75,000), instead of the newest few.
    return Issue.community_id.concat("").in_(ids)


def may_see_to(actor: Actor) -> Expression | Function:
    """The condition that selects the notices whose delivery is this actor's to see to."""
    if actor.role is Role.ADMIN or (
        actor.role is Role.SUBDISTRICT_LEADER and actor.community_ids is None
    ):
        return EVERY
    if actor.role in LEVELS:
        # Asked of each notice, of which few have failed, rather than of all issues there are.
        return fn.EXISTS(Issue.select(Issue.id).where(Issue.id == Notice.issue, visible_to(actor)))
    return Notice.id < 0

"""Who sees what passes on record between a sub-district and a department, and whose turn it is.

A rule has two readings side by side, as those of issues have: of one record at hand, and as the
condition that selects all such. It writes nothing.
"""

from msgspec import Struct
from peewee import Expression

from forms_app.community import Circle
from forms_app.issues.access import EVERY, SUBDISTRICT_ROLES, Actor
from forms_app.rules.steps import Role
from forms_app.rules.two_way import KINDS
from forms_app.store.assessments import Assessment

# Whose account may have to do with them at all.
TWO_WAY_ROLES = (
    Role.RESPONDER,
    Role.SUBDISTRICT_LEADER,
    Role.SUPERVISOR,
    Role.DISTRICT_OFFICE,
)
NONE: Expression = Assessment.id < 0


def sees(actor: Actor, one: Assessment) -> bool:
    """Whether a record is theirs to read: their own office's, or within what they oversee."""
    if actor.role is Role.RESPONDER:
        return bool(actor.organization_id) and one.organization_id == actor.organization_id
    if actor.role is Role.DISTRICT_OFFICE or _oversees_all(actor):
        return True
    is_of_subdistrict = actor.role in SUBDISTRICT_ROLES
    return is_of_subdistrict and one.subdistrict_id in actor.peer_subdistrict_ids


def seen_by(actor: Actor) -> Expression:
    """The same, as the condition on records."""
    condition: Expression
    if actor.role is Role.RESPONDER and actor.organization_id:
        condition = Assessment.organization_id == actor.organization_id
    elif actor.role is Role.DISTRICT_OFFICE or _oversees_all(actor):
        condition = EVERY
    elif actor.role in SUBDISTRICT_ROLES:
        condition = Assessment.subdistrict_id.in_(sorted(actor.peer_subdistrict_ids))
    else:
        condition = NONE
    return condition


def _oversees_all(actor: Actor) -> bool:
    return actor.role is Role.SUPERVISOR and actor.community_ids is None


class Turns(Struct, frozen=True):
    """What an actor may do with one record just now."""

    changes: bool  # what they said, before it is answered
    answers: bool
    finishes: bool  # tells what came of what was approved


def turns(actor: Actor, one: Assessment) -> Turns:
    """Whose turn it is; nobody's who may not see it, nor of what was withdrawn."""
    kind = KINDS[one.kind]
    is_open = one.withdrawn_at is None and sees(actor, one)
    is_answered = one.answered_at is not None
    says, answers = actor.role is kind.said_by, actor.role is kind.answered_by
    return Turns(
        changes=is_open and says and not is_answered,
        answers=is_open and answers and not is_answered,
        finishes=is_open
        and says
        and kind.is_planned
        and one.answer == "approved"
        and not one.done_on,
    )


def own_subdistricts(circle: Circle, actor: Actor) -> dict[str, str]:
    """The sub-districts that somebody may speak for or to, by id; "" is the only one."""
    if not circle.has_several_subdistricts:
        return {"": circle.subdistrict}
    every = {one.id: one.name for one in circle.subdistricts.values()}
    if actor.role in (Role.RESPONDER, Role.DISTRICT_OFFICE) or _oversees_all(actor):
        return every
    return {key: name for key, name in every.items() if key in actor.peer_subdistrict_ids}


def own_units(circle: Circle, actor: Actor) -> dict[str, str]:
    """The departments that somebody may speak for or to, by id; a sub-district is no department."""
    units = [one for one in circle.departments.values() if one.kind == "department"]
    if actor.role is Role.RESPONDER:
        return {one.id: one.name for one in units if one.id == actor.organization_id}
    return {one.id: one.name for one in units if not one.is_street}

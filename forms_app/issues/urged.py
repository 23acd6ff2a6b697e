"""Whom an urge (催办) may be addressed to, and whose next move answers it.

An urge names a part rather than a person, so that a successor or whoever stands in answers it, too.
Whose it is to answer is asked of one issue at hand, and of all rows of a list at once: the two
readings stand side by side.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace
from peewee import Expression, ModelSelect

from forms_app.issues.access import ACTS_AS, CALLER_ROLE, COMMUNITY_ROLES, EVERY, PARTS, Actor
from forms_app.rules.clocks import URGE, Running
from forms_app.rules.move import Between, Who
from forms_app.rules.steps import Part, Role, Step
from forms_app.store.models import Issue, Urge
from forms_app.store.prepared import prepared


class Urged(Struct, frozen=True):
    """A part in the issue, of a unit or the community; or a level's office."""

    who: Who
    unit: str = ""  # an organisation's or the community's id

    @property
    def key(self) -> str:
        """It as a form sends it."""
        return f"{self.who.value}:{self.unit}"


def may_be_urged(
    step: Step,
    severity_class: str | None,
    *,
    called: Iterable[str],
    leads: Iterable[str],
    assists: Iterable[str],
    ruling_between: str,
    is_referred: bool,
    by: Collection[Who],
) -> tuple[Urged, ...]:
    """Whom an issue waits for at this step, and who works on it; units by their ids, a person "".

    Of those called, the ones that have said nothing first. Whoever asks, as `by` says, not
    themselves as caller or as the one who is to rule (`ruling_between` is of move.Between). The
    district where it was asked and has not answered (`is_referred`).
    """
    found = list(_around(step, severity_class, called, leads, assists))
    if ruling_between and (severity_class, ruling_between) != ("B", Between.HOME):
        found.append(Urged(Role.SUBDISTRICT_LEADER))  # the caller rules on the rest
    if is_referred:
        found.append(Urged(Role.DISTRICT_OFFICE))
    asking = {Part.CALLER, Role.SUBDISTRICT_LEADER, Role.DISTRICT_OFFICE} & own_parts(by)
    return tuple(one for one in found if one.who not in asking)


def own_parts(parts: Collection[Who]) -> set[Who]:
    """Without what the district plays beside the sub-district: its caller is still another."""
    return set(parts) - ({Part.CALLER} if Part.DISTRICT in parts else set())


def _around(
    step: Step,
    severity_class: str | None,
    called: Iterable[str],
    leads: Iterable[str],
    assists: Iterable[str],
) -> tuple[Urged, ...]:
    leading = [Urged(Part.LEAD, unit) for unit in leads]
    match step:
        case Step.CLASSIFIED:
            return (Urged(CALLER_ROLE[severity_class or "C"]),)
        case Step.RESPONDING:
            return (*(Urged(Part.PARTY, unit) for unit in called), Urged(Part.CALLER))
        case Step.HANDLING:
            helping = [Urged(Part.ASSIST, unit) for unit in assists]
            return (*leading, *helping, *([Urged(Part.CALLER)] if severity_class != "C" else ()))
        case Step.REPORTED:
            return (Urged(Part.CALLER), *leading)
    return (Urged(Role.COMMUNITY_LEADER),)


class Addressed(Protocol):
    """An urge, as far as it says whose it is to answer."""

    @property
    def who(self) -> str: ...
    @property
    def organization_id(self) -> str: ...


def is_answered_by(
    urge: Addressed, actor: Actor, parts: Collection[Who], unit: str, community_id: str
) -> bool:
    """Whether a move by this actor, or written down for this unit, is the urged one's word."""
    if urge.organization_id and urge.organization_id != community_id:
        return urge.organization_id in (actor.organization_id, unit)
    if urge.organization_id or urge.who == Role.COMMUNITY_LEADER.value:
        return not set(COMMUNITY_ROLES).isdisjoint(parts)
    return urge.who in {part.value for part in own_parts(parts)}


def own_urges(actor: Actor, issue_ids: Sequence[int]) -> dict[int, datetime]:
    """Which of these issues have an urge that is this actor's to answer, and by when: the first."""
    return dict(_own.tuples(actor, issue_ids)) if issue_ids else {}


@prepared
def _own(actor: Actor, issue_ids: Sequence[int]) -> "ModelSelect[Urge]":
    return (
        Urge.select(Urge.issue, Urge.answer_by)
        .join(Issue)
        .where(Urge.issue.in_(issue_ids), Urge.ended_at.is_null(), _is_own(actor))
        .order_by(Urge.answer_by.desc())  # the first to end is the last said
    )


def _is_own(actor: Actor) -> Expression:
    """is_answered_by of an actor's own next move, as a condition on an urge and its issue."""
    names_unit, is_home = Urge.organization_id != "", Urge.organization_id == Issue.community_id
    of_community = is_home | (~names_unit & (Urge.who == Role.COMMUNITY_LEADER.value))
    is_staff = actor.role in COMMUNITY_ROLES
    by_community = EVERY if is_staff else ACTS_AS[Role.COMMUNITY_LEADER].where(actor)
    own: Expression = of_community & by_community
    if actor.organization_id:
        own |= names_unit & ~is_home & (Urge.organization_id == actor.organization_id)
    level, called = Role.SUBDISTRICT_LEADER, PARTS[Part.CALLER].where(actor)
    rules: dict[Who, Expression] = {
        level: ACTS_AS[level].where(actor),
        Part.CALLER: called & ~PARTS[Part.DISTRICT].where(actor),
        **{part: PARTS[part].where(actor) for part in (Part.LEAD, Part.ASSIST)},
        actor.role: EVERY,
    }
    parts = reduce(or_, ((Urge.who == who.value) & rule for who, rule in rules.items()))
    own |= ~names_unit & (Urge.who != Role.COMMUNITY_LEADER.value) & parts
    return own


def hears_of_all(actor: Actor) -> bool:
    """Whether others' urges concern them: a unit is told of its own alone."""
    return actor.role is not Role.RESPONDER


def as_heard(actor: Actor, found: Sequence[Running], own: datetime | None) -> tuple[Running, ...]:
    """Its clocks as this actor reads them; `own`: when the first urge that is theirs ends."""
    if hears_of_all(actor):
        return tuple(found)
    return tuple(
        replace(one, ends_at=own) if one.clock == URGE else one
        for one in found
        if one.clock != URGE or own is not None
    )

"""Who is on duty: the communities that concern somebody, their desks, and their zones' officers.

From the community's files alone; it does not know what anybody waits for.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from forms_app.community import Circle, Community, DedicatedOfficer, Department, ZoneDuty
from forms_app.issues.access import SUBDISTRICT_ROLES, Actor
from forms_app.rules.said import said
from forms_app.rules.steps import Role
from forms_app.rules.worktime import CalendarUnknown, deadline_words, duty_now, time_words

# A partner helps where it is called; nobody of it is on duty for a zone.
ZONE_KINDS = ("department", "station")


class Desk(Struct, frozen=True):
    """One community's duty desk, and who is on duty for it."""

    community: Community
    officers: tuple[tuple[Department, tuple[ZoneDuty, ...]], ...]
    without: tuple[Department, ...]  # nobody of theirs is on duty here
    dedicated: tuple[DedicatedOfficer, ...]


def communities_of(circle: Circle, actor: Actor) -> tuple[Community, ...]:
    """The communities whose issues may concern this actor, in the circle's order."""
    return tuple(
        community
        for community in circle.communities.values()
        if actor.role is Role.RESPONDER
        or community.id == actor.community_id
        or (actor.role in SUBDISTRICT_ROLES and actor.reaches(community.id))
    )


def desks(circle: Circle, actor: Actor) -> tuple[Desk, ...]:
    """The duty desks that concern an actor; to a responder, with their own unit's officers."""
    own = actor.organization_id if actor.role is Role.RESPONDER else ""
    departments = [
        department
        for department in circle.departments.values()
        if department.kind in ZONE_KINDS and own in ("", department.id)
    ]
    return tuple(
        _desk(circle, community, departments) for community in communities_of(circle, actor)
    )


def _desk(circle: Circle, community: Community, departments: Iterable[Department]) -> Desk:
    zones = circle.zones_of(community.id)
    officers = [(d, tuple(z for z in zones if z.department_id == d.id)) for d in departments]
    return Desk(
        community,
        tuple((department, found) for department, found in officers if found),
        tuple(department for department, found in officers if not found),
        circle.dedicated_of(community.id),
    )


def nobody_until(circle: Circle, now: datetime) -> datetime | None:
    """When somebody answers the telephone again; None while somebody does, or it is not known."""
    try:
        is_open, changes_at = duty_now(circle.clocks, now)
    except CalendarUnknown:
        return None
    return None if is_open else changes_at


def hours_words(circle: Circle, now: datetime) -> str:
    """Whether it is service time, and until or from when, as a sentence."""
    try:
        is_open, changes_at = duty_now(circle.clocks, now)
    except CalendarUnknown as unknown:
        return f"{unknown}。"
    if changes_at is None:
        return "全天24小时值守。"
    if is_open:
        return said("现在是值守时间，到%(moment)s。", moment=deadline_words(changes_at, now))
    return said(
        "现在不是值守时间，%(moment)s开始；收到的问题从那时起计时。", moment=time_words(changes_at)
    )

"""Where an incident hits, and who of the staff may run it: one rule for pages and for casework.

It writes nothing.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from forms_app.community import Circle
from forms_app.issues.access import COMMUNITY_ROLES, LEVELS, SUBDISTRICT_ROLES, Actor
from forms_app.rules.incidents import estates_of, hits
from forms_app.rules.steps import Role

RUNNERS = LEVELS


class Placed(Protocol):
    """Anything with the place of an incident."""

    @property
    def community_id(self) -> str: ...
    @property
    def is_wide(self) -> bool: ...


def communities_hit(circle: Circle, one: Placed) -> frozenset[str]:
    """The communities that it hits: its own, or all of that one's sub-district."""
    if not one.is_wide:
        return frozenset([one.community_id])
    home = circle.subdistrict_of(one.community_id)
    here = (
        community.id
        for community in circle.communities.values()
        if not circle.has_several_subdistricts
        or (home is not None and community.subdistrict == home.id)
    )
    return frozenset([one.community_id, *here])


class Hitting(Placed, Protocol):
    """The same, with the estates that it hits."""

    @property
    def estate_ids(self) -> str: ...


H = TypeVar("H", bound=Hitting)


def hitting(
    circle: Circle, incidents: Iterable[H], community_id: str, estate_id: str = ""
) -> tuple[H, ...]:
    """Those of the incidents that may hit somebody in this community and estate, if they say it."""
    return tuple(
        one
        for one in incidents
        if community_id in communities_hit(circle, one)
        and hits(estates_of(one.estate_ids), estate_id)
    )


def may_run(actor: Actor, one: Placed) -> bool:
    """Whether they may open, tell of and end it: their level's, whoever opened it."""
    if actor.role is Role.SUBDISTRICT_LEADER:
        return actor.reaches(one.community_id)
    is_own = actor.role is Role.COMMUNITY_LEADER and one.community_id == actor.community_id
    return is_own and not one.is_wide


def concerns(circle: Circle, actor: Actor, one: Placed) -> bool:
    """Whether it is theirs to know of: it hits where they work."""
    hit = communities_hit(circle, one)
    if actor.role in COMMUNITY_ROLES:
        return actor.community_id in hit
    return actor.role in SUBDISTRICT_ROLES and any(map(actor.reaches, hit))

"""Who reads the record of a residents' meeting, who writes it, who lets the site tell of it.

Each rule stands beside its condition. It writes nothing.
"""

from peewee import Expression, Field

from forms_app.issues.access import COMMUNITY_ROLES, SUBDISTRICT_ROLES, Actor
from forms_app.rules.steps import Role

MEETING_ROLES = (*COMMUNITY_ROLES, *SUBDISTRICT_ROLES)


def may_read_meetings(actor: Actor, community_id: str) -> bool:
    """The community's own staff, and the sub-district's that it lies in."""
    if actor.role in SUBDISTRICT_ROLES:
        return actor.reaches(community_id)
    return may_write_meetings(actor, community_id)


def may_write_meetings(actor: Actor, community_id: str) -> bool:
    """The community's own staff."""
    is_own = bool(actor.community_id) and actor.community_id == community_id
    return actor.role in COMMUNITY_ROLES and is_own


def may_tell_of_meetings(actor: Actor, community_id: str) -> bool:
    """The community's own leader reviews what is published."""
    return actor.role is Role.COMMUNITY_LEADER and may_write_meetings(actor, community_id)


def meetings_seen(actor: Actor, community: "Field[str]") -> Expression:
    """Who reads, as the condition on a column that holds a community's id."""
    if actor.role in SUBDISTRICT_ROLES:
        if actor.community_ids is None:
            return community.is_null(False)
        return community.in_(sorted(actor.community_ids))
    if actor.role in COMMUNITY_ROLES and actor.community_id:
        return community == actor.community_id
    return community.is_null()

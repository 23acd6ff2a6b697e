"""Who of the staff sees a community's recurring matters and projects, and who may change them.

Each rule stands beside its condition. It writes nothing.
"""

from peewee import Expression, Field

from forms_app.issues.access import LEVELS, Actor
from forms_app.rules.steps import Role

LEADERS = LEVELS


def may_see_projects(actor: Actor, community_id: str) -> bool:
    """The community's own leader, and those of the sub-district that it lies in."""
    if actor.role is Role.COMMUNITY_LEADER:
        return bool(actor.community_id) and community_id == actor.community_id
    return actor.role is Role.SUBDISTRICT_LEADER and actor.reaches(community_id)


def projects_seen(actor: Actor, community: "Field[str]") -> Expression:
    """The same, as the condition on a column that holds a community's id."""
    if actor.role is Role.COMMUNITY_LEADER and actor.community_id:
        return community == actor.community_id
    if actor.role is Role.SUBDISTRICT_LEADER:
        if actor.community_ids is None:
            return community.is_null(False)
        return community.in_(sorted(actor.community_ids))
    return community.is_null()

"""Who reads a community's book of the earmarked funds, and who writes in it.

The rule stands beside its condition. It writes nothing.
"""

from peewee import Expression, Field

from forms_app.issues.access import Actor
from forms_app.issues.projects import LEADERS, may_see_projects, projects_seen
from forms_app.rules.steps import Role

FUND_ROLES = (*LEADERS, Role.SUPERVISOR)


def may_read_funds(actor: Actor, community_id: str) -> bool:
    """Who writes in it, and who oversees the community."""
    if actor.role is Role.SUPERVISOR:
        return actor.reaches(community_id)
    return may_see_projects(actor, community_id)


def funds_seen(actor: Actor, community: "Field[str]") -> Expression:
    """The same, as the condition on a column that holds a community's id."""
    if actor.role is Role.SUPERVISOR:
        if actor.community_ids is None:
            return community.is_null(False)
        return community.in_(sorted(actor.community_ids))
    return projects_seen(actor, community)

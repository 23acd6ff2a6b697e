"""Whether a place is one, and whether staff may enter there what they were told.

Workers and community leaders enter at home only, nobody for another sub-district.
"""

from forms_app.casework.errors import NotPossible
from forms_app.community import Circle
from forms_app.issues.access import COMMUNITY_ROLES, Actor
from forms_app.rules.said import said


def check_reach(circle: Circle, actor: Actor, community_id: str) -> None:
    """Raises NotPossible where staff would enter for a community that is not theirs."""
    # A collector may meet people of the next one, a street leader has all of the sub-district.
    if actor.role in COMMUNITY_ROLES and community_id != actor.community_id:
        home = circle.unit_name(actor.community_id)
        raise NotPossible("community_id", said("您只能登记%(home)s的问题。", home=home))
    if not actor.reaches(community_id):
        raise NotPossible("community_id", "这个社区属于别的街道，请反映人直接找那边的社区。")


def communities_of(circle: Circle, actor: Actor) -> dict[str, str]:
    """Where this actor may enter a report: community id → name."""
    return {
        community.id: community.name
        for community in circle.communities.values()
        if (actor.role not in COMMUNITY_ROLES or community.id == actor.community_id)
        and actor.reaches(community.id)
    }


def check_place(circle: Circle, community_id: str, estate_id: str = "") -> None:
    """Raises NotPossible unless the community is known and the estate, if any, lies in it."""
    if community_id not in circle.communities:
        raise NotPossible("community_id", "没有这个社区，请重新选择。")
    if not estate_id:
        return
    estate = circle.estates.get(estate_id)
    if estate is None:
        raise NotPossible("estate_id", "没有这个小区，请重新选择。")
    if estate.community_id != community_id:
        home = circle.communities[estate.community_id].name
        raise NotPossible(
            "estate_id",
            said("%(estate)s属于%(home)s，请改选社区或小区。", estate=estate.name, home=home),
        )

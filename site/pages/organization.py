"""The Party organisations from sub-district to building, the committee's part-time members, the
officers on zone duty and those who work for the circle alone.

It shows roles and telephone numbers, never the names of people.
"""

from msgspec import Struct

from forms_app.community import ORGANIZATION_KINDS, Circle, Organization
from pages.duties import officers_of
from pages.rendering import render


class Branch(Struct, frozen=True):
    organization: Organization
    kind: str
    below: tuple["Branch", ...]


def parts(circle: Circle) -> dict[str, str]:
    """The tree of organisations, the committee, and who is there for each community."""
    zones = [
        (community, officers_of(circle, community.id)) for community in circle.communities.values()
    ]
    committee = [(circle.departments[one.department_id], one) for one in circle.committee]
    dedicated = [
        (community, circle.dedicated_of(community.id)) for community in circle.communities.values()
    ]
    return {
        "organization": render("organization.html", {"branches": tree(circle)}),
        "committee": render("committee.html", {"committee": committee, "circle": circle}),
        "dedicated": render("dedicated.html", {"dedicated": dedicated}),
        "zones": render("zones.html", {"zones": zones}),
    }


def tree(circle: Circle) -> tuple[Branch, ...]:
    """The organisations below one another, from those without a parent down."""
    below: dict[str, list[Organization]] = {}
    for organization in circle.organizations.values():
        below.setdefault(organization.parent_id, []).append(organization)

    def branch(organization: Organization) -> Branch:
        return Branch(
            organization,
            ORGANIZATION_KINDS[organization.kind],
            tuple(branch(child) for child in below.get(organization.id, [])),
        )

    return tuple(branch(organization) for organization in below.get("", []))

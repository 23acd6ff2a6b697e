"""Who reads a book of the earmarked funds, and who writes in it: a community's or a sub-district's.

The rule stands beside its condition. It writes nothing.
"""

from peewee import Expression, Field

from forms_app.community import Circle
from forms_app.issues.access import SUBDISTRICT_ROLES, Actor
from forms_app.issues.projects import LEADERS, may_see_projects, projects_seen
from forms_app.rules.funds import street_book, street_of
from forms_app.rules.steps import Role

FUND_ROLES = (*LEADERS, Role.SUPERVISOR)


def books_of(circle: Circle) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every book's name and the communities whose matters it may pay for, by its id."""
    several = circle.has_several_subdistricts
    names = {
        street_book(one.id if one and several else ""): (
            one.name if one and several else circle.subdistrict,
            tuple(community.id for community in own),
        )
        for one, own in circle.by_subdistrict()
    }
    return names | {one.id: (one.name, (one.id,)) for one in circle.communities.values()}


def activities_of(circle: Circle, book_id: str) -> dict[str, str]:
    """The activities that a book may pay for, those of its own communities: "activity:choir" →
    what it is called.
    """
    homes = set(books_of(circle)[book_id][1])
    known = {f"activity:{key}": one.summary for key, one in circle.activities.items()}
    return {
        about: name
        for about, name in known.items()
        if homes.intersection(circle.rated_communities(about))
    }


def may_read_funds(actor: Actor, book_id: str) -> bool:
    """Who writes in it, and who oversees what it is of."""
    if actor.role is not Role.SUPERVISOR:
        return may_write_funds(actor, book_id)
    return _reaches(actor, book_id)


def may_write_funds(actor: Actor, book_id: str) -> bool:
    """The community's own leader, and those of the sub-district, whose own it may be."""
    if street_of(book_id) is None:
        return may_see_projects(actor, book_id)
    return actor.role is Role.SUBDISTRICT_LEADER and _reaches(actor, book_id)


def funds_seen(actor: Actor, book: "Field[str]") -> Expression:
    """Who reads, as the condition on a column that holds a book's id."""
    if actor.role not in SUBDISTRICT_ROLES:
        return projects_seen(actor, book)
    if actor.community_ids is None:
        return book.is_null(False)
    own = map(street_book, actor.peer_subdistrict_ids)
    return book.in_(sorted({*actor.community_ids, *own}))


def _reaches(actor: Actor, book_id: str) -> bool:
    street = street_of(book_id)
    if street is None:
        return actor.reaches(book_id)
    return actor.community_ids is None or street in actor.peer_subdistrict_ids

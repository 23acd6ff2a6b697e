"""What ended (its name says 停用) and stays for what is on record: residents are not shown it.

The office is told where its files still send them there. Pure.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from forms_app.community.circle import Circle
from forms_app.community.errors import DataHint
from forms_app.community.shapes import CLOSED, Category, Community, Department, Estate, Venue

SHOWN = 5  # of those that still refer to one that ended
CATEGORIES, COMMUNITIES, DEPARTMENTS, ESTATES, VENUES = (
    "问题种类", "社区", "单位", "小区", "场所",
)  # fmt: skip
_FILES = {
    CATEGORIES: "circle.yml", COMMUNITIES: "circle.yml", DEPARTMENTS: "departments.yml",
    VENUES: "venues.csv",
}  # fmt: skip
_REMEDIES = {
    CATEGORIES: "换成现在的种类",
    COMMUNITIES: "写上现在所属的社区",
    DEPARTMENTS: "换成接手的单位",
    VENUES: "换个地方，或者取消，居民才不会白跑",
}

N = TypeVar("N", Category, Community, Department, Estate, Venue)


class _Use(Struct, frozen=True):
    """Something that goes on refers to a thing of a kind."""

    kind: str
    key: str
    by: str  # in words


def in_use(circle: Circle) -> Circle:
    """The circle without what ended; but for what something that goes on still refers to."""
    needed = {(use.kind, use.key) for use in _uses(circle)}

    def kept(kind: str, known: Mapping[str, N]) -> dict[str, N]:
        return {
            key: one for key, one in known.items() if _goes_on(one.name) or (kind, key) in needed
        }

    communities = kept(COMMUNITIES, circle.communities)
    departments = kept(DEPARTMENTS, circle.departments)
    estates, venues = kept(ESTATES, circle.estates), kept(VENUES, circle.venues)
    return replace(
        circle,
        categories=kept(CATEGORIES, circle.categories),
        channels={key: name for key, name in circle.channels.items() if _goes_on(name)},
        communities=communities,
        departments=departments,
        estates=estates,
        venues=venues,
        entrances=tuple(one for one in circle.entrances if one.estate_id in estates),
        walks=tuple(
            one for one in circle.walks if one.estate_id in estates and one.venue_id in venues
        ),
        organizations={
            key: one
            for key, one in circle.organizations.items()
            if one.community_id in ("", *communities) and one.estate_id in ("", *estates)
        },
        zones=tuple(
            one
            for one in circle.zones
            if one.community_id in communities and one.department_id in departments
        ),
        committee=tuple(one for one in circle.committee if one.department_id in departments),
        dedicated=tuple(one for one in circle.dedicated if one.community_id in communities),
        roster=tuple(one for one in circle.roster if one.community_id in communities),
        announcements={
            key: one
            for key, one in circle.announcements.items()
            if one.community_id in ("", *communities)
        },
    )


def closed_hints(circle: Circle) -> tuple[DataHint, ...]:
    """What ended and is still referred to, by whom, and what to do."""
    users: dict[tuple[str, str], list[str]] = {}
    for use in _uses(circle):
        users.setdefault((use.kind, use.key), []).append(use.by)
    names = {
        CATEGORIES: {key: one.name for key, one in circle.categories.items()},
        COMMUNITIES: {key: one.name for key, one in circle.communities.items()},
        DEPARTMENTS: {key: one.name for key, one in circle.departments.items()},
        VENUES: {key: one.name for key, one in circle.venues.items()},
    }
    return tuple(
        DataHint(_FILES[kind], "", "", _told(names[kind][key], found), _REMEDIES[kind])
        for (kind, key), found in users.items()
        if not _goes_on(names[kind].get(key, ""))
    )


def _told(name: str, users: list[str]) -> str:
    rest = f"等{len(users)}处" if len(users) > SHOWN else ""
    return f"{name}还写在这些里面：{'、'.join(users[:SHOWN])}{rest}"


def _goes_on(name: str) -> bool:
    return CLOSED not in name


def _uses(circle: Circle) -> Iterator[_Use]:
    for activity in circle.activities.values():
        yield _Use(VENUES, activity.location_id, f"活动{activity.summary}")
    for service in circle.services.values():
        yield _Use(DEPARTMENTS, service.organization, f"服务{service.name}")
        for venue in service.venues:
            yield _Use(VENUES, venue, f"服务{service.name}")
        if service.problem:
            yield _Use(CATEGORIES, service.problem, f"服务{service.name}")
    for estate in circle.estates.values():
        if _goes_on(estate.name):
            yield _Use(COMMUNITIES, estate.community_id, f"小区{estate.name}")
    for place in circle.venues.values():
        if _goes_on(place.name):
            yield _Use(COMMUNITIES, place.community_id, f"场所{place.name}")
    for kind in circle.categories.values():
        if _goes_on(kind.name):
            yield _Use(DEPARTMENTS, kind.department, f"问题种类{kind.name}")
    for unit in circle.departments.values():
        if unit.backup and _goes_on(unit.name):
            yield _Use(DEPARTMENTS, unit.backup, f"{unit.name}的替补")

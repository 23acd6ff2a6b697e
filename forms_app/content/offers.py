"""What a field offers to choose from: what the file holds, and what people call it."""

from collections.abc import Mapping

from forms_app.community import Circle
from forms_app.content.inputs import Offer
from forms_app.content.kind import Names


def fixed(words: Mapping[str, str]) -> Offer:
    """Always the same."""
    return lambda _circle: words


def communities(circle: Circle) -> Mapping[str, str]:
    return {one.id: one.name for one in circle.communities.values()}


def subdistricts(circle: Circle) -> Mapping[str, str]:
    return {one.id: one.name for one in circle.subdistricts.values()}


def estates(circle: Circle) -> Mapping[str, str]:
    return {one.id: one.name for one in circle.estates.values()}


def venues(circle: Circle) -> Mapping[str, str]:
    return {one.id: one.name for one in circle.venues.values()}


def departments(circle: Circle) -> Mapping[str, str]:
    return {one.id: one.name for one in circle.departments.values()}


def organizations(circle: Circle) -> Mapping[str, str]:
    return {one.id: one.name for one in circle.organizations.values()}


def categories(circle: Circle) -> Mapping[str, str]:
    return {one.code: one.name for one in circle.categories.values()}


BY_KIND: Mapping[str, Offer] = {
    "communities": communities,
    "estates": estates,
    "venues": venues,
    "departments": departments,
    "organizations": organizations,
    "categories": categories,
}


def names_in(circle: Circle) -> Names:
    """What people call a kind's record: its key where the circle does not know it."""
    return lambda kind, key: BY_KIND[kind](circle).get(key, key)


def keys_only(_kind: str, key: str) -> str:
    """Where there is no circle."""
    return key

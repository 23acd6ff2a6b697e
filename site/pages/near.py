"""Near me: a page for each estate with what lies within ten minutes' walk, and their index.

How far things are comes from `radius`; the drawing is made in `sketch`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from msgspec import Struct

from forms_app.community import Activity, Circle, Estate, Service, Streets
from forms_app.radius.occurrences import Occurrence, Programme
from forms_app.radius.reach import BASES, BEYOND, Radius
from pages import english, feeds, sketch, stops
from pages.rendering import NEAR_SCRIPTS, page, render
from pages.series import by_activity

DAYS = 7
LONGEST_FOLD = 20

T = TypeVar("T")


def within_reach(
    radius: Radius, estate_id: str, occurrences: Iterable[Occurrence]
) -> tuple[Occurrence, ...]:
    """Those that the estate's people surely reach when they begin: its calendar to subscribe to.

    Cancelled ones too: whoever put them down must hear of it.
    """
    near = set(radius.candidates(estate_id))
    return tuple(
        o
        for o in occurrences
        if o.activity.location_id in near
        and radius.reach(estate_id, o.activity.location_id, o.begins).is_reached
    )


def files(
    radius: Radius, soon: tuple[Occurrence, ...], events: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Two calendars for each estate, by path; `events` as `feeds.feed` wants them."""
    loud = feeds.reminding(soon, events)
    made: dict[str, bytes] = {}
    for estate in radius.circle.estates.values():
        within = within_reach(radius, estate.id, soon)
        made |= feeds.both(feed_address(estate.id), f"{estate.name}附近", within, events, loud)
    return made


def feed_address(estate_id: str) -> str:
    """The path of an estate's feed."""
    return f"near/{estate_id}.ics"


def parts(circle: Circle) -> dict[str, str]:
    """The estates by community."""
    by_community = [
        (community, circle.estates_of(community.id)) for community in circle.communities.values()
    ]
    values = {"by_community": by_community, "promise": circle.promise_minutes}
    return {"near-index": render("near_index.html", values)}


class _Week(Struct, frozen=True):
    """What every estate's page looks through, put in order once."""

    first: date
    last: date
    occurrences: tuple[Occurrence, ...]
    by_venue: dict[str, list[Occurrence]]
    services_by_venue: dict[str, list[Service]]
    undated: tuple[tuple[int, tuple[Activity, ...]], ...]
    held: tuple[Occurrence, ...]


def pages(
    radius: Radius,
    coming: Programme,
    held: tuple[Occurrence, ...],
    today: date,
    streets: Callable[[str], Streets | None],
) -> dict[str, str]:
    """A page for each estate in either language, by path: the seven days from `today`, and what of
    `held` was near.
    """
    last = today + timedelta(days=DAYS - 1)
    occurrences = coming.between(today, last)
    week = _Week(
        today,
        last,
        occurrences,
        _by((o.activity.location_id, o) for o in occurrences),
        _by((v, service) for service in radius.circle.services.values() for v in service.venues),
        tuple((y, a) for y, a in coming.undated.items() if today.year <= y <= last.year),
        held,
    )
    made = {}
    for estate in radius.circle.estates.values():
        values = _values(radius, estate, week, streets(estate.id))
        made[f"near/{estate.id}.md"] = _page(radius, estate, values)
        minutes = radius.promise_minutes
        made[f"en/near/{estate.id}.md"] = english.near_page(values, estate.name, minutes)
    return made


def _by(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _values(
    radius: Radius, estate: Estate, week: _Week, streets: Streets | None
) -> dict[str, object]:
    circle = radius.circle
    entrances = circle.entrances_of(estate.id)
    places = stops.places(radius, estate.id)
    shown = [stop for stop in places if stop.reach.answer != BEYOND]
    activities = stops.activities(radius, estate.id, week.by_venue)
    services = stops.services(shown, week.services_by_venue)
    drawn = sketch.draw(radius, estate, shown, streets)
    beyond, beyond_count = _beyond(radius, estate, week, activities)
    near_services = {service.id for stop in services for service in stop.services}
    return {
        "estate": estate,
        "community": circle.communities[estate.community_id],
        "entrances": entrances,
        "by_activity": by_activity,
        "letters": sketch.letters(entrances),
        "first": week.first,
        "last": week.last,
        "activities": _grouped(activities),
        "beyond": beyond,
        "beyond_count": beyond_count,
        "held": within_reach(radius, estate.id, week.held),
        "undated": _undated(week, {stop.venue.id for stop in places}),
        "services": _grouped(services),
        "far_services": [
            s for s in circle.services.values() if s.venues and s.id not in near_services
        ],
        "services_at_home": [s for s in circle.services.values() if not s.venues],
        "places": list(enumerate(shown, 1)),
        "number_of": {
            stop.venue.id: number
            for number, stop in enumerate(shown, 1)
            if drawn is not None and number in drawn.numbers
        },
        "far_places": [stop for stop in places if stop.reach.answer == BEYOND],
        "nothing_walked": bool(shown) and not any(stop.reach.is_reached for stop in shown),
        "sketch": drawn,
        "streets": streets,
        "has_places": bool(circle.venues),
        "promise": radius.promise_minutes,
        "elder_kmh": circle.speed_kmh["elder"],
        "feed_address": feed_address(estate.id),
        "bases": BASES,
        "is_sample": circle.sample,
    }


def _page(radius: Radius, estate: Estate, values: Mapping[str, object]) -> str:
    return page(
        title=f"{estate.name}附近",
        description=f"从{estate.name}走{radius.promise_minutes}分钟能到的活动和服务，"
        "每一处写明要走几分钟、怎么知道的。",
        body=render("near_page.html", values),
        parents=[("near/", "附近")],
        wide=True,
        styles=["around.css"],
        scripts=NEAR_SCRIPTS,
    )


def _grouped(found: Sequence[stops.Stop]) -> dict[str, list[stops.Stop]]:
    return {
        "reached": [stop for stop in found if stop.reach.is_reached],
        "unwalked": [stop for stop in found if stop.reach.is_unwalked],
    }


def _beyond(
    radius: Radius, estate: Estate, week: _Week, shown: Sequence[stops.Stop]
) -> tuple[list[stops.Stop], int]:
    """The week's other activities, one an entry, and how many; too many are only counted."""
    near = {occurrence.key for stop in shown for occurrence in stop.occurrences}
    count = len(week.occurrences) - len(near)
    if count > LONGEST_FOLD:
        return [], count
    found = []
    for occurrence in week.occurrences:
        if occurrence.key in near:
            continue
        venue = radius.circle.venues[occurrence.activity.location_id]
        at = occurrence.begins
        reach = radius.reach(estate.id, venue.id, at)
        step_free = radius.reach(estate.id, venue.id, at, step_free=True)
        found.append(stops.Stop(venue, reach, step_free, [occurrence]))
    return found, count


def _undated(week: _Week, near: set[str]) -> list[tuple[int, list[Activity]]]:
    """The activities nearby that may be missing from the week, by the year not known yet."""
    found = (
        (year, [activity for activity in activities if activity.location_id in near])
        for year, activities in week.undated
    )
    return [(year, activities) for year, activities in found if activities]

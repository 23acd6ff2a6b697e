"""What an estate's people can walk to: activities and services by place, with the answer for each.

It knows neither pages nor drawings.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isnan

from msgspec import Struct, field

from forms_app.community import Service, Venue
from forms_app.radius.occurrences import Occurrence
from forms_app.radius.reach import BEYOND, Radius, Reach


class Stop(Struct, frozen=True):
    """A place, one answer for it, and what there is to go there for while that answer holds."""

    venue: Venue
    reach: Reach
    step_free: Reach  # the answer for those who cannot take a single step
    occurrences: list[Occurrence] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)


def nearest_first(stops: Iterable[Stop]) -> list[Stop]:
    """Those in reach before those that nobody walked, by minutes, then by what begins first."""
    return sorted(stops, key=_by_minutes)


def _by_minutes(stop: Stop) -> tuple[bool, bool, float, str]:
    minutes = stop.reach.minutes
    unknown = isnan(minutes)
    begins = min((occurrence.start.isoformat() for occurrence in stop.occurrences), default="")
    return not stop.reach.is_reached, unknown, 0.0 if unknown else minutes, begins


def places(radius: Radius, estate_id: str) -> list[Stop]:
    """Every place that may be near, as it is while all entrances are open; also those beyond."""
    return nearest_first(
        Stop(
            radius.circle.venues[venue_id],
            radius.reach(estate_id, venue_id),
            radius.reach(estate_id, venue_id, step_free=True),
        )
        for venue_id in radius.candidates(estate_id)
    )


def activities(
    radius: Radius, estate_id: str, by_venue: Mapping[str, Sequence[Occurrence]]
) -> list[Stop]:
    """The occurrences that are not beyond at their own time, by place and answer."""
    found: dict[tuple[str, Reach, Reach], Stop] = {}
    for venue_id in radius.candidates(estate_id):
        for occurrence in by_venue.get(venue_id, ()):
            at = occurrence.begins
            reach = radius.reach(estate_id, venue_id, at)
            if reach.answer == BEYOND:
                continue
            step_free = radius.reach(estate_id, venue_id, at, step_free=True)
            stop = found.setdefault(
                (venue_id, reach, step_free),
                Stop(radius.circle.venues[venue_id], reach, step_free),
            )
            stop.occurrences.append(occurrence)
    return nearest_first(found.values())


def services(near: Sequence[Stop], by_venue: Mapping[str, Sequence[Service]]) -> list[Stop]:
    """Each service once, at the first of these places that offers it; `near` is nearest first."""
    seen: set[str] = set()
    found = []
    for stop in near:
        new = [s for s in by_venue.get(stop.venue.id, ()) if s.id not in seen]
        if new and stop.reach.answer != BEYOND:
            seen.update(service.id for service in new)
            found.append(Stop(stop.venue, stop.reach, stop.step_free, services=new))
    return found

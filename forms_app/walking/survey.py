"""A circle's walks on a street map: every estate judged, its minutes and its sketch made.

It writes nothing. The figures are rounded against us: upwards.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from math import ceil, dist, isnan
from pathlib import Path

from forms_app.community import Circle, Entrance, Estate, Venue, Walk
from forms_app.walking.fitness import judge
from forms_app.walking.frame import Box, Frame, Place, Spot, box_around, frame_around
from forms_app.walking.map_file import read_map
from forms_app.walking.network import Network
from forms_app.walking.outcome import EstateOutcome, MapOutcome
from forms_app.walking.sketches import AROUND_M, geojson, lines_of
from forms_app.walking.streets import StreetMap
from forms_app.walking.streets_tied import FARTHEST_STREET_M, build

FARTHEST_MINUTES = 20.0


def survey(
    circle: Circle, map_file: Path, measured_on: date, credit: str, tell: Callable[[str], None]
) -> MapOutcome:
    """What the map says about every estate. Raises WalksRefused where it cannot be read."""
    placed = {
        estate.id: [e for e in circle.entrances_of(estate.id) if not isnan(e.latitude)]
        for estate in circle.estates.values()
    }
    boxes = {
        estate_id: _box(entrances, circle.speed_kmh["elder"])
        for estate_id, entrances in placed.items()
        if entrances
    }
    tell(f"正在读地图 {map_file}……")
    streets = read_map(map_file, list(boxes.values()), tell)
    tell(f"附近有 {len(streets.ways)} 条能走的街道和小路。")
    estates = []
    far_venues: dict[str, float] = {}
    near_venues: set[str] = set()
    for number, estate in enumerate(circle.estates.values(), 1):
        tell(f"第 {number}/{len(circle.estates)} 个小区：{estate.name}")
        if estate.id not in boxes:
            estates.append(EstateOutcome(estate, 0.0, ("没有一个出入口有坐标",)))
            continue
        near = _near(streets, boxes[estate.id])
        outcome, far, tied = _estate(circle, estate, placed[estate.id], near, measured_on, credit)
        estates.append(outcome)
        far_venues.update(far)
        near_venues |= tied
    return MapOutcome(
        tuple(estates),
        # From another estate's side a street may be near enough: the box ends somewhere.
        {name: away for name, away in far_venues.items() if name not in near_venues},
        _unplaced(circle),
    )


def _box(entrances: Sequence[Entrance], speed_kmh: float) -> Box:
    reach_m = FARTHEST_MINUTES * speed_kmh * 1000 / 60
    places = [_place(entrance) for entrance in entrances]
    return box_around(places, max(reach_m, AROUND_M) + FARTHEST_STREET_M)


def _place(thing: Entrance | Venue) -> Place:
    return thing.latitude, thing.longitude


def _near(streets: StreetMap, box: Box) -> StreetMap:
    ways = tuple(way for way in streets.ways if box_around(list(way.places), 0.0).touches(box))
    return StreetMap(ways, streets.closed, streets.stepped)


def _unplaced(circle: Circle) -> tuple[str, ...]:
    entrances = (
        f"{circle.estate_name(e.estate_id)}的{e.name}"
        for e in circle.entrances
        if isnan(e.latitude)
    )
    return (*entrances, *(v.name for v in circle.venues.values() if isnan(v.latitude)))


def _estate(
    circle: Circle,
    estate: Estate,
    entrances: Sequence[Entrance],
    streets: StreetMap,
    measured_on: date,
    credit: str,
) -> tuple[EstateOutcome, dict[str, float], set[str]]:
    """Its outcome, the venues in reach without a street nearby, and those that have one."""
    speed = circle.speed_kmh["elder"]
    frame = frame_around([_place(entrance) for entrance in entrances])
    starts = {entrance.name: frame.spot(_place(entrance)) for entrance in entrances}
    ends = _in_reach(circle.venues.values(), starts, frame, speed)
    network = build(streets, frame, starts, ends, speed)
    far_starts = {name: away for (side, name), away in network.far.items() if side == "start"}
    far = {name: away for (side, name), away in network.far.items() if side == "end"}
    fitness = judge(streets.ways, frame, starts, far_starts)
    if not fitness.is_fit:
        return EstateOutcome(estate, fitness.density, fitness.reasons), {}, set()
    walks = [walk for entrance in entrances for walk in walks_from(network, entrance, measured_on)]
    inside = {entrance.name: entrance.inside_minutes for entrance in entrances}
    lines = lines_of(network, starts, inside, circle.promise_minutes)
    sketch = geojson(lines, frame, estate.id, measured_on, credit)
    outcome = EstateOutcome(estate, fitness.density, (), tuple(walks), sketch)
    return outcome, far, set(ends) - set(far)


def _in_reach(
    venues: Iterable[Venue], starts: Mapping[str, Spot], frame: Frame, speed_kmh: float
) -> dict[str, Spot]:
    reach_m = FARTHEST_MINUTES * speed_kmh * 1000 / 60
    spots = {venue.id: frame.spot(_place(venue)) for venue in venues if not isnan(venue.latitude)}
    return {
        name: spot
        for name, spot in spots.items()
        if any(dist(spot, start) <= reach_m for start in starts.values())
    }


def walks_from(network: Network, entrance: Entrance, measured_on: date) -> list[Walk]:
    """From one entrance: the fastest way to each venue, and the fastest without steps where the
    fastest has some. In the order of the venues' ids."""
    fastest = network.routes(entrance.name, FARTHEST_MINUTES, step_free=False)
    level = network.routes(entrance.name, FARTHEST_MINUTES, step_free=True)
    walks = []
    for venue_id in sorted(fastest):
        routes = [fastest[venue_id]]
        if routes[0].stairs and venue_id in level:
            routes.append(level[venue_id])
        for route in routes:
            walks.append(
                Walk(
                    estate_id=entrance.estate_id,
                    entrance=entrance.name,
                    venue_id=venue_id,
                    minutes=rounded_up(route.minutes),
                    pace="elder",
                    stairs=min(route.stairs, 1000),
                    basis="network",
                    measured_on=measured_on,
                )
            )
    return walks


def rounded_up(minutes: float) -> float:
    """Tenths of a minute, never less than the walk takes, at least one."""
    return max(ceil(minutes * 10 - 1e-6), 1) / 10

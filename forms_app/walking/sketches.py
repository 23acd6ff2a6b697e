"""The streets around an estate as lines for the site's sketches: how far ten minutes go.

Written as GeoJSON (RFC 7946); forms_app.community.streets reads it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise

from msgspec import Struct
from shapely import LineString, MultiLineString, clip_by_rect, get_parts, line_merge

from forms_app.walking.frame import Frame, Spot
from forms_app.walking.network import Network, Stretch, Vertex

AROUND_M = 600.0
SMOOTH_M = 2.0  # a pixel on a sketch


class Line(Struct, frozen=True):
    """A part of a street, all of it within the time or all of it beyond."""

    kind: str
    name: str
    reached: bool
    spots: tuple[Spot, ...]


def lines_of(
    network: Network,
    entrances: Mapping[str, Spot],
    inside_minutes: Mapping[str, float],
    promise_minutes: float,
) -> list[Line]:
    """Every way near the entrances, cut at the exact points where the time is over. Only streets
    keep their names.

    `inside_minutes` is how long it takes to get to each entrance from the farthest building.
    """
    arrival = network.arrival_minutes(inside_minutes, promise_minutes)
    xs, ys = [x for x, _ in entrances.values()], [y for _, y in entrances.values()]
    sheet = (min(xs) - AROUND_M, min(ys) - AROUND_M, max(xs) + AROUND_M, max(ys) + AROUND_M)
    alike: dict[tuple[str, str, bool], list[LineString]] = {}
    for number, stretches in groupby(network.stretches, key=lambda stretch: stretch.way):
        way = network.ways[number]
        name = way.name if way.kind == "street" else ""
        pieces = (
            piece
            for stretch in stretches
            for piece in _pieces(stretch, arrival, promise_minutes, (way.forward, way.backward))
        )
        for reached, spots in _merged(pieces):
            alike.setdefault((way.kind, name, reached), []).append(LineString(spots))
    return [
        Line(kind, name, reached, tuple((float(x), float(y)) for x, y in part.coords))
        for (kind, name, reached), lines in alike.items()
        for part in _on_sheet(lines, sheet)
    ]


def _on_sheet(
    lines: Sequence[LineString], sheet: tuple[float, float, float, float]
) -> Iterator[LineString]:
    # A street is many ways on the map: those that look alike and meet are one line here.
    for line in get_parts(line_merge(MultiLineString(lines))):
        for part in get_parts(clip_by_rect(line.simplify(SMOOTH_M), *sheet)):
            if part.length >= SMOOTH_M:
                yield part


def _pieces(
    stretch: Stretch, arrival: Mapping[Vertex, float], promise: float, open_ways: tuple[bool, bool]
) -> Iterator[tuple[bool, Spot, Spot]]:
    """A stretch cut where the time ends, walked into from both of its ends."""
    forward, backward = open_ways
    total = stretch.minutes
    late = float("inf")
    from_start = promise - arrival.get(stretch.start, late) if forward else -late
    from_end = promise - arrival.get(stretch.end, late) if backward else -late
    head, tail = max(from_start, 0.0), max(from_end, 0.0)
    if not total or head + tail >= total:
        yield head + tail > 0 or total == 0, *stretch.spots
        return
    marks = [0.0, head / total, 1 - tail / total, 1.0]
    for (low, high), reached in zip(pairwise(marks), (True, False, True), strict=True):
        if high > low:
            yield reached, _share(stretch.spots, low), _share(stretch.spots, high)


def _share(spots: tuple[Spot, Spot], share: float) -> Spot:
    (x1, y1), (x2, y2) = spots
    if share >= 1:
        return spots[1]
    return x1 + share * (x2 - x1), y1 + share * (y2 - y1)


def _merged(pieces: Iterator[tuple[bool, Spot, Spot]]) -> Iterator[tuple[bool, list[Spot]]]:
    state, spots = False, list[Spot]()
    for reached, start, end in pieces:
        if spots and (reached != state or spots[-1] != start):
            yield state, spots
            spots = []
        if not spots:
            spots = [start]
        state = reached
        spots.append(end)
    if spots:
        yield state, spots


def geojson(lines: Sequence[Line], frame: Frame, estate_id: str, made_on: date, credit: str) -> str:
    """The file's text: a line a street, longitude before latitude; `credit` names the map."""
    features = []
    for line in lines:
        corners: list[list[float]] = []
        for spot in line.spots:
            latitude, longitude = frame.place(spot)
            corner = [round(longitude, 5), round(latitude, 5)]
            if corners[-1:] != [corner]:
                corners.append(corner)
        if len(corners) < 2:
            continue
        properties: dict[str, object] = {"kind": line.kind, "reached": line.reached}
        if line.name:
            properties["name"] = line.name
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "LineString", "coordinates": corners},
            }
        )
    head = {
        "type": "FeatureCollection",
        "estate_id": estate_id,
        "made_on": made_on.isoformat(),
        "source": credit,
        "features": [],
    }
    opening = _compact(head).removesuffix("]}")
    return opening + "\n" + ",\n".join(map(_compact, features)) + "\n]}\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

"""The sketch of an estate's ten minutes: streets, entrances and places as one static SVG.

Pure geometry over what `radius` answered. The streets themselves are drawn, never an area: an
area would promise what lies between them.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, cos, hypot, isnan, pi, sin

from markupsafe import Markup
from msgspec import Struct

from forms_app.community import Circle, Entrance, Estate, StreetLine, Streets
from forms_app.radius.reach import (
    METRES_PER_KM,
    MINUTES_PER_HOUR,
    TRUE_SHARE,
    Point,
    Radius,
    distance_m,
)
from pages.rendering import render
from pages.sketch_names import SIZE, Name, Names, short
from pages.stops import Stop

# Two units are one pixel on a phone 360 pixels wide, so that whole numbers are fine enough.
WIDTH = 656
TEXT = 30
FOOT = 64  # the strip below the map for scale and north
SCALE_M = 100
MARGIN_M = 30.0
STREET_NAMES = 3  # as many as say where one is
TALLEST = 1.3  # the sheet's height to its width

MARK = 24  # half a mark's side
APART = 54  # between the middles of two marks: a square's corner must not touch a circle
RINGS = range(0, 8)
DIRECTIONS = 16

LINES: dict[tuple[bool, str], str] = {
    (True, "street"): "走得到的街道",
    (True, "path"): "走得到的小路",
    (True, "steps"): "走得到的台阶",
    (False, "street"): "更远的街道",
    (False, "path"): "更远的小路",
    (False, "steps"): "更远的台阶",
}

Spot = tuple[int, int]


class Mark(Struct, frozen=True):
    """A letter or number at (x, y), moved there from its true `spot` where others stood."""

    label: str
    x: int
    y: int
    spot: Spot
    is_entrance: bool = False
    is_reached: bool = True

    @property
    def is_moved(self) -> bool:
        return (self.x, self.y) != self.spot


class Sketch(Struct, frozen=True):
    """`numbers` are the places that are on it, counted from 1 in the order they were given."""

    html: Markup
    numbers: frozenset[int]
    lines: tuple[tuple[str, str], ...]  # the classes of lines on it, and what they mean
    limit: str  # metres of the straight line that the dashed line keeps from the entrances
    has_reached: bool
    has_unwalked: bool
    has_moved: bool


def letters(entrances: Sequence[Entrance]) -> list[tuple[str, Entrance]]:
    """Each entrance with its letter on the sketch: A … Z, then 1A …"""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [
        (f"{place // 26 or ''}{alphabet[place % 26]}", entrance)
        for place, entrance in enumerate(entrances)
    ]


def draw(
    radius: Radius, estate: Estate, stops: Sequence[Stop], streets: Streets | None
) -> Sketch | None:
    """The estate's sketch; None where no entrance has coordinates."""
    gates = [
        (letter, entrance)
        for letter, entrance in letters(radius.circle.entrances_of(estate.id))
        if radius.circle.has_coordinates and not isnan(entrance.latitude)
    ]
    if not gates:
        return None
    limits = [_limit_m(radius, entrance) for _, entrance in gates]
    sheet = _sheet_around([entrance for _, entrance in gates], limits, radius.circle.coord_system)
    marks = _marks(gates, stops, sheet)
    by_class: dict[tuple[bool, str], list[StreetLine]] = {line: [] for line in LINES}
    for line in streets.lines if streets else ():
        by_class[line.reached, line.kind].append(line)
    paths = {line: path for line, found in by_class.items() if (path := _path(found, sheet))}
    values = {
        "estate": estate,
        "width": WIDTH,
        "height": sheet.height,
        "foot": FOOT,
        "text": TEXT,
        "half": MARK,
        "scale_m": SCALE_M,
        "scale": round(SCALE_M * sheet.per_m),
        "circles": [
            (*sheet.spot(entrance.latitude, entrance.longitude), round(limit_m * sheet.per_m))
            for (_, entrance), limit_m in zip(gates, limits, strict=True)
        ],
        # What is reached lies on top.
        "paths": [(_class(*line), path) for line, path in reversed(paths.items())],
        "marks": marks,
        "names": _names(radius.circle, estate, stops, streets, marks, sheet),
        "name_size": SIZE,
    }
    return Sketch(
        render("sketch.html", values),
        frozenset(int(mark.label) for mark in marks if not mark.is_entrance),
        tuple((_class(*line), LINES[line]) for line in paths),
        _between(round(min(limits)), round(max(limits))),
        any(mark.is_reached and not mark.is_entrance for mark in marks),
        any(not mark.is_reached for mark in marks),
        any(mark.is_moved for mark in marks),
    )


def _class(reached: bool, kind: str) -> str:
    return f"{'near' if reached else 'far'}-{kind}"


def _between(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}至{high}"


def _limit_m(radius: Radius, entrance: Entrance) -> float:
    """How far the straight line may be from here: beyond it no walk keeps the promise."""
    circle = radius.circle
    minutes = max(0.0, radius.promise_minutes - entrance.inside_minutes)
    metres = minutes * circle.speed_kmh["elder"] * METRES_PER_KM / MINUTES_PER_HOUR
    return metres / TRUE_SHARE.get(circle.coord_system, 1.0)


class _Sheet(Struct, frozen=True):
    """From degrees to whole units, y downwards. `per_m` is units to the metre."""

    north: float
    west: float
    along: float  # metres to the degree of latitude
    across: float  # metres to the degree of longitude
    per_m: float
    height: int

    def spot(self, latitude: float, longitude: float) -> Spot:
        return (
            round((longitude - self.west) * self.across * self.per_m),
            round((self.north - latitude) * self.along * self.per_m),
        )

    def holds(self, spot: Spot) -> bool:
        return 0 <= spot[0] <= WIDTH and 0 <= spot[1] <= self.height


def _sheet_around(
    entrances: Sequence[Entrance], limits_m: Sequence[float], coord_system: str
) -> _Sheet:
    middle = (entrances[0].latitude, entrances[0].longitude)
    degree = 0.01
    along = distance_m(
        Point(middle[0] - degree / 2, middle[1], coord_system),
        Point(middle[0] + degree / 2, middle[1], coord_system),
    )
    across = distance_m(
        Point(*middle, coord_system), Point(middle[0], middle[1] + degree, coord_system)
    )
    along, across = along / degree, across / degree
    rooms = [
        (e.latitude, e.longitude, (limit + MARGIN_M) / along, (limit + MARGIN_M) / across)
        for e, limit in zip(entrances, limits_m, strict=True)
    ]
    north = max(latitude + up for latitude, _, up, _ in rooms)
    south = min(latitude - up for latitude, _, up, _ in rooms)
    west = min(longitude - side for _, longitude, _, side in rooms)
    east = max(longitude + side for _, longitude, _, side in rooms)
    high_m, wide_m = (north - south) * along, (east - west) * across
    if high_m > wide_m * TALLEST:
        west -= (high_m / TALLEST - wide_m) / 2 / across
        wide_m = high_m / TALLEST
    per_m = WIDTH / wide_m
    return _Sheet(north, west, along, across, per_m, ceil(high_m * per_m))


def _marks(
    gates: Sequence[tuple[str, Entrance]], stops: Sequence[Stop], sheet: _Sheet
) -> list[Mark]:
    wanted = [
        Mark(letter, *spot, spot, is_entrance=True)
        for letter, entrance in gates
        for spot in [sheet.spot(entrance.latitude, entrance.longitude)]
    ]
    for number, stop in enumerate(stops, 1):
        if isnan(stop.venue.latitude):
            continue
        spot = sheet.spot(stop.venue.latitude, stop.venue.longitude)
        if sheet.holds(spot):
            wanted.append(Mark(str(number), *spot, spot, is_reached=stop.reach.is_reached))
    placed: list[Mark] = []
    for mark in wanted:
        for x, y in _places_near(mark.spot):
            if _is_free(x, y, placed, sheet):
                placed.append(Mark(mark.label, x, y, mark.spot, mark.is_entrance, mark.is_reached))
                break
    return placed


def _names(
    circle: Circle,
    estate: Estate,
    stops: Sequence[Stop],
    streets: Streets | None,
    marks: Sequence[Mark],
    sheet: _Sheet,
) -> list[Name]:
    """What stands beside the marks: one's own estate, the places, the longest streets."""
    names = Names((WIDTH, sheet.height), [(mark.x, mark.y) for mark in marks], MARK)
    gates = [mark for mark in marks if mark.is_entrance]
    middle = sum(mark.x for mark in gates) / len(gates), sum(mark.y for mark in gates) / len(gates)
    aside = ((0, 0), (0, 40), (0, -40), (-130, 0), (130, 0), (0, 80), (0, -80), (-150, 60))
    home = [(middle[0] + across, middle[1] + down) for across, down in aside]
    names.across(estate.name, home, "sketch-home")
    for mark in marks:
        if not mark.is_entrance:
            names.beside(short(stops[int(mark.label) - 1].venue, circle), mark.x, mark.y)
    by_length: dict[str, tuple[float, list[tuple[float, float]]]] = {}
    for line in streets.lines if streets else ():
        spots = [sheet.spot(*point) for point in line.points]
        for (x1, y1), (x2, y2) in pairwise(spots) if line.name else ():
            length = hypot(x2 - x1, y2 - y1)
            middles = by_length.setdefault(line.name, (0.0, []))[1]
            middles.append(((x1 + x2) / 2, (y1 + y2) / 2 - 22))
            by_length[line.name] = (by_length[line.name][0] + length, middles)
    longest = sorted(by_length.items(), key=lambda item: (-item[1][0], item[0]))
    for name, (_, middles) in longest[:STREET_NAMES]:
        names.across(name, middles, "sketch-street-name")
    return names.placed


def _places_near(spot: Spot) -> Iterable[Spot]:
    """The spot itself, then ever wider rings around it."""
    for ring in RINGS:
        for turn in range(DIRECTIONS if ring else 1):
            angle = 2 * pi * turn / DIRECTIONS
            away = ring * APART * 0.75
            yield round(spot[0] + away * sin(angle)), round(spot[1] - away * cos(angle))


def _is_free(x: int, y: int, placed: Sequence[Mark], sheet: _Sheet) -> bool:
    inside = MARK + 2 <= x <= WIDTH - MARK - 2 and MARK + 2 <= y <= sheet.height - MARK - 2
    return inside and all(hypot(x - mark.x, y - mark.y) >= APART for mark in placed)


def _path(lines: Iterable[StreetLine], sheet: _Sheet) -> str:
    """One path's data, every number relative to the one before: a city has thousands of them."""
    words: list[str] = []
    last = (0, 0)
    for line in lines:
        spots = [sheet.spot(*point) for point in line.points]
        if not _touches(spots, sheet):
            continue
        corners = spots[:1] + [b for a, b in pairwise(spots) if a != b]
        if len(corners) < 2:
            continue
        for place, (x, y) in enumerate(corners):
            step = f"{x - last[0]} {y - last[1]}".replace(" -", "-")
            words.append(f"m{step}" if not place else f"l{step}" if place == 1 else f" {step}")
            last = (x, y)
    return "".join(words).replace(" -", "-")


def _touches(spots: Sequence[Spot], sheet: _Sheet) -> bool:
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return max(xs) >= 0 and min(xs) <= WIDTH and max(ys) >= 0 and min(ys) <= sheet.height

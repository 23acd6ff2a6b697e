"""The ten-minute radius: which venue lies within ten minutes' walk of which estate, and how sure.

Pure. Three answers and never a guess: a walked time or a path on a fit map says yes or no, the
straight line can only say no, and whatever is left waits to be walked. It does not know what takes
place at a venue, nor who shows the answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from math import cos, hypot, isnan, nan, radians, sin, sqrt

from msgspec import Struct

from forms_app.community import Circle, Entrance, Venue, Walk

REACHED = "reached"
BEYOND = "beyond"
UNWALKED = "unwalked"

BOUNDS = "bounds"
SHUT = "shut"
STEPS = "steps"

BASES: dict[str, str] = {
    "walked": "实地走过",
    "network": "按街道图推算",
    BOUNDS: "只知道直线距离",
    SHUT: "那时出入口都关着",
    STEPS: "每个出入口都有台阶",
    "": "还没有人走过",
}

# The straight line is a lower bound only as far as the map is true to scale. By their published
# formulas, lengths in GCJ-02 come out up to 1 % too long and in BD-09 up to 3 %.
TRUE_SHARE: dict[str, float] = {"wgs84": 1.0, "gcj02": 0.99, "bd09": 0.97}

_EQUATOR_M = 6_378_137.0  # WGS 84
_ECCENTRICITY_2 = 0.00669437999014
# A degree of latitude is 110,574 m at the equator and longer everywhere else: a cell must never be
# smaller than it says.
_METRES_PER_DEGREE = 110_500.0

MINUTES_PER_HOUR = 60
METRES_PER_KM = 1000


class DatumError(ValueError):
    """Two points of different coordinate systems: their distance means nothing.

    GCJ-02 lies 591 m from WGS 84 in Ganzhou, more than the whole ten minutes.
    """

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"坐标系不同（{one}、{other}），不能计算距离；请把坐标换成同一种")


class Point(Struct, frozen=True):
    """Degrees in the circle's coordinate system, one of TRUE_SHARE; nan where nobody knows."""

    latitude: float
    longitude: float
    coord_system: str = "wgs84"

    @property
    def is_known(self) -> bool:
        has_degrees = not (isnan(self.latitude) or isnan(self.longitude))
        return has_degrees and self.coord_system in TRUE_SHARE


def distance_m(start: Point, end: Point) -> float:
    """Metres on the straight line, exact to the decimetre within some kilometres.

    Radii of curvature of the WGS 84 ellipsoid at the middle of the line. nan where a point is not
    known. Raises DatumError for points in different coordinate systems.
    """
    if start.coord_system != end.coord_system:
        raise DatumError(start.coord_system, end.coord_system)
    if not (start.is_known and end.is_known):
        return nan
    latitude = radians((start.latitude + end.latitude) / 2)
    squash = 1 - _ECCENTRICITY_2 * sin(latitude) ** 2
    across = _EQUATOR_M / sqrt(squash)
    along = across * (1 - _ECCENTRICITY_2) / squash
    return hypot(
        radians(end.latitude - start.latitude) * along,
        radians(end.longitude - start.longitude) * across * cos(latitude),
    )


def walk_minutes(start: Point, end: Point, speed_kmh: float = 3.0) -> float:
    """Lower bound of the minutes on foot: the straight line at an elder's pace.

    3.0 km/h is GB 50180-2018's 500 m in ten minutes. nan where a point is not known. Raises
    DatumError if the two points are not in the same coordinate system.
    """
    sure_m = distance_m(start, end) * TRUE_SHARE.get(start.coord_system, nan)
    return sure_m / METRES_PER_KM / speed_kmh * MINUTES_PER_HOUR


class Reach(Struct, frozen=True):
    """One answer: from an estate's farthest building, through one entrance, to a venue's door.

    `minutes` are known for `walked` and `network`; for `bounds` no walk can be shorter; nan where
    there is nothing to go by. `adult_minutes` are somebody's at 5.1 km/h, on `adult_basis`: shown,
    never counted.
    """

    answer: str  # REACHED, BEYOND or UNWALKED
    minutes: float = nan
    basis: str = ""  # BASES
    measured_on: date | None = None
    entrance: str = ""
    open_hours: str = ""  # the entrance's own
    stairs: int = 0
    adult_minutes: float = nan
    adult_basis: str = ""
    adult_measured_on: date | None = None

    @property
    def is_reached(self) -> bool:
        return self.answer == REACHED

    @property
    def is_unwalked(self) -> bool:
        return self.answer == UNWALKED


def is_open(entrance: Entrance, at: time) -> bool:
    """Whether somebody may pass at this time of the day; a gate is shut at its closing minute."""
    if not entrance.open_hours:
        return True
    minute = at.hour * 60 + at.minute
    return any(start <= minute < end for start, end in open_spans(entrance.open_hours))


def open_spans(open_hours: str) -> Iterator[tuple[int, int]]:
    """From when until when a gate is open, in minutes of the day; none of one that never shuts."""
    for span in filter(None, open_hours.split(",")):
        start, end = (
            int(hours) * 60 + int(minutes)
            for hours, minutes in (clock.split(":") for clock in span.strip().split("-"))
        )
        yield start, end


class Radius:
    """Every estate's answers, from the walks and places of one circle.

    Work for a pair is done once and only for venues near enough to matter, so that it grows with
    the circle and not with its square.
    """

    def __init__(self, circle: Circle) -> None:
        self.circle = circle
        self.promise_minutes = circle.promise_minutes
        self._elder_kmh = circle.speed_kmh["elder"]
        self._adult_kmh = circle.speed_kmh["adult"]
        self._entrances: dict[str, list[Entrance]] = {estate: [] for estate in circle.estates}
        for entrance in circle.entrances:
            self._entrances[entrance.estate_id].append(entrance)
        self._walks: dict[tuple[str, str, str], list[Walk]] = {}
        self._walked_to: dict[str, dict[str, None]] = {}
        for walk in circle.walks:
            self._walks.setdefault((walk.estate_id, walk.entrance, walk.venue_id), []).append(walk)
            self._walked_to.setdefault(walk.estate_id, {})[walk.venue_id] = None
        self._places = {venue.id: self.point(venue) for venue in circle.venues.values()}
        self._cells = _cells(self._places)
        self._open_at: dict[tuple[str, time | None], frozenset[str]] = {}
        self._reaches: dict[tuple[str, str, frozenset[str], bool], Reach] = {}

    def reach(
        self, estate_id: str, venue_id: str, at: time | None = None, *, step_free: bool = False
    ) -> Reach:
        """The answer for a walk that is made when entrances are as they are `at` this time.

        None takes every entrance as open. `step_free` asks for a way without a single step:
        only entrances and walks that say so can give a yes. Unknown ids raise KeyError.
        """
        open_now = self._open_now(estate_id, at)
        key = (estate_id, venue_id, open_now, step_free)
        found = self._reaches.get(key)
        if found is None:
            ways = self.ways(estate_id, venue_id, at, step_free=step_free)
            found = min(ways, key=by_hope) if ways else self._no_way(estate_id, open_now)
            self._reaches[key] = found
        return found

    def ways(
        self, estate_id: str, venue_id: str, at: time | None = None, *, step_free: bool = False
    ) -> tuple[Reach, ...]:
        """What `reach` chooses from: an answer for each entrance that can be passed then."""
        open_now = self._open_now(estate_id, at)
        return tuple(
            self._way(entrance, venue_id, step_free)
            for entrance in self._entrances[estate_id]
            if entrance.name in open_now and (entrance.step_free or not step_free)
        )

    def _open_now(self, estate_id: str, at: time | None) -> frozenset[str]:
        found = self._open_at.get((estate_id, at))
        if found is None:
            entrances = self._entrances[estate_id]
            found = frozenset(e.name for e in entrances if at is None or is_open(e, at))
            self._open_at[estate_id, at] = found
        return found

    def candidates(self, estate_id: str) -> tuple[str, ...]:
        """The venues that may be within the promise, in the file's order: all others are beyond."""
        entrances = self._entrances[estate_id]
        near = dict(self._walked_to.get(estate_id, {}))
        points = [self.point(entrance) for entrance in entrances]
        if not points or not all(point.is_known for point in points):
            return tuple(self._places)
        for point in points:
            near.update(dict.fromkeys(self._near(point)))
        return tuple(venue_id for venue_id in self._places if venue_id in near)

    def _near(self, point: Point) -> Iterator[str]:
        reach_m = self._elder_kmh * METRES_PER_KM / MINUTES_PER_HOUR * self.promise_minutes
        reach_m /= TRUE_SHARE[point.coord_system]
        yield from self._cells.get(None, ())
        high = int(reach_m // _CELL_M) + 1
        wide = int(reach_m // (_CELL_M * cos(radians(point.latitude)))) + 2
        row, column = _cell(point)
        for up in range(-high, high + 1):
            for side in range(-wide, wide + 1):
                yield from self._cells.get((row + up, column + side), ())

    def point(self, place: Entrance | Venue) -> Point:
        """Where it is, in the circle's coordinate system."""
        return Point(place.latitude, place.longitude, self.circle.coord_system)

    def _no_way(self, estate_id: str, open_now: frozenset[str]) -> Reach:
        if open_now:
            return Reach(BEYOND, basis=STEPS)
        return Reach(BEYOND, basis=SHUT) if self._entrances[estate_id] else Reach(UNWALKED)

    def _way(self, entrance: Entrance, venue_id: str, step_free: bool) -> Reach:
        if step_free:
            # A way without steps is a way: it cannot be short enough where none is.
            any_way = self._way(entrance, venue_id, False)
            if any_way.answer == BEYOND:
                return any_way
        walks = self._walks.get((entrance.estate_id, entrance.name, venue_id), ())
        walked = _quickest(walks, "elder", "walked", step_free)
        network = _quickest(walks, "elder", "network", step_free)
        known = walked or network
        if known:
            minutes = known.minutes + entrance.inside_minutes
            beyond = minutes > self.promise_minutes
        else:
            bound = walk_minutes(self.point(entrance), self._places[venue_id], self._elder_kmh)
            minutes = bound + entrance.inside_minutes
            beyond = minutes > self.promise_minutes  # never so where nothing is known: nan
        slower = self._elder_kmh / self._adult_kmh
        adult = _quickest(walks, "adult", "walked", step_free)
        if adult:
            adult_minutes = adult.minutes + entrance.inside_minutes * slower
        else:
            adult_minutes = (network.minutes + entrance.inside_minutes) * slower if network else nan
        return Reach(
            BEYOND if beyond else REACHED if known else UNWALKED,
            minutes,
            known.basis if known else "" if isnan(minutes) else BOUNDS,
            known.measured_on if known else None,
            entrance.name,
            entrance.open_hours,
            known.stairs if known else 0,
            adult_minutes,
            "walked" if adult else "network" if network else "",
            adult.measured_on if adult else network.measured_on if network else None,
        )


_CELL_M = 500.0
_CELL_DEGREES = _CELL_M / _METRES_PER_DEGREE

_Cells = Mapping[tuple[int, int] | None, Sequence[str]]


def _cell(point: Point) -> tuple[int, int]:
    return int(point.latitude // _CELL_DEGREES), int(point.longitude // _CELL_DEGREES)


def _cells(places: Mapping[str, Point]) -> _Cells:
    cells: dict[tuple[int, int] | None, list[str]] = {}
    for venue_id, point in places.items():
        cells.setdefault(_cell(point) if point.is_known else None, []).append(venue_id)
    return cells


def _quickest(walks: Iterable[Walk], pace: str, basis: str, step_free: bool) -> Walk | None:
    """The shortest of the last day's walks; ways with and without steps have days of their own."""
    own = [w for w in walks if w.pace == pace and w.basis == basis and not (step_free and w.stairs)]
    last: dict[bool, date] = {}
    for walk in own:
        last[walk.stairs > 0] = max(walk.measured_on, last.get(walk.stairs > 0, date.min))
    newest = [walk for walk in own if walk.measured_on == last[walk.stairs > 0]]
    return min(newest, key=lambda walk: walk.minutes, default=None)


_HOPE = {REACHED: 0, UNWALKED: 1, BEYOND: 2}


def by_hope(reach: Reach) -> tuple[int, bool, float]:
    """What to sort answers by: what is sure and quick first."""
    return _HOPE[reach.answer], isnan(reach.minutes), reach.minutes

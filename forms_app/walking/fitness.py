"""Whether a map shows enough streets around an estate to be believed."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from shapely import LineString, Point, STRtree, union_all

from forms_app.walking.frame import Frame, Spot
from forms_app.walking.streets import Way
from forms_app.walking.streets_tied import FARTHEST_STREET_M

AROUND_M = 500.0

# Where volunteers have drawn every lane, there are 15 km of walkable street and more to the
# square kilometre; GB 50220 asks for about 7 km of roads for vehicles alone. Below this, lanes
# and paths are missing, and the detours that a computer finds are not real.
LEAST_KM_PER_KM2 = 8.0


class Fitness(Struct, frozen=True):
    """Kilometres of walkable street to the square kilometre, and what speaks against the map."""

    density: float
    reasons: tuple[str, ...]  # in Chinese, with the figures; nothing where the map is fit

    @property
    def is_fit(self) -> bool:
        """Whether minutes may be computed here."""
        return not self.reasons


def judge(
    ways: Sequence[Way], frame: Frame, entrances: Mapping[str, Spot], far: Mapping[str, float]
) -> Fitness:
    """The map around an estate's entrances; `far` are the places without a street nearby."""
    around = union_all([Point(spot).buffer(AROUND_M, quad_segs=64) for spot in entrances.values()])
    lines = [LineString([frame.spot(place) for place in way.places]) for way in ways]
    near = STRtree(lines).query(around, predicate="intersects") if lines else ()
    street_m = sum(
        lines[number].intersection(around).length * (0.5 if ways[number].is_carriageway else 1.0)
        for number in near
    )
    density = (street_m / 1000) / (around.area / 1_000_000)
    if not street_m:
        return Fitness(0.0, (f"地图上周围 {AROUND_M:g} 米内没有一条能走的街道，它不在这张地图里",))
    reasons = []
    if density < LEAST_KM_PER_KM2:
        reasons.append(
            f"周围 {AROUND_M:g} 米内每平方公里只画了 {density:.1f} 公里能走的街道，"
            f"少于 {LEAST_KM_PER_KM2:g} 公里，很多路没有画上"
        )
    for name, away_m in far.items():
        if name in entrances:
            reasons.append(f"「{name}」{distance_words(away_m)}，超过 {FARTHEST_STREET_M:g} 米")
    return Fitness(density, tuple(reasons))


def distance_words(away_m: float) -> str:
    """How far the nearest street is; a place may have none at all."""
    if away_m == float("inf"):
        return "附近没有能走的街道"
    return f"离最近的街道 {away_m:.0f} 米"

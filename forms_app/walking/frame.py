"""A flat piece of the earth, a few kilometres wide, on which metres can be counted.

Pure: latitude and longitude (WGS84, degrees) to metres east and north of a middle point.
"""

from math import cos, radians, sin, sqrt
from typing import TypeAlias

from msgspec import Struct

Place: TypeAlias = tuple[float, float]  # latitude, longitude in degrees
Spot: TypeAlias = tuple[float, float]  # metres east, metres north

SEMI_MAJOR_M = 6_378_137.0
ECCENTRICITY_SQUARED = 0.00669437999014


class Box(Struct, frozen=True):
    """Degrees; south below north, west left of east."""

    south: float
    west: float
    north: float
    east: float

    def touches(self, other: "Box") -> bool:
        """Whether the two have a point in common."""
        return (
            self.south <= other.north
            and other.south <= self.north
            and self.west <= other.east
            and other.west <= self.east
        )


class Frame(Struct, frozen=True):
    """Metres around a middle point.

    The ellipsoid's two radii of curvature there are used for the whole piece. Two kilometres
    away a metre to the east is 0.02 % wrong at China's latitudes, far below a map's own errors.
    """

    latitude: float
    longitude: float

    @property
    def metres_per_degree(self) -> tuple[float, float]:
        """How long a degree of longitude and one of latitude are here."""
        angle = radians(self.latitude)
        bend = 1 - ECCENTRICITY_SQUARED * sin(angle) ** 2
        east = SEMI_MAJOR_M / sqrt(bend) * cos(angle)
        north = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / bend**1.5
        return radians(east), radians(north)

    def spot(self, place: Place) -> Spot:
        """A place in metres."""
        east, north = self.metres_per_degree
        return (place[1] - self.longitude) * east, (place[0] - self.latitude) * north

    def place(self, spot: Spot) -> Place:
        """The way back."""
        east, north = self.metres_per_degree
        return self.latitude + spot[1] / north, self.longitude + spot[0] / east


def frame_around(places: list[Place]) -> Frame:
    """The frame in the middle of some places, at least one."""
    latitudes, longitudes = [place[0] for place in places], [place[1] for place in places]
    return Frame(
        (min(latitudes) + max(latitudes)) / 2,
        (min(longitudes) + max(longitudes)) / 2,
    )


def box_around(places: list[Place], margin_m: float) -> Box:
    """The box that holds some places and everything up to so many metres from them."""
    east, north = frame_around(places).metres_per_degree
    latitudes, longitudes = [place[0] for place in places], [place[1] for place in places]
    return Box(
        min(latitudes) - margin_m / north,
        min(longitudes) - margin_m / east,
        max(latitudes) + margin_m / north,
        max(longitudes) + margin_m / east,
    )

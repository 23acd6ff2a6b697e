"""Where people live and meet: estates, their entrances, venues, and walks between them on foot."""

from collections.abc import Mapping, Sequence
from math import isnan, nan

from forms_app.community.doors import read_door
from forms_app.community.rows import Row, keyed, named, refuse_repeats
from forms_app.community.shapes import (
    PACES,
    WALK_BASES,
    Community,
    Entrance,
    Estate,
    Venue,
    Walk,
)
from forms_app.community.sources import Folder
from forms_app.community.values import (
    DAY,
    OPEN_HOURS,
    TEXT,
    YES_NO,
    choice,
    known,
    number,
    whole,
)

ESTATE_COLUMNS = ("id", "community_id", "name", "households", "households_60plus")
ENTRANCE_COLUMNS = (
    "estate_id", "name", "latitude", "longitude", "open_hours", "step_free", "inside_minutes",
)  # fmt: skip
VENUE_COLUMNS = (
    "id", "community_id", "name", "latitude", "longitude", "address", "accessibility",
)  # fmt: skip
DOOR_COLUMNS = ("door", "door_alt")
WALK_COLUMNS = (
    "estate_id", "entrance", "venue_id", "minutes", "pace", "stairs", "basis", "measured_on",
)  # fmt: skip
# China with a margin: the two ranges do not overlap, so a swapped pair shows.
LATITUDES = (3, 54)
LONGITUDES = (73, 136)
DEGREES = number(-180, 180)


def _is_within(value: float, limits: tuple[int, int]) -> bool:
    return limits[0] <= value <= limits[1]


def _point(row: Row, coord_system: str) -> tuple[float, float]:
    """Latitude and longitude; both nan where there are none to be had."""
    pair = ("latitude", "longitude")
    empty = [key for key in pair if key in row.cells and not row.is_filled(key)]
    if len(empty) == 1:
        row.refuse(empty[0], "经纬度只填了一个", "两个都填")
        return nan, nan
    if empty and coord_system in ("none", ""):
        return nan, nan
    latitude, longitude = row.get("latitude", DEGREES), row.get("longitude", DEGREES)
    if isnan(latitude) or isnan(longitude):
        return nan, nan
    if _is_within(latitude, LONGITUDES) and _is_within(longitude, LATITUDES):
        row.refuse(
            "latitude",
            f"经纬度写反了（纬度{latitude:g}、经度{longitude:g}）",
            f"latitude填{longitude:g}，longitude填{latitude:g}",
        )
    else:
        for key, value, limits in (
            ("latitude", latitude, LATITUDES),
            ("longitude", longitude, LONGITUDES),
        ):
            if not _is_within(value, limits):
                row.refuse(
                    key, f"「{value:g}」不在中国范围内", f"{key}应在{limits[0]}到{limits[1]}之间"
                )
    return latitude, longitude


def read_estates(folder: Folder, communities: Mapping[str, Community]) -> dict[str, Estate]:
    """Estates by id."""

    def make(row: Row, name: str) -> Estate:
        before = len(row.errors)
        estate = Estate(
            name,
            row.get("community_id", known(communities, "社区")),
            named(row),
            row.get("households", whole(0, 100_000)),
            row.get("households_60plus", whole(0, 100_000)),
        )
        if estate.households_60plus > estate.households and len(row.errors) == before:
            row.refuse(
                "households_60plus",
                f"有60岁以上老人的户数{estate.households_60plus}多于总户数{estate.households}",
                "核对这两格",
            )
        return estate

    return keyed(folder.rows("estates.csv", ESTATE_COLUMNS), make)


def read_entrances(
    folder: Folder, estates: Mapping[str, Estate], coord_system: str
) -> tuple[Entrance, ...]:
    """Every entrance of every estate."""
    rows = folder.rows("entrances.csv", ENTRANCE_COLUMNS)
    refuse_repeats(rows, ("estate_id", "name"))
    entrances = []
    for row in rows:
        latitude, longitude = _point(row, coord_system)
        entrances.append(
            Entrance(
                estate_id=row.get("estate_id", known(estates, "小区")),
                name=named(row),
                latitude=latitude,
                longitude=longitude,
                open_hours=row.maybe("open_hours", OPEN_HOURS, ""),
                step_free=row.get("step_free", YES_NO),
                inside_minutes=row.get("inside_minutes", number(0, 60)),
            )
        )
    return tuple(entrances)


def read_venues(
    folder: Folder, communities: Mapping[str, Community], coord_system: str
) -> dict[str, Venue]:
    """Venues by id."""

    def make(row: Row, name: str) -> Venue:
        latitude, longitude = _point(row, coord_system)
        return Venue(
            id=name,
            community_id=row.get("community_id", known(communities, "社区")),
            name=named(row),
            latitude=latitude,
            longitude=longitude,
            address=row.get("address", TEXT),
            accessibility=row.maybe("accessibility", TEXT, ""),
            door=read_door(row, folder),
        )

    return keyed(folder.rows("venues.csv", VENUE_COLUMNS, DOOR_COLUMNS), make)


def read_walks(
    folder: Folder,
    estates: Mapping[str, Estate],
    entrances: Sequence[Entrance],
    venues: Mapping[str, Venue],
) -> tuple[Walk, ...]:
    """Measured minutes from an entrance to a venue."""
    rows = folder.rows("walks.csv", WALK_COLUMNS)
    # With stairs: the short way over steps and the way around them are measured on one day.
    refuse_repeats(
        rows, ("estate_id", "entrance", "venue_id", "pace", "stairs", "basis", "measured_on")
    )
    names: dict[str, list[str]] = {}
    for entrance in entrances:
        names.setdefault(entrance.estate_id, []).append(entrance.name)
    has_entrances = not names.keys().isdisjoint(estates)  # else that file could not be read
    for row in rows:
        estate_id = row.plain("estate_id")
        if has_entrances and estate_id in estates and estate_id not in names:
            row.refuse(
                "estate_id", f"小区「{estate_id}」还没有入口", "先在 entrances.csv 里写上它的入口"
            )
    return tuple(
        Walk(
            estate_id=row.get("estate_id", known(estates, "小区")),
            entrance=row.get("entrance", known(names.get(row.plain("estate_id"), ()), "入口")),
            venue_id=row.get("venue_id", known(venues, "场所")),
            minutes=row.get("minutes", number(0.1, 180)),
            pace=row.get("pace", choice(PACES)),
            stairs=row.get("stairs", whole(0, 1000)),
            basis=row.get("basis", choice(WALK_BASES)),
            measured_on=row.get("measured_on", DAY),
        )
        for row in rows
    )

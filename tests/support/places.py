"""Small circles made by hand: estates, gates, rooms, walks and activities, in metres.

Everything lies around one corner; `north` and `east` are metres from it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import cos, radians

from forms_app.community import (
    Activity,
    Circle,
    Community,
    Entrance,
    Estate,
    Service,
    Venue,
    Walk,
)
from forms_app.radius.occurrences import Occurrence
from forms_app.rules.worktime import CHINA, Clocks

CORNER = (25.83, 114.9)
FIRST = date(2026, 11, 23)
METRES_TO_THE_NORTH = 110_780.0  # one degree at the corner
METRES_TO_THE_EAST = 111_400.0 * cos(radians(CORNER[0]))


def degrees(north: float, east: float) -> tuple[float, float]:
    return CORNER[0] + north / METRES_TO_THE_NORTH, CORNER[1] + east / METRES_TO_THE_EAST


def estate(
    name: str = "guiyuan", households: int = 100, elders: int = 30, community: str = "jingui"
) -> Estate:
    return Estate(name, community, f"{name}小区", households, elders)


def gate(
    estate_id: str = "guiyuan",
    name: str = "大门",
    *,
    north: float = 0,
    east: float = 0,
    open_hours: str = "",
    step_free: bool = True,
    inside: float = 0,
) -> Entrance:
    return Entrance(estate_id, name, *degrees(north, east), open_hours, step_free, inside)


def room(
    name: str = "hall", *, north: float = 0, east: float = 0, community: str = "jingui"
) -> Venue:
    return Venue(name, community, f"{name}活动室", *degrees(north, east), "示例路1号", "")


def walk(
    estate_id: str = "guiyuan",
    venue_id: str = "hall",
    minutes: float = 5,
    *,
    entrance: str = "大门",
    pace: str = "elder",
    stairs: int = 0,
    basis: str = "walked",
    on: date = date(2026, 10, 12),
) -> Walk:
    return Walk(estate_id, entrance, venue_id, minutes, pace, stairs, basis, on)


def service(*venue_ids: str) -> Service:
    return Service("meals", "助餐", "environment", "", "", venue_ids, "", "", (), "", "")


def circle(
    estates: Sequence[Estate],
    entrances: Sequence[Entrance],
    venues: Sequence[Venue],
    walks: Sequence[Walk] = (),
    *,
    coord_system: str = "wgs84",
    services: Sequence[Service] = (),
    activities: Sequence[Activity] = (),
    elder_kmh: float = 3.0,
) -> Circle:
    ids = dict.fromkeys(
        [*(e.community_id for e in estates), *(v.community_id for v in venues), "jingui"]
    )
    return Circle(
        name="示例圈",
        subdistrict="示例街道",
        sample=True,
        communities={c: Community(c, f"{c}社区", "", "") for c in ids},
        categories={},
        channels={"web": "网上"},
        departments={},
        zones=(),
        organizations={},
        estates={e.id: e for e in estates},
        entrances=tuple(entrances),
        venues={v.id: v for v in venues},
        walks=tuple(walks),
        services={s.id: s for s in services},
        activities={a.uid: a for a in activities},
        school_terms=(),
        coord_system=coord_system,
        promise_minutes=10,
        speed_kmh={"elder": elder_kmh, "adult": 5.1},
        clocks=Clocks(),
    )


def activity(
    venue_id: str = "hall",
    *,
    kind: str = "arts",
    status: str = "CONFIRMED",
    day: date = FIRST,
    hour: int = 9,
    minute: int = 0,
    uid: str = "",
) -> Activity:
    start = datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)
    name = uid or f"{venue_id}_{kind}_{start:%m%d%H%M}_{status.lower()}"
    return Activity(
        uid=name,
        summary=name,
        category=kind,
        location_id=venue_id,
        dtstart=start,
        duration=timedelta(hours=1),
        rrule="",
        rule="",
        exdate=(),
        rdate=(),
        audience="",
        capacity=None,
        status=status,
        description="",
    )


def held(*activities: Activity) -> list[Occurrence]:
    return [Occurrence(a, a.dtstart, f"{a.dtstart:%Y-%m-%d}-{a.uid}", a.status) for a in activities]

"""What volunteers measured, cell by cell: names and numbers as people write them, into walks.

Pure: it knows the circle and one row of values, not where they were typed.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeAlias, TypeVar

from msgspec import Struct

from forms_app.community import PACES, Circle, Walk
from forms_app.community.values import DAY, Unreadable, nearest

T = TypeVar("T")

# What a spreadsheet keeps in a cell.
Value: TypeAlias = str | int | float | datetime | date | time | timedelta | bool | None

COLUMNS: dict[str, tuple[str, ...]] = {
    "estate": ("小区", "小区名称", "小区编号", "estate_id", "estate"),
    "entrance": ("出入口", "入口", "大门", "entrance"),
    "venue": ("场所", "场所名称", "场所编号", "地点", "venue_id", "venue"),
    "minutes": ("分钟", "分钟数", "用时", "时间", "minutes"),
    "stairs": ("台阶", "台阶数", "stairs"),
    "pace": ("步速", "pace"),
    "date": ("日期", "测量日期", "measured_on", "date"),
}
REQUIRED = ("estate", "entrance", "venue", "minutes", "stairs")

_PACES = {
    "elder": ("elder", PACES["elder"], "长者", "老人", "慢走"),
    "adult": ("adult", PACES["adult"], "成人", "大人", "快走"),
}
OLDEST_YEARS = 10
LONGEST_MINUTES = 180
MOST_STAIRS = 1000
FIRST_EXCEL_DAY = date(1899, 12, 30)


class Faulty(Struct, frozen=True):
    """A cell that cannot be used: its column in Chinese, what is wrong and what to write."""

    column: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return "，".join(part for part in (self.column, self.problem) if part) + f"；{self.remedy}"


def text_of(value: Value) -> str:
    """What stands in a cell, in half-width characters without spaces around it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


def walk_of(
    circle: Circle, cells: Mapping[str, Value], today: date, default_date: date | None
) -> Walk | list[Faulty]:
    """The walk in a row, by the keys of COLUMNS; or everything that is wrong with it."""
    faults: list[Faulty] = []

    def read(column: str, reading: T | Unreadable) -> T | None:
        if isinstance(reading, Unreadable):
            faults.append(Faulty(COLUMNS[column][0], reading.problem, reading.remedy))
            return None
        return reading

    estates = {estate.id: estate.name for estate in circle.estates.values()}
    estate_id = read("estate", _named(text_of(cells.get("estate")), estates, "小区"))
    gates = {e.name: e.name for e in circle.entrances if estate_id in (None, e.estate_id)}
    entrance = read("entrance", _named(text_of(cells.get("entrance")), gates, "出入口"))
    venues = {venue.id: venue.name for venue in circle.venues.values()}
    venue_id = read("venue", _named(text_of(cells.get("venue")), venues, "场所"))
    minutes = read("minutes", minutes_of(cells.get("minutes")))
    stairs = read("stairs", _stairs(text_of(cells.get("stairs"))))
    pace = read("pace", _pace(text_of(cells.get("pace"))))
    day = read("date", day_of(cells.get("date"), today, default_date))
    if (
        estate_id is None
        or entrance is None
        or venue_id is None
        or minutes is None
        or stairs is None
        or pace is None
        or day is None
    ):
        return faults
    return Walk(estate_id, entrance, venue_id, minutes, pace, stairs, "walked", day)


def _named(text: str, names: Mapping[str, str], noun: str) -> str | Unreadable:
    """The id that is written as itself or as its name."""
    if not text:
        return Unreadable("没有填", f"写{noun}的名称或编号")
    if text in names:
        return text
    wanted = _bare(text)
    found = [key for key, name in names.items() if _bare(name) == wanted or _bare(key) == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        return Unreadable(f"有{len(found)}个{noun}都叫「{text}」", f"写编号：{'、'.join(found)}")
    return Unreadable(f"没有{noun}「{text}」", nearest(text, set(names.values())))


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def minutes_of(value: Value) -> float | Unreadable:
    """Minutes from 7.5, "7分半", "7'30" or "7:30"; also where a spreadsheet took that for a time
    of the day."""
    if isinstance(value, bool):
        return Unreadable(f"「{value}」不是分钟数", "写成「7.5」")
    if isinstance(value, datetime | date):
        return Unreadable("这一格被表格软件改成了日期", "把格式改成「常规」，再写成「7.5」")
    if isinstance(value, time):
        # 7:30 is seven minutes and a half on a stopwatch.
        return _in_bounds(value.hour + value.minute / 60, f"{value.hour}:{value.minute:02}")
    if isinstance(value, timedelta):
        hours = value.total_seconds() / 3600
        return _in_bounds(hours, f"{hours:g}")
    text = "".join(text_of(value).split())
    if not text:
        return Unreadable("没有填", "写走了几分钟，例如「7.5」")
    plain = re.fullmatch(r"([0-9]{1,4}(?:\.[0-9]{1,6})?)(?:分钟|分|min|['′’‘])?", text)
    if plain:
        return _in_bounds(float(plain[1]), text)
    half = re.fullmatch(r"([0-9]{1,4})(?:分钟|分|个)半(?:钟)?", text)
    if half:
        return _in_bounds(int(half[1]) + 0.5, text)
    clock = re.fullmatch(
        r"([0-9]{1,4})(?:分钟|分|min|['′’‘:])([0-5]?[0-9])(?:秒钟|秒|s|[\"″”“]|''|′′|’’)?", text
    )
    if clock:
        return _in_bounds(int(clock[1]) + int(clock[2]) / 60, text)
    return Unreadable(f"「{text}」不是分钟数", "写成「7.5」或「7分30秒」")


def _in_bounds(minutes: float, text: str) -> float | Unreadable:
    if not 0.1 <= minutes <= LONGEST_MINUTES:
        return Unreadable(f"「{text}」超出范围", f"写0.1到{LONGEST_MINUTES}之间的分钟数")
    return round(minutes, 2)


def _stairs(text: str) -> int | Unreadable:
    # An empty cell is no zero: the page would promise a wheelchair a way without steps.
    number = re.fullmatch(r"([0-9]{1,6})(?:级|步)?", text)
    if not text:
        return Unreadable("没有填", "写路上一共几级台阶，没有台阶写「0」")
    if text in ("无", "没有"):
        return 0
    if not number:
        return Unreadable(f"「{text}」不是台阶数", "写整数，没有台阶写「0」")
    if int(number[1]) > MOST_STAIRS:
        return Unreadable(f"「{text}」超出范围", f"写0到{MOST_STAIRS}之间的整数")
    return int(number[1])


def _pace(text: str) -> str | Unreadable:
    if not text:
        return "elder"
    for pace, words in _PACES.items():
        if text.lower() in words:
            return pace
    return Unreadable(f"没有步速「{text}」", f"写「{PACES['elder']}」或「{PACES['adult']}」")


def day_of(value: Value, today: date, default: date | None) -> date | Unreadable:
    """The day of the measurement, from a date, Excel's number for one, or text."""
    if isinstance(value, bool | time | timedelta):
        return Unreadable("这一格不是日期", "写成「2026-10-12」的样子")
    if isinstance(value, datetime):
        return _believable(value.date(), today)
    if isinstance(value, date):
        return _believable(value, today)
    text = text_of(value)
    if not text:
        if default is not None:
            return default
        return Unreadable("没有填", "写测量日期，或者在命令后面加「--on 2026-10-12」")
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
        return _believable(FIRST_EXCEL_DAY + timedelta(days=int(float(text))), today)
    dashed = re.sub(r"[年月./]", "-", text).removesuffix("日").partition(" ")[0]
    if re.fullmatch(r"[0-9]{8}", dashed):
        dashed = f"{dashed[:4]}-{dashed[4:6]}-{dashed[6:]}"
    try:
        return _believable(DAY.read(dashed), today)
    except Unreadable as unreadable:
        return unreadable


def _believable(day: date, today: date) -> date | Unreadable:
    if day > today:
        return Unreadable(f"{day}还没有到", "核对年月日")
    if (today - day).days > OLDEST_YEARS * 366:
        return Unreadable(f"{day}过去{OLDEST_YEARS}年以上了", "核对年份，太旧的请重新走一遍")
    return day


def way_of(walk: Walk) -> tuple[object, ...]:
    """What two walks must not both say with different minutes."""
    return (
        walk.estate_id,
        walk.entrance,
        walk.venue_id,
        walk.pace,
        walk.stairs,
        walk.basis,
        walk.measured_on,
    )


def minutes_by_way(walks: Sequence[Walk]) -> dict[tuple[object, ...], float]:
    """The minutes that are known already."""
    return {way_of(walk): walk.minutes for walk in walks}


def described(circle: Circle, walk: Walk) -> str:
    """A walk in words."""
    return (
        f"{circle.estate_name(walk.estate_id)}{walk.entrance} → "
        f"{circle.venues[walk.venue_id].name}，{walk.minutes:g} 分钟，{PACES[walk.pace]}，"
        f"台阶 {walk.stairs} 级，{walk.measured_on}"
    )

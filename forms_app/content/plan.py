"""When an activity takes place, as people think of it, and as its file writes it down.

What people cannot say here (`每年`, `一共八次`) stays as it was written: KEPT.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from msgspec import Struct

from forms_app.community.values import DURATION, Unreadable, moment
from forms_app.content.listing import Value

WEEKLY: Final = "weekly"
FORTNIGHTLY: Final = "fortnightly"
MONTHLY: Final = "monthly"
SCHOOL_DAYS: Final = "school_days"
WORKDAYS: Final = "workdays"
ONCE: Final = "once"
KEPT: Final = "kept"
HOW: Mapping[str, str] = {
    WEEKLY: "每周",
    FORTNIGHTLY: "隔一周",
    MONTHLY: "每月一次，同样是第几个星期几",
    SCHOOL_DAYS: "每个上学日",
    WORKDAYS: "每个工作日",
    ONCE: "只办一次，或者一连几天",
}
WEEKDAYS: Mapping[str, str] = {
    "MO": "一", "TU": "二", "WE": "三", "TH": "四", "FR": "五", "SA": "六", "SU": "日",
}  # fmt: skip
DAYS = tuple(WEEKDAYS)
FIELDS = ("dtstart", "duration", "rrule", "rule")


class Plan(Struct, frozen=True):
    """`length` is of one time; of whole days it is a number of them. `rrule` is KEPT's."""

    how: str
    starts_on: date
    begins: time | None  # None: all day
    length: timedelta
    weekdays: tuple[str, ...] = ()
    ends_on: date | None = None
    rrule: str = ""

    @property
    def is_all_day(self) -> bool:
        return self.begins is None


def plan_of(values: Mapping[str, Value]) -> Plan | None:
    """What a record says; None where its dates cannot be read."""
    start, duration = str(values.get("dtstart", "")), str(values.get("duration", ""))
    is_all_day = bool(re.fullmatch(r"[0-9/-]+", start))
    try:
        first = moment(time()).read(start) if is_all_day else moment().read(start)
        length = DURATION.read(duration)
    except Unreadable:
        return None
    rrule, rule = str(values.get("rrule", "")), str(values.get("rule", ""))
    begins = None if is_all_day else first.time().replace(tzinfo=None)
    day = first.date()
    if rule:
        return Plan(rule, day, begins, length)
    if not rrule:
        last = day + length - timedelta(days=1) if is_all_day and length.days > 1 else None
        return Plan(ONCE, day, begins, length, ends_on=last)
    return _recurring(rrule, day, begins, length)


def fields_of(plan: Plan) -> dict[str, str]:
    """The same as a file writes it; the first day is the first on or after `starts_on`."""
    first, rrule, rule = plan.starts_on, "", ""
    if plan.how in (SCHOOL_DAYS, WORKDAYS):
        rule = plan.how
    elif plan.how == KEPT:
        rrule = plan.rrule
    elif plan.how == MONTHLY:
        rrule = f"FREQ=MONTHLY;BYDAY={_place(first)}{DAYS[first.weekday()]}"
    elif plan.how != ONCE:
        days = [one for one in DAYS if one in plan.weekdays]
        while days and DAYS[first.weekday()] not in days:
            first += timedelta(days=1)
        between = "INTERVAL=2;" if plan.how == FORTNIGHTLY else ""
        rrule = f"FREQ=WEEKLY;{between}BYDAY={','.join(days)}"
    if plan.ends_on and plan.how in (WEEKLY, FORTNIGHTLY, MONTHLY):
        rrule += f";UNTIL={plan.ends_on:%Y%m%d}"
    length = plan.length
    if plan.is_all_day and plan.how == ONCE and plan.ends_on:
        length = plan.ends_on - first + timedelta(days=1)
    return {
        "dtstart": f"{first}" if plan.begins is None else f"{first} {plan.begins:%H:%M}",
        "duration": f"P{length.days}D" if plan.is_all_day else _clock(length),
        "rrule": rrule,
        "rule": rule,
    }


def _clock(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours}:{minutes:02}" if hours < 100 else f"PT{hours}H{minutes}M"


def _place(day: date) -> int:
    """Which such weekday of its month: 1 to 4, or -1 for the last where there is a fifth."""
    place = (day.day - 1) // 7 + 1
    return place if place < 5 else -1


def _recurring(rrule: str, day: date, begins: time | None, length: timedelta) -> Plan:
    parts = dict(part.partition("=")[::2] for part in rrule.split(";"))
    until = _until(parts.pop("UNTIL", ""))
    frequency, interval = parts.pop("FREQ", ""), parts.pop("INTERVAL", "1")
    days = tuple(
        parts.pop("BYDAY", DAYS[day.weekday()] if frequency == "WEEKLY" else "").split(",")
    )
    kept = Plan(KEPT, day, begins, length, rrule=rrule)
    if parts:
        return kept
    if frequency == "WEEKLY" and interval in ("1", "2") and set(days) <= set(DAYS):
        how = WEEKLY if interval == "1" else FORTNIGHTLY
        return Plan(how, day, begins, length, days, until)
    if (
        frequency == "MONTHLY"
        and interval == "1"
        and days == (f"{_place(day)}{DAYS[day.weekday()]}",)
    ):
        return Plan(MONTHLY, day, begins, length, ends_on=until)
    return kept


def _until(text: str) -> date | None:
    if not text:
        return None
    try:
        if len(text) == 8:
            return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 (a day, no moment)
        ends_at = datetime.strptime(text, "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 (UTC, made local here)
    except ValueError:
        return None
    return (ends_at + timedelta(hours=8)).date()

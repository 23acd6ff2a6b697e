"""Working days and minutes of duty counted slowly, from a second source: the holidays beside come
from elsewhere than the library that the clocks use.
"""

import json
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from forms_app.rules.worktime import (
    ANNOUNCED,
    CHINA,
    Clocks,
    DutyHours,
)
from tests.support.running import ROOT

YEARS = (2024, 2025, 2026)
UNKNOWN_YEAR = max(ANNOUNCED) + 1  # moves on when the library learns of another notice

ROUND_THE_CLOCK = Clocks()
OFFICE = Clocks(
    duty=DutyHours(((8 * 60 + 30, 12 * 60), (14 * 60 + 30, 17 * 60 + 30)), workdays_only=True),
    counts_working_days=True,
)
WORKING_DAYS = Clocks(counts_working_days=True)


ZONES: tuple[tzinfo, ...] = (
    UTC,
    CHINA,
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
    timezone(timedelta(hours=-9, minutes=-30)),
    timezone(timedelta(hours=14)),
)


def read_holidays() -> dict[date, bool]:
    """Whether the listed days are off; a day that is not listed is an ordinary one."""
    files = [ROOT / "tests" / "support" / "holidays" / f"{year}.json" for year in YEARS]
    days = [day for file in files for day in json.loads(file.read_text(encoding="utf-8"))]
    return {date.fromisoformat(day["date"]): day["isOffDay"] for day in days}


HOLIDAYS = read_holidays()


def is_workday(day: date) -> bool:
    """By the second source."""
    if day in HOLIDAYS:
        return not HOLIDAYS[day]
    return day.weekday() < 5


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def close_of(clocks: Clocks, day: str) -> datetime:
    midnight = china(day)
    return midnight + timedelta(minutes=clocks.duty.spans[-1][1])


def last_day_of(due: datetime) -> date:
    """The day that a deadline closes: at 24:00 it is the day before."""
    return (due.astimezone(CHINA) - timedelta(minutes=1)).date()


def is_on_duty(clocks: Clocks, minute: datetime) -> bool:
    """Whether the minute that begins now is a minute of duty."""
    local = minute.astimezone(CHINA)
    of_day = local.hour * 60 + local.minute
    return any(begin <= of_day < end for begin, end in clocks.duty.spans) and (
        not clocks.duty.workdays_only or is_workday(local.date())
    )


def duty_minutes(clocks: Clocks, start: datetime, end: datetime) -> int:
    """Counted one by one; both moments are on a whole minute."""
    minutes = int((end - start) / timedelta(minutes=1))
    first = start.astimezone(UTC)
    return sum(is_on_duty(clocks, first + timedelta(minutes=n)) for n in range(minutes))

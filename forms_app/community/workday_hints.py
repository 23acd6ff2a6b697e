"""A year whose days off nobody has entered, told before anything needs them. Pure."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from forms_app.community import Circle, DataHint
from forms_app.rules.worktime import CHINA, CalendarUnknown, Clocks, day_deadline

EARLIER = timedelta(days=60)  # the State Council announces a year's days off in November


class Missing(NamedTuple):
    """A year without its days off, and the day from which on a clock needs them."""

    year: int
    since: date


def missing_workdays(clocks: Clocks, today: date) -> Missing | None:
    """The first year that is missing within EARLIER of being needed."""
    # Nearly always nothing is missing, and the last day alone says so.
    if _unknown_on(clocks, today + EARLIER) is None:
        return None
    days = (today + timedelta(days=number) for number in range(EARLIER.days + 1))
    found = ((_unknown_on(clocks, day), day) for day in days)
    return next((Missing(year, day) for year, day in found if year is not None), None)


def _unknown_on(clocks: Clocks, day: date) -> int | None:
    """The year that a clock needs on this day and nobody has entered."""
    longest = max(clocks.urgency_days.values())
    try:
        day_deadline(clocks, datetime.combine(day, time(12), CHINA), longest)
        if clocks.duty.workdays_only:
            clocks.calendar.is_workday(day)
    except CalendarUnknown as unknown:
        return unknown.year
    return None


def workday_hints(circle: Circle, today: date) -> tuple[DataHint, ...]:
    """What check-data says of it."""
    missing = missing_workdays(circle.clocks, today)
    if missing is None:
        return ()
    year, since = missing
    when = "现在就" if since <= today else f"从{since.month}月{since.day}日起"
    return (
        DataHint(
            f"workdays/{year}.yml",
            "",
            "",
            f"{year}年哪天放假、哪天补班还没有录入，{when}有的期限算不出来、定不了级",
            "国务院办公厅的放假通知公布后，升级程序就有；不升级的，照workdays里的README.md建这个文件",
        ),
    )

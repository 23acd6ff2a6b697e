"""A moment as a neighbour says it: the part of a day, with the day that it falls on.

`明天上午` while it is near, `12月3日（周四）上午` later and wherever it is read again. A deadline
at night is the morning's, when somebody reads it; midnight is the evening's that ends.
"""

from datetime import date, datetime, time, timedelta

from forms_app.rules.said import said
from forms_app.rules.worktime import (
    CHINA,
    MONTHS,
    CalendarUnknown,
    Clocks,
    deadline_words,
    last_day,
    local_day,
    opinion_due,
)

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_NOON, _EVENING = time(12), time(18)
_PARTS = ("%(day)s上午", "%(day)s下午", "%(day)s晚上")
_NEAR = (
    ("今天上午", "今天下午", "今天晚上"),
    ("明天上午", "明天下午", "明天晚上"),
    ("后天上午", "后天下午", "后天晚上"),
)


def part_of_day(moment: datetime, now: datetime) -> str:
    """The part of a day that a deadline falls in, seen from now: `今天下午`, `明天上午`."""
    days = (last_day(moment) - local_day(now)).days
    if 0 <= days < len(_NEAR):
        return said(_NEAR[days][_part(moment)])
    return part_of_date(moment, now)


def part_of_date(moment: datetime, now: datetime) -> str:
    """The same with its date, to be read on any day: `11月29日（周日）晚上`.

    In another year than that of `now` it says which.
    """
    return said(_PARTS[_part(moment)], day=date_of(last_day(moment), now))


def date_of(day: date, now: datetime) -> str:
    """A day to be read on any other: `12月3日（周四）`, with its year where that is not now's."""
    words = said(
        "%(month)s%(day)s日（%(weekday)s）",
        month=said(MONTHS[day.month - 1]),
        day=day.day,
        weekday=said(WEEKDAYS[day.weekday()]),
    )
    if day.year != now.astimezone(CHINA).year:
        words = said("%(year)s年%(rest)s", year=day.year, rest=words)
    return words


def weekday_deadline(deadline: datetime, now: datetime | None = None) -> str:
    """A deadline with its weekday, `11月29日（周日）24:00`; in another year than that of `now`, and
    only then, with its year.
    """
    day, at = last_day(deadline), deadline.astimezone(CHINA)
    words = said("%(month)s%(day)s日", month=said(MONTHS[day.month - 1]), day=day.day)
    if now is not None and day.year != now.astimezone(CHINA).year:
        words = said("%(year)s年%(rest)s", year=day.year, rest=words)
    return said(
        "%(day)s（%(weekday)s）%(clock)s",
        day=words,
        weekday=said(WEEKDAYS[day.weekday()]),
        clock="24:00" if at.time() == time() else f"{at:%H:%M}",
    )


def to_the_minute(moment: datetime, now: datetime) -> str:
    """A moment that counts to the minute: `今天14:36`, `明天24:00`, else with its date."""
    days = (last_day(moment) - local_day(now)).days
    clock = f"{moment.astimezone(CHINA):%H:%M}"
    if clock == "00:00":  # midnight belongs to the day that ends
        clock = "24:00"
    if days == 0:
        return said("今天%(clock)s", clock=clock)
    if days == 1:
        return said("明天%(clock)s", clock=clock)
    return deadline_words(moment, now)


def first_answer_when(clocks: Clocks, now: datetime) -> str:
    """By when whoever reports something now is answered: `10分钟内`, `明天08:40前` off duty.

    Where the days off of a year that counts are unknown: `一上班`.
    """
    try:
        due = opinion_due(clocks, now)
    except CalendarUnknown:
        return said("一上班")
    if due - now <= timedelta(minutes=clocks.opinion_minutes):
        return said("%(minutes)s分钟内", minutes=clocks.opinion_minutes)
    return said("%(moment)s前", moment=to_the_minute(due, now))


def _part(moment: datetime) -> int:
    at = (moment - timedelta(microseconds=1)).astimezone(CHINA).time()
    return (at >= _NOON) + (at >= _EVENING)

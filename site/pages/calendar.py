"""The calendar of activities: a page for each month shown and for each occurrence.

Days come expanded from `occurrences`; calendar files are made in `feeds`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from forms_app.occurrences import Occurrence, Programme
from forms_app.records import ACTIVITY_CATEGORIES, Activity, Circle
from forms_app.worktime import WorkCalendar
from pages import words
from pages.rendering import page, render

MONTHS_SHOWN = 3
DAYS_AHEAD = 60


@dataclass(frozen=True)
class Day:
    """One square of a month's table; `is_outside` where the week reaches into another month."""

    date: date
    is_outside: bool
    is_today: bool
    mark: str  # 休, 班 or nothing
    occurrences: tuple[Occurrence, ...]


def window(today: date) -> tuple[date, date]:
    """The first and last day that have pages: whole months, and never less than 60 days ahead."""
    first = today.replace(day=1)
    return first, max(_next_month(first, MONTHS_SHOWN) - timedelta(days=1), _ahead(today))


def _ahead(today: date) -> date:
    return today + timedelta(days=DAYS_AHEAD)


def _next_month(first: date, months: int = 1) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def months(today: date) -> list[date]:
    """The first day of each month shown."""
    return [_next_month(today.replace(day=1), ahead) for ahead in range(MONTHS_SHOWN)]


def month_address(first: date) -> str:
    return f"calendar/{first:%Y-%m}/"


def parts(circle: Circle, coming: Programme, today: date) -> dict[str, str]:
    """This month, with the ways to the next ones and to the calendars to subscribe to."""
    return {"calendar-index": _month_html(circle, coming, today, today.replace(day=1))}


def pages(circle: Circle, coming: Programme, today: date) -> dict[str, str]:
    """A page for each month shown and for each occurrence, by path."""
    made = {}
    for first in months(today):
        title = f"{words.month(first)}活动日历"
        body = render(
            "month_page.html",
            {
                "title": title,
                "month_html": _month_html(circle, coming, today, first, is_own_page=True),
            },
        )
        made[f"calendar/{first:%Y-%m}.md"] = page(
            title, f"{title}：每天有什么活动，几点开始，在哪里。", body, _PARENTS, wide=True
        )
    later = _later_by_series(coming.occurrences)
    for occurrence in coming.occurrences:
        made[f"calendar/{occurrence.key}.md"] = _occurrence_page(
            circle, occurrence, later[occurrence.key]
        )
    return made


_PARENTS = [("calendar/", "活动日历")]


def _month_html(
    circle: Circle, coming: Programme, today: date, first: date, is_own_page: bool = False
) -> Markup:
    shown = months(today)
    here = shown.index(first)
    last = _next_month(first) - timedelta(days=1)
    in_month = coming.between(first, last)
    values = {
        "first": first,
        "is_own_page": is_own_page,
        "weeks": weeks(first, in_month, today, circle.clocks.calendar),
        "weekdays": words.WEEKDAYS,
        "coming_days": by_day(o for o in in_month if o.day >= today),
        "past_days": by_day(o for o in in_month if o.day < today),
        "today": today,
        "before": (shown[here - 1], month_address(shown[here - 1])) if here else None,
        "after": (
            (shown[here + 1], month_address(shown[here + 1])) if here + 1 < len(shown) else None
        ),
        "undated": _undated(coming, first.year),
        "year": first.year,
        "venues": circle.venues,
        "communities": circle.communities,
    }
    return render("month.html", values)


def _undated(coming: Programme, year: int) -> tuple[Activity, ...]:
    return coming.undated.get(year, ())


def by_day(occurrences: Iterable[Occurrence]) -> list[tuple[date, list[Occurrence]]]:
    """The occurrences day by day, without the days that have none."""
    days: dict[date, list[Occurrence]] = {}
    for occurrence in occurrences:
        days.setdefault(occurrence.day, []).append(occurrence)
    return sorted(days.items())


def weeks(
    first: date, occurrences: Iterable[Occurrence], today: date, calendar: WorkCalendar
) -> list[list[Day]]:
    """A month's weeks, Monday first, filled up with the days around it."""
    found = dict(by_day(occurrences))
    day = first - timedelta(days=first.weekday())
    end = _next_month(first)
    made = []
    while day < end:
        week = []
        for _ in words.WEEKDAYS:
            is_outside = not first <= day < end
            week.append(
                Day(
                    day,
                    is_outside,
                    day == today,
                    "" if is_outside else _mark(day, calendar),
                    tuple(found.get(day, ())),
                )
            )
            day += timedelta(days=1)
        made.append(week)
    return made


def _mark(day: date, calendar: WorkCalendar) -> str:
    if not calendar.knows(day.year):
        return ""
    is_weekend = day.weekday() >= 5
    if calendar.is_workday(day) == is_weekend:
        return "班" if is_weekend else "休"
    return ""


def _later_by_series(occurrences: tuple[Occurrence, ...]) -> dict[str, tuple[Occurrence, ...]]:
    """For each occurrence the next few of the same activity."""
    series: dict[str, list[Occurrence]] = {}
    for occurrence in occurrences:
        series.setdefault(occurrence.activity.uid, []).append(occurrence)
    return {
        occurrence.key: tuple(same[place + 1 : place + 6])
        for same in series.values()
        for place, occurrence in enumerate(same)
    }


def _occurrence_page(circle: Circle, occurrence: Occurrence, later: tuple[Occurrence, ...]) -> str:
    activity = occurrence.activity
    venue = circle.venues[activity.location_id]
    values = {
        "occurrence": occurrence,
        "activity": activity,
        "venue": venue,
        "community": circle.communities[venue.community_id],
        "category": ACTIVITY_CATEGORIES[activity.category],
        "later": later,
        "is_sample": circle.sample,
    }
    when = words.day(occurrence.day)
    state = "（已取消）" if occurrence.is_cancelled else ""
    month = occurrence.day.replace(day=1)
    return page(
        title=f"{activity.summary} {when}{state}",
        description=f"{words.day_with_year(occurrence.day)}"
        f"{words.span(occurrence.start, occurrence.end)}，{venue.name}{state}",
        body=render("occurrence_page.html", values),
        parents=[*_PARENTS, (month_address(month), words.month(month))],
    )

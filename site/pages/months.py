"""A month's calendar: a table on wide screens and on paper, its weeks on phones.

What belongs to it is decided by a Choice; it does not know how days are expanded.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from markupsafe import Markup
from msgspec import Struct

from forms_app.community import Activity, Circle
from forms_app.radius.occurrences import (
    Occurrence,
    Programme,
    months_shown,
)
from forms_app.rules.months import next_month
from forms_app.rules.worktime import WorkCalendar
from pages import words
from pages.choices import Choice, choices, links
from pages.rendering import NEAR_SCRIPTS, file_of, page, render
from pages.weeks import Week, by_day, week_address, weeks_of

# With more in a square, a month would neither fit on its page of paper nor be read.
SQUARE_ENTRIES = 4


class Day(Struct, frozen=True):
    """One square of a month's table; `is_outside` where the week reaches into another month."""

    date: date
    is_outside: bool
    is_today: bool
    mark: str  # 休, 班 or nothing
    occurrences: tuple[Occurrence, ...]
    more: int = 0  # how many there are beside these

    @property
    def week_address(self) -> str:
        return week_address(self.date)


def squares(
    first: date, occurrences: Iterable[Occurrence], today: date, calendar: WorkCalendar
) -> list[list[Day]]:
    """A month's weeks, Monday first, filled up with the days around it."""
    found = dict(by_day(occurrences))
    day = first - timedelta(days=first.weekday())
    end = next_month(first)
    made = []
    while day < end:
        week = []
        for _ in words.WEEKDAYS:
            is_outside = not first <= day < end
            of_day = found.get(day, [])
            week.append(
                Day(
                    day,
                    is_outside,
                    day == today,
                    "" if is_outside else _mark(day, calendar),
                    tuple(of_day[:SQUARE_ENTRIES]),
                    max(0, len(of_day) - SQUARE_ENTRIES),
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


def month_html(
    circle: Circle,
    coming: Programme,
    today: date,
    first: date,
    choice: Choice,
    is_own_page: bool = False,
) -> Markup:
    """The table, the lists for phones and the ways to other months and choices."""
    shown = months_shown(today)
    here = shown.index(first)
    last = next_month(first) - timedelta(days=1)
    in_month = coming.between(first, last)
    chosen = choice.narrowed(circle, in_month)
    weeks = _weeks(coming, chosen, first, last, today, choice)
    open_week = _open_week(weeks)
    values = {
        "promise": circle.promise_minutes,
        "first": first,
        "is_own_page": is_own_page,
        "choice": choice,
        "choice_words": choice.words(circle),
        "all_address": Choice().address(first),
        "links": links(circle, choice, first, in_month),
        "squares": squares(first, chosen, today, circle.clocks.calendar),
        "weekdays": words.WEEKDAYS,
        "weeks": weeks,
        "open_week": open_week,
        "open_days": [day for day in open_week.days if day[0] >= today],
        "past_days": [day for day in open_week.days if day[0] < today],
        "count": len(chosen),
        "today": today,
        "before": shown[here - 1] if here else None,
        "after": shown[here + 1] if here + 1 < len(shown) else None,
        "undated": _undated(circle, coming, first, choice),
        "venues": circle.venues,
        "communities": circle.communities if len(circle.communities) > 1 else None,
    }
    return render("month.html", values)


def _weeks(
    coming: Programme,
    chosen: tuple[Occurrence, ...],
    first: date,
    last: date,
    today: date,
    choice: Choice,
) -> list[Week]:
    # Whole weeks lead to the pages of weeks; a choice has none, and keeps to its month.
    occurrences = coming.occurrences if choice.is_everything else chosen
    return weeks_of(first, last, occurrences, today)


def _open_week(weeks: list[Week]) -> Week:
    return next((week for week in weeks if week.is_this_week), weeks[0])


def _undated(
    circle: Circle, coming: Programme, first: date, choice: Choice
) -> list[tuple[int, list[Activity]]]:
    by_year = [
        (year, [a for a in activities if choice.holds(circle, a.location_id, a.category)])
        for year, activities in coming.undated_between(first, first)
    ]
    return [(year, activities) for year, activities in by_year if activities]


def pages(
    circle: Circle, coming: Programme, today: date, parents: list[tuple[str, str]]
) -> dict[str, str]:
    """A page for each month shown and each choice, by path."""
    made = {}
    for first in months_shown(today):
        for choice in choices(circle):
            title = f"{words.month(first)}活动日历"
            above = parents
            if not choice.is_everything:
                above = [*parents, (Choice().address(first), words.month(first))]
                title = f"{title}：{choice.words(circle)}"
            body = render(
                "month_page.html",
                {
                    "title": title,
                    "month_html": month_html(circle, coming, today, first, choice, True),
                },
            )
            made[file_of(choice.address(first))] = page(
                title,
                f"{title}。每天有什么活动，几点开始，在哪里。",
                body,
                above,
                wide=True,
                scripts=NEAR_SCRIPTS,
            )
    return made

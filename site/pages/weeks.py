"""The calendar week by week: a page for each, which is also what a phone shows of a month."""

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from forms_app.community import Circle
from forms_app.radius.occurrences import Occurrence, Programme, monday
from pages import words
from pages.rendering import NEAR_SCRIPTS, file_of, page, render


class Week(Struct, frozen=True):
    """A week with its days that have activities, in order of time."""

    monday: date
    days: list[tuple[date, list[Occurrence]]]
    is_this_week: bool

    @property
    def address(self) -> str:
        return week_address(self.monday)

    @property
    def count(self) -> int:
        return sum(len(occurrences) for _, occurrences in self.days)


def week_address(day: date) -> str:
    """The path of the page of a day's week, numbered as ISO 8601 does: calendar/2026-W48/."""
    year, week, _ = day.isocalendar()
    return f"calendar/{year}-W{week:02}/"


def by_day(occurrences: Iterable[Occurrence]) -> list[tuple[date, list[Occurrence]]]:
    """The occurrences day by day, without the days that have none."""
    days: dict[date, list[Occurrence]] = {}
    for occurrence in occurrences:
        days.setdefault(occurrence.day, []).append(occurrence)
    return sorted(days.items())


def weeks_of(first: date, last: date, occurrences: Iterable[Occurrence], today: date) -> list[Week]:
    """The weeks that hold the days from `first` to `last`, each with its own of the occurrences."""
    mondays = [monday(first)]
    while mondays[-1] + timedelta(days=7) <= last:
        mondays.append(mondays[-1] + timedelta(days=7))
    found: dict[date, list[tuple[date, list[Occurrence]]]] = {start: [] for start in mondays}
    for day, of_day in by_day(occurrences):
        if monday(day) in found:
            found[monday(day)].append((day, of_day))
    return [Week(start, days, start == monday(today)) for start, days in found.items()]


def pages(
    circle: Circle, coming: Programme, today: date, parents: list[tuple[str, str]]
) -> dict[str, str]:
    """A page for each week of what is published, by path."""
    weeks = weeks_of(coming.start, coming.end, coming.occurrences, today)
    made = {}
    for place, week in enumerate(weeks):
        title = f"{words.week(week.monday)}的活动"
        last = week.monday + timedelta(days=6)
        values = {
            "title": title,
            "promise": circle.promise_minutes,
            "week": week,
            "today": today,
            "before": weeks[place - 1] if place else None,
            "after": weeks[place + 1] if place + 1 < len(weeks) else None,
            "undated": coming.undated_between(week.monday, last),
            "venues": circle.venues,
            "communities": circle.communities if len(circle.communities) > 1 else None,
        }
        made[file_of(week.address)] = page(
            title,
            f"{title}：每天几点、在哪里、有什么。",
            render("week_page.html", values),
            parents,
            scripts=[*NEAR_SCRIPTS, "elements.js", "week.js"],
        )
    return made

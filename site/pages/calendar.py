"""The calendar of activities: pages for months, weeks and occurrences.

Days come expanded from `occurrences`; calendar files are made in `feeds`.
"""

from collections.abc import Iterator
from datetime import date

from forms_app.community import Circle
from forms_app.radius.occurrences import Programme
from pages import months, occurrence_pages, weeks
from pages.choices import Choice

_PARENTS = [("calendar/", "活动日历")]


def parts(circle: Circle, coming: Programme, today: date) -> dict[str, str]:
    """This month, with the ways to the next ones and to the calendars to subscribe to."""
    first = today.replace(day=1)
    return {"calendar-index": months.month_html(circle, coming, today, first, Choice())}


def pages(
    circle: Circle, coming: Programme, today: date, public_url: str = ""
) -> Iterator[tuple[str, str]]:
    """The pages of months and their choices, of weeks and of occurrences, with their paths, one
    after the other: there may be very many."""
    yield from months.pages(circle, coming, today, _PARENTS).items()
    yield from weeks.pages(circle, coming, today, _PARENTS).items()
    yield from occurrence_pages.pages(circle, coming, today, _PARENTS, public_url)

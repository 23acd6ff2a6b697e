"""The services within reach: an index by category and a page each.

It does not know how a service is rated, only where.
"""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from msgspec import Struct

from forms_app.community import SERVICE_CATEGORIES, SERVICE_KINDS, Circle, Service
from forms_app.rules.steps import SERVICE_WAYS
from forms_app.rules.weekly import WEEK
from forms_app.rules.worktime import CHINA, WorkCalendar
from pages.rendering import NEAR_SCRIPTS, page, render

SATURDAY = 5
DAYS_AHEAD = 7  # in which a holiday is told of
MOST_VENUES = 6  # that a list of services names of each; its own page has all
# Each kind with the name that it has in the office's papers.
_OFFICES = [(label, SERVICE_CATEGORIES[code]) for code, label in SERVICE_KINDS.items()]


def parts(circle: Circle, today: date) -> dict[str, str]:
    """The index by category; a category without a service says so."""
    by_category = [
        (label, [service for service in circle.services.values() if service.category == code])
        for code, label in SERVICE_KINDS.items()
    ]
    values = {
        "by_category": by_category,
        "offices": _OFFICES,
        "venues": circle.venues,
        "most": MOST_VENUES,
        "promise": circle.promise_minutes,
        "holiday": holiday(circle.clocks.calendar, today),
    }
    return {"services-index": render("services_index.html", values)}


class Holiday(Struct, frozen=True):
    """Days on which no office works, beyond a weekend's."""

    first: date
    last: date


def holiday(calendar: WorkCalendar, today: date) -> Holiday | None:
    """The next days off that are no mere weekend; None where none begin in the days ahead.

    When a service is open is written in the office's words, which say nothing of holidays.
    """

    def is_off(day: date) -> bool:
        return calendar.knows(day.year) and not calendar.is_workday(day)

    ahead = (today + timedelta(days=place) for place in range(DAYS_AHEAD + 1))
    first = next((day for day in ahead if day.weekday() < SATURDAY and is_off(day)), None)
    if first is None:
        return None
    last = first
    while first > today and is_off(first - timedelta(days=1)):
        first -= timedelta(days=1)
    while is_off(last + timedelta(days=1)):
        last += timedelta(days=1)
    return Holiday(first, last)


class Round(Struct, frozen=True):
    """Once a week: whoever asks until `by` is served at `served`, whoever is later at `later`."""

    by: datetime
    served: datetime
    later: datetime


def next_round(service: Service, today: date) -> Round | None:
    """The next time until which it can be asked for; None where it is not done by the week."""
    if service.book_by is None or service.served is None:
        return None
    by = service.book_by.next_from(datetime.combine(today, time(), CHINA))
    served = service.served.next_from(by)
    return Round(by, served, served + WEEK)


def pages(circle: Circle, today: date) -> dict[str, str]:
    """A page for each service, by path."""
    return {
        f"services/{service.id}.md": _page(circle, service, today)
        for service in circle.services.values()
    }


def _page(circle: Circle, service: Service, today: date) -> str:
    values = {
        "promise": circle.promise_minutes,
        "service": service,
        "round": next_round(service, today),
        "holiday": holiday(circle.clocks.calendar, today),
        "kind": SERVICE_KINDS[service.category],
        "category": SERVICE_CATEGORIES[service.category],
        "venues": [circle.venues[venue_id] for venue_id in service.venues],
        "communities": circle.communities,
        "unit": circle.departments.get(service.organization),
        "steps": [
            line.strip() for line in service.application_process.splitlines() if line.strip()
        ],
        "online": [
            (SERVICE_WAYS[way], _report_path(circle, service, way)) for way in service.online
        ],
        "is_sample": circle.sample,
    }
    return page(
        title=service.name,
        description=service.description or f"{service.name}：在哪里办、什么时候办、带什么材料。",
        body=render("service_page.html", values),
        parents=[("services/", "服务清单")],
        scripts=NEAR_SCRIPTS,
        styles=["around.css"],
        wide=True,
    )


def _report_path(circle: Circle, service: Service, way: str) -> str:
    """Where it is asked for online: the form knows by then for what, of which kind and where."""
    known = {"service": service.wanted(way)}
    if service.problem:
        known["category"] = service.problem
    communities = {circle.venues[venue_id].community_id for venue_id in service.venues}
    if len(communities) == 1:
        known["community_id"] = communities.pop()
    return f"issues/new?{urlencode(known)}"

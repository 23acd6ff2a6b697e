"""The sample's site as made, and circles that differ from it by their activities."""

import re
from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace
from pages import Site, make

from forms_app.community import Circle
from forms_app.rules.worktime import CHINA

TODAY = date(2026, 11, 23)
ADDRESS = "https://circle.example.cn/huangjinling"


@pytest.fixture(scope="session")
def circle(sample_circle: Circle) -> Circle:
    return sample_circle


@pytest.fixture(scope="session")
def site(circle: Circle) -> Site:
    return make(circle, None, TODAY, ADDRESS)


@pytest.fixture(scope="session")
def nowhere(circle: Circle) -> Site:
    """The same of an office that has not said where its pages are found."""
    return make(circle, None, TODAY)


def occurrence_pages(site: Site) -> dict[str, str]:
    return {
        path: text
        for path, text in site.pages.items()
        if re.match(r"calendar/\d{4}-\d\d-\d\d-", path)
    }


def changed(circle: Circle, uid: str, **changes: object) -> Circle:
    """The circle with one activity changed."""
    activities = dict(circle.activities)
    activities[uid] = replace(activities[uid], **changes)  # type: ignore[arg-type]
    return replace(circle, activities=activities)


def only(circle: Circle, *uids: str) -> Circle:
    """The circle with none but these activities, whose site is made in a third of the time."""
    return replace(circle, activities={uid: circle.activities[uid] for uid in uids})


def crowded(circle: Circle, a_day: int) -> Circle:
    """The circle with so many activities every day."""
    like = replace(circle.activities["choir"], rrule="FREQ=DAILY", exdate=())
    first = datetime(2026, 10, 1, 6, tzinfo=CHINA)
    many = {
        f"daily_{n}": replace(like, uid=f"daily_{n}", dtstart=first + timedelta(minutes=n * 20))
        for n in range(a_day)
    }
    return replace(circle, activities=many)

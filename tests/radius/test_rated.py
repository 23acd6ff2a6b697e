"""What is over is rated no more; what may yet go on is."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from forms_app.radius.rated import is_over
from tests.support.actors import CIRCLE, NOW

LAST = date(2026, 11, 23)
CHOIR = CIRCLE.activities["choir"]


@pytest.mark.parametrize(
    ("changes", "days", "over"),
    [
        ({}, 90, False),
        ({}, 91, True),
        ({"rdate": (NOW + timedelta(days=10),)}, 91, False),
        ({"rdate": (NOW + timedelta(days=10),)}, 101, True),
        ({"rrule": "FREQ=WEEKLY"}, 5000, False),
        ({"rrule": "FREQ=WEEKLY;COUNT=3"}, 104, False),
        ({"rrule": "FREQ=WEEKLY;COUNT=3"}, 105, True),
        ({"rule": "school_days"}, 5000, False),
        ({"status": "CANCELLED"}, 0, False),
    ],
)
def test_an_activity_is_over_ninety_days_after_its_last_time(
    changes: dict[str, object], days: int, *, over: bool
) -> None:
    choir = replace(CHOIR, **changes)  # type: ignore[arg-type]
    circle = replace(CIRCLE, activities={"choir": choir})
    assert is_over(circle, "activity:choir", LAST + timedelta(days=days)) is over


@pytest.mark.parametrize(
    "about", ["service:meals", "service:choir", "venue:library", "activity:gone", "", "x"]
)
def test_nothing_else_is_ever_over(about: str) -> None:
    assert is_over(CIRCLE, about, date(2099, 1, 1)) is False

"""A year without its days off is told in good time, and only where something needs it."""

from datetime import date

import pytest
from msgspec.structs import replace

from forms_app.community import Circle
from forms_app.community.workday_hints import Missing, missing_workdays, workday_hints
from forms_app.rules.worktime import Clocks, DutyHours, WorkCalendar, YearWorkdays

KNOWN = WorkCalendar({2026: YearWorkdays(frozenset(), frozenset())})
COUNTING = Clocks(calendar=KNOWN, counts_working_days=True)


@pytest.mark.parametrize(
    ("clocks", "today", "found"),
    [
        (COUNTING, date(2026, 9, 1), None),
        # Thirty working days from the 19th of November end in the next year.
        (COUNTING, date(2026, 10, 1), Missing(2027, date(2026, 11, 20))),
        (COUNTING, date(2026, 11, 27), Missing(2027, date(2026, 11, 27))),
        (Clocks(calendar=KNOWN), date(2026, 12, 31), None),
        (
            Clocks(calendar=KNOWN, duty=DutyHours(((480, 1080),), workdays_only=True)),
            date(2026, 12, 1),
            Missing(2027, date(2027, 1, 1)),
        ),
    ],
)
def test_a_missing_year_is_told_before_it_is_needed(
    clocks: Clocks, today: date, found: Missing | None
) -> None:
    assert missing_workdays(clocks, today) == found


def test_check_data_names_the_file_and_the_day(sample_circle: Circle) -> None:
    circle = replace(sample_circle, clocks=COUNTING)
    (hint,) = workday_hints(circle, date(2026, 10, 1))
    assert str(hint).startswith(
        "workdays/2027.yml：2027年哪天放假、哪天补班还没有录入，从11月20日起"
    )
    (hint,) = workday_hints(circle, date(2026, 12, 1))
    assert "现在就有的期限算不出来" in str(hint)
    assert workday_hints(sample_circle, date(2026, 12, 31)) == ()

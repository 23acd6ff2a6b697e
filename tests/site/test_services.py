"""Services: what their pages say that the office's own words do not."""

from datetime import date

import pytest
from pages import make
from pages.services import Holiday, holiday

from forms_app.community import Circle
from forms_app.rules.worktime import WorkCalendar


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 9, 24), date(2026, 9, 25), date(2026, 9, 27)),  # a Friday and its weekend
        (date(2026, 9, 26), date(2026, 10, 1), date(2026, 10, 7)),  # a mere weekend is none
        (date(2026, 10, 3), date(2026, 10, 3), date(2026, 10, 7)),  # in the midst of them
        (date(2026, 2, 13), date(2026, 2, 15), date(2026, 2, 23)),  # begins on a Sunday
    ],
)
def test_days_off_are_told_a_week_before(today: date, first: date, last: date) -> None:
    assert holiday(WorkCalendar(), today) == Holiday(first, last)


@pytest.mark.parametrize("today", [date(2026, 9, 17), date(2026, 10, 8), date(2199, 10, 1)])
def test_of_none_that_is_near_or_announced_nothing_is_told(today: date) -> None:
    assert holiday(WorkCalendar(), today) is None


def test_whoever_looks_for_a_service_reads_when_it_may_be_shut(sample_circle: Circle) -> None:
    site = make(sample_circle, None, date(2026, 9, 28))
    told = "10月1日 周四到10月7日 周三放假，来之前先打电话问开不开。"
    assert told in site.parts["services-index"]
    assert told in site.pages["services/legal_advice.md"]
    usual = make(sample_circle, None, date(2026, 11, 23))
    assert "放假，来之前" not in usual.pages["services/legal_advice.md"]

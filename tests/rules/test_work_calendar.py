"""Which days are worked: beside a second source, by the notices, and as an office enters them."""

from datetime import date, timedelta

import pytest

from forms_app.rules.worktime import (
    CalendarUnknown,
    WorkCalendar,
    YearWorkdays,
)
from tests.support.slow_calendar import HOLIDAYS, UNKNOWN_YEAR, YEARS, is_workday


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_the_year_is_worked_or_off_as_the_notice_says(year: int) -> None:
    calendar = WorkCalendar()
    day = date(year, 1, 1)
    while day.year == year:
        assert calendar.is_workday(day) == is_workday(day), day
        day += timedelta(days=1)


def test_the_second_source_lists_days_off_and_days_worked_in_each_year() -> None:
    for year in YEARS:
        assert {off for day, off in HOLIDAYS.items() if day.year == year} == {True, False}


def test_the_december_that_the_notice_of_2019_moved_is_known() -> None:
    assert WorkCalendar().is_workday(date(2018, 12, 29))  # a Saturday
    assert not WorkCalendar().is_workday(date(2018, 12, 31))  # a Monday


def test_a_year_without_a_notice_is_an_error_with_a_sentence() -> None:
    with pytest.raises(CalendarUnknown) as caught:
        WorkCalendar().is_workday(date(UNKNOWN_YEAR, 1, 4))
    assert caught.value.year == UNKNOWN_YEAR
    assert str(caught.value) == (
        f"{UNKNOWN_YEAR}年的放假调休安排还没有录入，无法计算工作日；"
        "请管理员在“内容”的“放假和补班”里录入国务院办公厅的通知"
    )


def test_the_calendar_says_which_years_it_knows() -> None:
    calendar = WorkCalendar()
    assert all(calendar.knows(year) for year in YEARS)
    assert not calendar.knows(UNKNOWN_YEAR)
    assert not calendar.knows(1999)


def test_an_entered_year_becomes_known() -> None:
    notice = YearWorkdays(frozenset({date(2090, 10, 2)}), frozenset({date(2090, 10, 7)}))
    calendar = WorkCalendar({2090: notice})
    assert calendar.knows(2090)
    assert not calendar.is_workday(date(2090, 10, 2))  # a Monday
    assert calendar.is_workday(date(2090, 10, 7))  # a Saturday
    assert calendar.is_workday(date(2090, 10, 3))
    assert not calendar.is_workday(date(2090, 10, 8))
    with pytest.raises(CalendarUnknown):
        calendar.is_workday(date(2089, 10, 3))


def test_an_entered_year_replaces_the_librarys_and_leaves_the_others() -> None:
    calendar = WorkCalendar({2026: YearWorkdays(frozenset({date(2026, 3, 2)}), frozenset())})
    assert not calendar.is_workday(date(2026, 3, 2))
    assert not calendar.is_workday(date(2026, 2, 14))  # worked by the real notice
    assert calendar.is_workday(date(2026, 2, 17))  # off by the real notice
    assert calendar.is_workday(date(2025, 9, 28))
    assert not calendar.is_workday(date(2025, 10, 8))


def test_an_entered_notice_may_move_days_of_the_december_before() -> None:
    nothing = YearWorkdays(frozenset(), frozenset())
    new_year = YearWorkdays(
        frozenset({date(2090, 12, 29), date(2091, 1, 1)}), frozenset({date(2090, 12, 30)})
    )
    calendar = WorkCalendar({2090: nothing, 2091: new_year})
    assert not calendar.is_workday(date(2090, 12, 29))  # a Friday
    assert calendar.is_workday(date(2090, 12, 30))  # a Saturday
    assert calendar.is_workday(date(2090, 12, 28))
    with pytest.raises(CalendarUnknown):
        WorkCalendar({2091: new_year}).is_workday(date(2090, 12, 29))

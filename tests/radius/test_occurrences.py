"""When activities take place."""

import json
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from forms_app.community import Activity, SchoolTerm
from forms_app.radius.occurrences import (
    Programme,
    goes_on,
    monday,
    months_shown,
    programme,
    window,
)
from forms_app.rules.worktime import CHINA, WorkCalendar
from tests.support.running import ROOT

HOLIDAYS = ROOT / "tests" / "support" / "holidays"
SPRING = SchoolTerm("2026年春季学期", date(2026, 3, 2), date(2026, 7, 10))


def activity(
    start: datetime,
    *,
    uid: str = "choir",
    rrule: str = "",
    rule: str = "",
    exdate: tuple[datetime, ...] = (),
    rdate: tuple[datetime, ...] = (),
    status: str = "CONFIRMED",
) -> Activity:
    return Activity(
        uid=uid,
        summary="合唱",
        category="arts",
        location_id="hall",
        dtstart=start,
        duration=timedelta(hours=2),
        rrule=rrule,
        rule=rule,
        exdate=exdate,
        rdate=rdate,
        audience="",
        capacity=None,
        status=status,
        description="",
    )


def at(month: int, day: int, hour: int = 9, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


def expand(
    *activities: Activity,
    start: date = date(2026, 11, 1),
    end: date = date(2026, 12, 31),
    terms: tuple[SchoolTerm, ...] = (),
) -> Programme:
    return programme(activities, WorkCalendar(), terms, start, end)


def days(found: Programme) -> list[date]:
    return [o.day for o in found.occurrences]


def test_a_single_event_takes_place_once_at_its_own_time():
    found = expand(activity(at(11, 28, 19, 30)))
    (only,) = found.occurrences
    assert only.start == at(11, 28, 19, 30)
    assert only.end == at(11, 28, 21, 30)
    assert only.key == "2026-11-28-choir"
    assert only.address == "calendar/2026-11-28-choir/"


def test_a_weekly_series_without_an_end_fills_the_window_and_nothing_more():
    found = expand(
        activity(at(10, 6), rrule="FREQ=WEEKLY;BYDAY=TU"),
        start=date(2026, 11, 1),
        end=date(2026, 11, 30),
    )
    assert days(found) == [date(2026, 11, d) for d in (3, 10, 17, 24)]


def test_a_time_taken_out_of_a_series_stays_as_cancelled_and_added_ones_are_there():
    found = expand(
        activity(
            at(11, 3),
            rrule="FREQ=WEEKLY;COUNT=4",
            exdate=(at(11, 10),),
            rdate=(at(11, 12, 15),),
        )
    )
    assert [(o.start, o.is_cancelled) for o in found.occurrences] == [
        (at(11, 3), False),
        (at(11, 10), True),
        (at(11, 12, 15), False),
        (at(11, 17), False),
        (at(11, 24), False),
    ]


def test_an_added_day_that_is_there_already_counts_once():
    found = expand(activity(at(11, 3), rrule="FREQ=WEEKLY;COUNT=2", rdate=(at(11, 10),)))
    assert days(found) == [date(2026, 11, 3), date(2026, 11, 10)]


def test_two_times_on_one_day_have_two_addresses():
    found = expand(activity(at(11, 3, 9), rdate=(at(11, 3, 15),)))
    assert [o.key for o in found.occurrences] == ["2026-11-03-choir", "2026-11-03-choir-1500"]


def test_an_earlier_time_added_on_the_same_day_does_not_rename_the_usual_one():
    found = expand(activity(at(11, 3, 9), rdate=(at(11, 3, 7),)))
    assert [o.key for o in found.occurrences] == ["2026-11-03-choir-0700", "2026-11-03-choir"]


def test_an_occurrence_keeps_its_key_whatever_window_it_is_seen_in():
    choir = activity(at(10, 6), rrule="FREQ=DAILY;INTERVAL=3", rdate=(at(11, 20, 19),))
    whole = {o.start: o.key for o in expand(choir).occurrences}
    for first in (date(2026, 11, 2), date(2026, 11, 19), date(2026, 12, 1)):
        part = {o.start: o.key for o in expand(choir, start=first).occurrences}
        assert part == {start: key for start, key in whole.items() if start.date() >= first}


@pytest.mark.parametrize(
    "until", ["20261117", "20261117T235959", "20261117T090000", "20261117T010000Z"]
)
def test_the_last_day_is_included_however_it_is_written(until: str):
    found = expand(activity(at(11, 3), rrule=f"FREQ=WEEKLY;UNTIL={until}"))
    assert days(found) == [date(2026, 11, d) for d in (3, 10, 17)]


def test_the_morning_after_the_last_day_is_not() -> None:
    found = expand(activity(at(11, 3, 7), rrule="FREQ=DAILY;UNTIL=20261105"))
    assert days(found) == [date(2026, 11, d) for d in (3, 4, 5)]


@pytest.mark.parametrize(
    "rule",
    [
        {"rrule": "FREQ=DAILY"},
        {"rrule": "FREQ=WEEKLY;BYDAY=MO,TU"},
        {"rrule": "FREQ=MONTHLY;BYMONTHDAY=29,30"},
        {"rule": "workdays"},
    ],
)
def test_nothing_takes_place_before_its_first_time(rule: dict[str, str]) -> None:
    found = expand(activity(at(12, 29), **rule))  # a Tuesday
    assert [o.start for o in found.occurrences][:1] == [at(12, 29)]
    assert {o.start.time() for o in found.occurrences} == {at(12, 29).time()}


def test_a_moment_given_in_another_zone_is_the_same_moment_in_china():
    found = expand(activity(datetime(2026, 11, 2, 23, 0, tzinfo=UTC), rrule="FREQ=DAILY;COUNT=2"))
    assert [o.start for o in found.occurrences] == [at(11, 3, 7), at(11, 4, 7)]


def test_a_cancelled_event_stays_in_the_programme_as_cancelled():
    (only,) = expand(activity(at(11, 28), status="CANCELLED")).occurrences
    assert only.is_cancelled


def test_school_days_are_the_working_days_of_the_term():
    after_school = activity(at(3, 2, 16, 30), uid="after_school", rule="school_days")
    found = expand(after_school, start=date(2026, 1, 1), end=date(2026, 12, 31), terms=(SPRING,))
    assert days(found) == worked_days(SPRING.start, SPRING.end)
    # 19 weeks of five days, less one day at Qingming, three at Labour Day and one at the Dragon
    # Boat Festival, and one Saturday worked in exchange.
    assert len(found.occurrences) == 19 * 5 - 1 - 3 - 1 + 1 == 91
    assert date(2026, 5, 9) in days(found)
    assert not found.undated


def worked_days(first: date, last: date) -> list[date]:
    """Counted from the notice itself, by another list than the product's."""
    notice = json.loads((HOLIDAYS / f"{first.year}.json").read_text(encoding="utf-8"))
    is_off = {date.fromisoformat(row["date"]): row["isOffDay"] for row in notice}
    every_day = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in every_day if not is_off.get(day, day.weekday() >= 5)]


def test_working_days_leave_out_national_day_and_keep_the_days_worked_for_it():
    found = expand(
        activity(at(9, 1), rule="workdays"), start=date(2026, 9, 28), end=date(2026, 10, 11)
    )
    assert days(found) == worked_days(date(2026, 9, 28), date(2026, 10, 11))


def test_days_of_a_year_whose_notice_is_not_out_are_left_out_and_said_so():
    bank = activity(at(12, 1), rule="workdays")
    found = expand(bank, start=date(2026, 12, 28), end=date(2027, 1, 15))
    assert found.occurrences
    assert all(day.year == 2026 for day in days(found))
    assert dict(found.undated) == {2027: (bank,)}


def test_a_series_of_fixed_weekdays_does_not_wait_for_the_notice():
    found = expand(
        activity(at(12, 1), rrule="FREQ=WEEKLY"), start=date(2027, 1, 1), end=date(2027, 1, 15)
    )
    assert days(found) == [date(2027, 1, 5), date(2027, 1, 12)]
    assert not found.undated


def test_everything_is_in_order_of_time():
    found = expand(
        activity(at(11, 3, 15), uid="late", rrule="FREQ=DAILY;COUNT=3"),
        activity(at(11, 3, 9), uid="early", rrule="FREQ=DAILY;COUNT=3"),
    )
    starts = [o.start for o in found.occurrences]
    assert starts == sorted(starts)


def test_the_days_between_two_dates_include_both():
    found = expand(activity(at(11, 1), rrule="FREQ=DAILY"))
    between = found.between(date(2026, 11, 3), date(2026, 11, 5))
    assert [o.day.day for o in between] == [3, 4, 5]


# Five school days a week are 90 from 2 March to 3 July 2026. By the State Council's notice, week
# by week: one day less at Qingming, three at Labour Day with a Saturday worked for them, one at
# the Dragon Boat Festival.
SPRING_2026 = [
    ("2026-03-02", 5), ("2026-03-09", 5), ("2026-03-16", 5), ("2026-03-23", 5), ("2026-03-30", 5),
    ("2026-04-06", 4), ("2026-04-13", 5), ("2026-04-20", 5), ("2026-04-27", 4), ("2026-05-04", 4),
    ("2026-05-11", 5), ("2026-05-18", 5), ("2026-05-25", 5), ("2026-06-01", 5), ("2026-06-08", 5),
    ("2026-06-15", 4), ("2026-06-22", 5), ("2026-06-29", 5),
]  # fmt: skip


def test_spring_term_2026_has_86_school_days_where_weekdays_alone_would_be_90():
    term = SchoolTerm("2026年春季学期", date(2026, 3, 2), date(2026, 7, 3))
    weekdays = activity(at(3, 2, 16), uid="naive", rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    assert len(expand(weekdays, start=term.start, end=term.end).occurrences) == 90
    school = expand(
        activity(at(3, 2, 16), rule="school_days"), start=term.start, end=term.end, terms=(term,)
    )
    assert len(school.occurrences) == 86
    by_week = Counter(str(monday(day)) for day in days(school))
    assert sorted(by_week.items()) == SPRING_2026
    assert date(2026, 5, 9) in days(school)
    for off in ("04-06", "05-01", "05-04", "05-05", "06-19"):
        assert date.fromisoformat(f"2026-{off}") not in days(school)


def test_a_series_crosses_the_years_end_and_a_leap_day():
    daily = activity(at(12, 1, 23, 30, year=2027), rrule="FREQ=DAILY")
    turn = expand(daily, start=date(2027, 12, 31), end=date(2028, 1, 1))
    assert [o.key for o in turn.occurrences] == ["2027-12-31-choir", "2028-01-01-choir"]
    leap = expand(daily, start=date(2028, 2, 28), end=date(2028, 3, 1))
    assert days(leap) == [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]


def test_every_second_week_stays_the_same_one_after_years():
    old = activity(at(1, 5, year=2010), rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH")
    counted = expand(old, start=date(2010, 1, 1), end=date(2026, 12, 31))
    assert days(expand(old)) == [day for day in days(counted) if day >= date(2026, 11, 1)]


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SA",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;COUNT=3",
        "FREQ=YEARLY;INTERVAL=9999;BYMONTH=2;COUNT=9999",
        "FREQ=DAILY;INTERVAL=9999;BYYEARDAY=366",
    ],
)
def test_a_rule_that_seldom_happens_again_comes_to_an_end(rrule: str):
    began = time.process_time()
    assert not expand(activity(at(1, 1, year=2010), rrule=rrule)).occurrences
    assert time.process_time() - began < 1


def test_ten_thousand_occurrences_of_old_series_take_a_second_at_most():
    series = [activity(at(1, 1, year=2010), uid=f"s{n}", rrule="FREQ=DAILY") for n in range(170)]
    began = time.process_time()
    found = expand(*series)
    assert len(found.occurrences) == 170 * 61 > 10_000
    assert len(found.between(date(2026, 11, 30), date(2026, 12, 1))) == 340
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("today", "first", "last", "months"),
    [
        (date(2026, 11, 23), date(2026, 10, 26), date(2027, 1, 31), 3),
        (date(2026, 1, 31), date(2025, 12, 29), date(2026, 5, 3), 4),
        (date(2026, 12, 31), date(2026, 11, 30), date(2027, 4, 4), 4),
        (date(2028, 2, 29), date(2028, 1, 31), date(2028, 4, 30), 3),
    ],
)
def test_whole_weeks_of_whole_months_are_published(
    today: date, first: date, last: date, months: int
):
    assert window(today) == (first, last)
    assert len(months_shown(today)) == months
    assert last >= today + timedelta(days=60)


def test_whether_a_series_goes_on_hangs_on_its_last_time():
    weekly = activity(at(11, 3), rrule="FREQ=WEEKLY;COUNT=3")
    assert goes_on(weekly, (), date(2026, 11, 17))
    assert not goes_on(weekly, (), date(2026, 11, 18))
    assert goes_on(replace(weekly, rdate=(at(12, 5),)), (), date(2026, 12, 5))
    school = activity(at(3, 2), rule="school_days")
    assert goes_on(school, (SPRING,), date(2026, 7, 10))
    assert not goes_on(school, (SPRING,), date(2026, 7, 11))
    assert goes_on(activity(at(3, 2), rule="workdays"), (), date(2030, 1, 1))
    assert not goes_on(activity(at(3, 2)), (), date(2026, 3, 3))


def test_what_was_taken_out_and_added_in_one_week_was_moved():
    weekly = replace(
        activity(
            at(11, 3),
            rrule="FREQ=WEEKLY;COUNT=4",
            exdate=(at(11, 10), at(11, 24)),
            rdate=(at(11, 12, 15), at(11, 30, 15)),
        ),
        reasons=((at(11, 10), "停电检修"),),
    )
    found = {o.start: o for o in expand(weekly).occurrences}
    assert (found[at(11, 10)].moved_to, found[at(11, 10)].reason) == (at(11, 12, 15), "停电检修")
    assert found[at(11, 12, 15)].moved_from == at(11, 10)
    # The 30th is a Monday: another week.
    assert (found[at(11, 24)].moved_to, found[at(11, 24)].reason) == (None, "")
    assert found[at(11, 30, 15)].moved_from is None


def test_a_whole_day_begins_at_its_midnight_and_people_come_at_noon():
    fair = replace(activity(at(11, 5, 0)), is_all_day=True, duration=timedelta(days=2))
    (found,) = expand(fair).occurrences
    assert (found.begins.hour, found.end) == (12, at(11, 7, 0))

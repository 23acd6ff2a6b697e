"""The clocks, against days worked out by hand and against slow counting from a second source.

The holidays in tests/holidays come from elsewhere than the library that the clocks use.
"""

import json
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from forms_app.rules.worktime import (
    ANNOUNCED,
    CHINA,
    DAY_MINUTES,
    CalendarUnknown,
    Clocks,
    DutyHours,
    WorkCalendar,
    YearWorkdays,
    dated_deadline,
    day_deadline,
    deadline_words,
    duty_now,
    end_of_day,
    opinion_due,
    service_deadline,
    time_words,
    urgency_due,
)
from tests.support.running import ROOT

YEARS = (2024, 2025, 2026)
UNKNOWN_YEAR = max(ANNOUNCED) + 1  # moves on when the library learns of another notice

ROUND_THE_CLOCK = Clocks()
OFFICE = Clocks(
    duty=DutyHours(((8 * 60 + 30, 12 * 60), (14 * 60 + 30, 17 * 60 + 30)), workdays_only=True),
    counts_working_days=True,
)
WORKING_DAYS = Clocks(counts_working_days=True)


def read_holidays() -> dict[date, bool]:
    """Whether the listed days are off; a day that is not listed is an ordinary one."""
    files = [ROOT / "tests" / "support" / "holidays" / f"{year}.json" for year in YEARS]
    days = [day for file in files for day in json.loads(file.read_text(encoding="utf-8"))]
    return {date.fromisoformat(day["date"]): day["isOffDay"] for day in days}


HOLIDAYS = read_holidays()


def is_workday(day: date) -> bool:
    """By the second source."""
    if day in HOLIDAYS:
        return not HOLIDAYS[day]
    return day.weekday() < 5


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def close_of(clocks: Clocks, day: str) -> datetime:
    midnight = china(day)
    return midnight + timedelta(minutes=clocks.duty.spans[-1][1])


def last_day_of(due: datetime) -> date:
    """The day that a deadline closes: at 24:00 it is the day before."""
    return (due.astimezone(CHINA) - timedelta(minutes=1)).date()


def is_on_duty(clocks: Clocks, minute: datetime) -> bool:
    """Whether the minute that begins now is a minute of duty."""
    local = minute.astimezone(CHINA)
    of_day = local.hour * 60 + local.minute
    return any(begin <= of_day < end for begin, end in clocks.duty.spans) and (
        not clocks.duty.workdays_only or is_workday(local.date())
    )


def duty_minutes(clocks: Clocks, start: datetime, end: datetime) -> int:
    """Counted one by one; both moments are on a whole minute."""
    minutes = int((end - start) / timedelta(minutes=1))
    first = start.astimezone(UTC)
    return sum(is_on_duty(clocks, first + timedelta(minutes=n)) for n in range(minutes))


# --- working days ---


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


# --- hours of duty ---


@pytest.mark.parametrize(
    "spans",
    [
        (),
        ((600, 600),),
        ((600, 540),),
        ((-1, 60),),
        ((0, DAY_MINUTES + 1),),
        ((0, 60), (30, 90)),
        ((600, 660), (480, 540)),
        ((22 * 60, 6 * 60),),
    ],
)
def test_hours_of_duty_that_make_no_sense_are_refused(spans: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match="duty hours"):
        DutyHours(spans)


def test_duty_is_round_the_clock_every_day_unless_the_community_says_otherwise() -> None:
    assert DutyHours().spans == ((0, 24 * 60),)
    assert not DutyHours().workdays_only


def test_the_day_closes_when_its_last_span_ends() -> None:
    assert OFFICE.duty.closing_minute == 17 * 60 + 30
    assert DutyHours().closing_minute == 24 * 60
    assert end_of_day(OFFICE, date(2026, 3, 2)) == china("2026-03-02 17:30")
    assert end_of_day(ROUND_THE_CLOCK, date(2026, 3, 2)) == china("2026-03-03 00:00")


# --- service minutes ---


def test_round_the_clock_ten_minutes_are_ten_minutes() -> None:
    for start, due in [
        ("2026-03-02 10:00", "2026-03-02 10:10"),
        ("2026-03-07 23:55", "2026-03-08 00:05"),
        ("2026-02-17 03:00", "2026-02-17 03:10"),
        ("2025-12-31 23:59:30", "2026-01-01 00:09:30"),
        (f"{UNKNOWN_YEAR}-01-01 00:00", f"{UNKNOWN_YEAR}-01-01 00:10"),
    ]:
        assert opinion_due(ROUND_THE_CLOCK, china(start)) == china(due)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        pytest.param("2026-03-02 10:00", "2026-03-02 10:10", id="in the morning"),
        pytest.param("2026-03-02 07:00", "2026-03-02 08:40", id="before the office opens"),
        pytest.param("2026-03-02 08:30", "2026-03-02 08:40", id="as the office opens"),
        pytest.param("2026-03-02 11:50", "2026-03-02 12:00", id="up to noon exactly"),
        pytest.param("2026-03-02 11:55", "2026-03-02 14:35", id="across noon"),
        pytest.param("2026-03-02 11:59:30", "2026-03-02 14:39:30", id="seconds are kept"),
        pytest.param("2026-03-02 12:00", "2026-03-02 14:40", id="at noon"),
        pytest.param("2026-03-02 13:00", "2026-03-02 14:40", id="during the break"),
        pytest.param("2026-03-02 17:25", "2026-03-03 08:35", id="overnight"),
        pytest.param("2026-03-02 17:30", "2026-03-03 08:40", id="at close"),
        pytest.param("2026-03-06 17:25", "2026-03-09 08:35", id="over the weekend"),
        pytest.param("2026-03-07 10:00", "2026-03-09 08:40", id="on a Saturday"),
        pytest.param("2026-02-13 17:25", "2026-02-14 08:35", id="to a make-up Saturday"),
        pytest.param("2026-02-14 10:00", "2026-02-14 10:10", id="on a make-up Saturday"),
        pytest.param("2026-02-14 17:25", "2026-02-24 08:35", id="over the Spring Festival"),
        pytest.param("2026-02-17 10:00", "2026-02-24 08:40", id="at the Spring Festival"),
        pytest.param("2026-02-27 17:25", "2026-02-28 08:35", id="to the second make-up Saturday"),
        pytest.param("2026-02-28 17:25", "2026-03-02 08:35", id="from it to Monday"),
        pytest.param("2026-09-19 12:00", "2026-09-20 08:40", id="to a make-up Sunday"),
        pytest.param("2026-09-30 17:25", "2026-10-08 08:35", id="over the National Day week"),
        pytest.param("2026-10-09 17:25", "2026-10-10 08:35", id="to the Saturday after it"),
        pytest.param("2025-12-31 17:25", "2026-01-04 08:35", id="over New Year to a Sunday"),
    ],
)
def test_an_initial_opinion_is_due_in_hours_of_duty(start: str, due: str) -> None:
    assert opinion_due(OFFICE, china(start)) == china(due)


def test_minutes_of_several_days_run_through_them() -> None:
    two_days = 2 * (210 + 180)
    assert service_deadline(OFFICE, china("2026-03-06 08:30"), two_days) == china(
        "2026-03-09 17:30"
    )


def test_duty_every_day_runs_through_weekends_and_holidays() -> None:
    clocks = replace(OFFICE, duty=DutyHours(OFFICE.duty.spans))
    assert opinion_due(clocks, china("2026-03-06 17:25")) == china("2026-03-07 08:35")
    assert opinion_due(clocks, china("2026-02-16 17:25")) == china("2026-02-17 08:35")


def test_whole_working_days_stop_at_midnight_before_the_weekend() -> None:
    clocks = Clocks(duty=DutyHours(workdays_only=True))
    assert opinion_due(clocks, china("2026-03-05 23:55")) == china("2026-03-06 00:05")
    assert opinion_due(clocks, china("2026-03-06 23:55")) == china("2026-03-09 00:05")


def test_night_duty_is_written_as_two_spans_and_runs_across_midnight() -> None:
    clocks = Clocks(duty=DutyHours(((0, 6 * 60), (22 * 60, 24 * 60))))
    assert opinion_due(clocks, china("2026-03-02 23:55")) == china("2026-03-03 00:05")
    assert opinion_due(clocks, china("2026-03-02 05:55")) == china("2026-03-02 22:05")


@pytest.mark.parametrize(
    "duty",
    [
        OFFICE.duty,
        DutyHours(OFFICE.duty.spans),
        DutyHours(workdays_only=True),
        DutyHours(((0, 6 * 60), (22 * 60, 24 * 60))),
        DutyHours(((8 * 60, 12 * 60), (12 * 60, 20 * 60))),
    ],
)
@given(st.integers(0, 40 * 24 * 60 - 1))
@settings(max_examples=25, deadline=None)
def test_on_duty_or_not_and_the_next_change_are_what_counting_minutes_finds(
    duty: DutyHours, minute: int
) -> None:
    clocks = Clocks(duty=duty)
    now = china("2026-01-28 00:00") + timedelta(minutes=minute)
    is_open, changes_at = duty_now(clocks, now)
    assert is_open == is_on_duty(clocks, now)
    assert changes_at is not None
    minutes = int((changes_at - now) / timedelta(minutes=1))
    assert 0 < minutes < 14 * DAY_MINUTES
    assert all(is_on_duty(clocks, now + timedelta(minutes=n)) == is_open for n in range(minutes))
    assert is_on_duty(clocks, changes_at) != is_open


@pytest.mark.parametrize("spans", [((0, 1440),), ((0, 720), (720, 1440))])
def test_duty_round_the_clock_never_changes(spans: tuple[tuple[int, int], ...]) -> None:
    clocks = Clocks(duty=DutyHours(spans))
    assert duty_now(clocks, china("2026-02-16 17:25")) == (True, None)


def test_the_community_may_promise_another_number_of_minutes() -> None:
    assert opinion_due(Clocks(opinion_minutes=25), china("2026-03-02 10:00")) == china(
        "2026-03-02 10:25"
    )


def test_no_minutes_at_all_are_over_as_soon_as_somebody_is_on_duty() -> None:
    assert service_deadline(OFFICE, china("2026-03-02 10:00"), 0) == china("2026-03-02 10:00")
    assert service_deadline(OFFICE, china("2026-03-02 12:00"), 0) == china("2026-03-02 14:30")


def test_minutes_that_need_a_year_without_a_notice_are_an_error() -> None:
    last_evening = china(f"{UNKNOWN_YEAR - 1}-12-31 20:00")
    with pytest.raises(CalendarUnknown) as caught:
        opinion_due(OFFICE, last_evening)
    assert caught.value.year == UNKNOWN_YEAR


def test_minutes_that_end_within_the_last_known_year_need_no_more() -> None:
    calendar = WorkCalendar({2090: YearWorkdays(frozenset(), frozenset())})
    clocks = replace(OFFICE, calendar=calendar)
    last_friday = china("2090-12-29 17:20")
    assert opinion_due(clocks, last_friday) == china("2090-12-29 17:30")
    with pytest.raises(CalendarUnknown):
        opinion_due(clocks, last_friday + timedelta(minutes=1))


# --- days ---


@pytest.mark.parametrize(
    ("classified", "urgency", "last_day"),
    [
        ("2026-03-06 10:00", 1, "2026-03-08"),
        ("2026-03-06 10:00", 2, "2026-03-13"),
        ("2026-03-06 10:00", 3, "2026-04-05"),
        ("2026-03-06 00:00", 1, "2026-03-08"),
        ("2026-03-06 23:59:59", 1, "2026-03-08"),
        ("2026-02-14 10:00", 1, "2026-02-16"),
        ("2025-12-30 10:00", 1, "2026-01-01"),
        ("2025-12-30 10:00", 3, "2026-01-29"),
        (f"{UNKNOWN_YEAR - 1}-12-31 10:00", 2, f"{UNKNOWN_YEAR}-01-07"),
    ],
)
def test_calendar_days_count_every_day_after_the_first(
    classified: str, urgency: int, last_day: str
) -> None:
    due = urgency_due(ROUND_THE_CLOCK, china(classified), urgency)
    assert due == close_of(ROUND_THE_CLOCK, last_day)


@pytest.mark.parametrize("clocks", [WORKING_DAYS, OFFICE], ids=["until midnight", "until close"])
@pytest.mark.parametrize(
    ("classified", "urgency", "last_day"),
    [
        pytest.param("2026-03-02 10:00", 1, "2026-03-04", id="within a week"),
        pytest.param("2026-03-06 10:00", 1, "2026-03-10", id="over a weekend"),
        pytest.param("2026-03-06 10:00", 2, "2026-03-17", id="over two weekends"),
        pytest.param("2026-03-07 10:00", 1, "2026-03-10", id="from a Saturday"),
        pytest.param("2026-02-13 10:00", 1, "2026-02-24", id="a make-up Saturday, then 春节"),
        pytest.param("2026-02-14 10:00", 1, "2026-02-25", id="from a make-up Saturday"),
        pytest.param("2026-02-17 10:00", 1, "2026-02-25", id="from within 春节"),
        pytest.param("2026-02-13 10:00", 2, "2026-03-02", id="both make-up Saturdays"),
        pytest.param("2026-02-13 10:00", 3, "2026-04-02", id="to the eve of 清明"),
        pytest.param("2026-09-29 10:00", 1, "2026-10-08", id="over 国庆"),
        pytest.param("2026-09-29 10:00", 2, "2026-10-14", id="over 国庆 and the Saturday after"),
        pytest.param("2025-12-30 10:00", 1, "2026-01-04", id="over New Year to a Sunday"),
        pytest.param("2025-12-30 10:00", 2, "2026-01-09", id="into the new year"),
    ],
)
def test_working_days_leave_out_days_off_and_count_make_up_days(
    clocks: Clocks, classified: str, urgency: int, last_day: str
) -> None:
    assert urgency_due(clocks, china(classified), urgency) == close_of(clocks, last_day)


def test_a_day_graded_after_close_still_counts_from_the_day_after() -> None:
    assert urgency_due(OFFICE, china("2026-03-02 22:00"), 1) == china("2026-03-04 17:30")


def test_the_community_may_promise_other_days() -> None:
    clocks = Clocks(urgency_days={1: 1, 2: 5, 3: 15})
    assert urgency_due(clocks, china("2026-03-02 10:00"), 1) == china("2026-03-04 00:00")


def test_working_days_that_need_a_year_without_a_notice_are_an_error() -> None:
    with pytest.raises(CalendarUnknown) as caught:
        urgency_due(WORKING_DAYS, china(f"{UNKNOWN_YEAR - 1}-12-31 10:00"), 1)
    assert caught.value.year == UNKNOWN_YEAR


def test_working_days_that_end_within_the_last_known_year_need_no_more() -> None:
    calendar = WorkCalendar({2090: YearWorkdays(frozenset(), frozenset())})
    clocks = replace(WORKING_DAYS, calendar=calendar)
    assert urgency_due(clocks, china("2090-12-27 10:00"), 1) == china("2090-12-30 00:00")
    with pytest.raises(CalendarUnknown):
        urgency_due(clocks, china("2090-12-28 10:00"), 1)


# --- zones ---


def test_deadlines_are_in_utc() -> None:
    start = china("2026-03-06 10:00")
    for due in (
        opinion_due(OFFICE, start),
        urgency_due(OFFICE, start, 1),
        urgency_due(ROUND_THE_CLOCK, start, 1),
        end_of_day(OFFICE, start.date()),
    ):
        assert due.tzinfo is UTC


def test_the_day_is_chinas_wherever_the_time_was_taken() -> None:
    after_midnight_in_china = datetime(2026, 3, 5, 16, 30, tzinfo=UTC)
    assert urgency_due(ROUND_THE_CLOCK, after_midnight_in_china, 1) == china("2026-03-09 00:00")
    before_midnight_in_china = datetime(2026, 3, 5, 15, 30, tzinfo=UTC)
    assert urgency_due(ROUND_THE_CLOCK, before_midnight_in_china, 1) == china("2026-03-08 00:00")


def test_the_same_moment_in_any_zone_has_the_same_deadlines() -> None:
    start = china("2026-03-06 17:25")
    for zone in ZONES:
        assert opinion_due(OFFICE, start.astimezone(zone)) == opinion_due(OFFICE, start)
        assert urgency_due(OFFICE, start.astimezone(zone), 2) == urgency_due(OFFICE, start, 2)


def test_minutes_are_real_minutes_where_summer_time_begins_and_ends() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for start in (
        datetime(2026, 3, 29, 1, 55, tzinfo=berlin),
        datetime(2026, 10, 25, 1, 55, tzinfo=berlin),
        datetime(2026, 10, 25, 2, 55, tzinfo=berlin, fold=0),
    ):
        due = service_deadline(ROUND_THE_CLOCK, start, 90)
        assert due - start.astimezone(UTC) == timedelta(minutes=90)


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = china("2026-03-02 10:00").replace(tzinfo=None)
    for clocks in (ROUND_THE_CLOCK, OFFICE):
        with pytest.raises(ValueError, match="time zone"):
            opinion_due(clocks, naive)
        with pytest.raises(ValueError, match="time zone"):
            urgency_due(clocks, naive, 1)
    for words in (time_words, deadline_words, dated_deadline):
        with pytest.raises(ValueError, match="time zone"):
            words(naive)


# --- in words ---


def test_a_moment_is_read_in_chinas_time() -> None:
    assert time_words(datetime(2026, 11, 24, 6, 5, tzinfo=UTC)) == "11月24日 14:05"
    assert time_words(datetime(2026, 2, 28, 16, 0, tzinfo=UTC)) == "3月1日 00:00"


def test_a_deadline_at_midnight_is_read_as_the_day_that_ends() -> None:
    assert deadline_words(end_of_day(ROUND_THE_CLOCK, date(2026, 3, 2))) == "3月2日 24:00"
    assert deadline_words(end_of_day(ROUND_THE_CLOCK, date(2026, 12, 31))) == "12月31日 24:00"
    assert deadline_words(end_of_day(OFFICE, date(2026, 3, 2))) == "3月2日 17:30"
    silvester = end_of_day(ROUND_THE_CLOCK, date(2026, 12, 31))
    assert deadline_words(silvester, china("2026-03-02 10:00")) == "12月31日 24:00"
    assert deadline_words(silvester, china("2027-01-01 00:10")) == "2026年12月31日 24:00"
    next_year = end_of_day(OFFICE, date(2027, 1, 4))
    assert deadline_words(next_year, china("2026-12-31 23:59")) == "2027年1月4日 17:30"
    assert dated_deadline(silvester) == "2026年12月31日 24:00"
    assert dated_deadline(next_year) == "2027年1月4日 17:30"


def test_a_deadline_just_past_midnight_is_of_the_new_day() -> None:
    assert deadline_words(china("2026-03-03 00:00:30")) == "3月3日 00:00"
    assert deadline_words(china("2026-03-03 00:01")) == "3月3日 00:01"


# --- whatever the hours, the moment and the number ---

ZONES: tuple[tzinfo, ...] = (
    UTC,
    CHINA,
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
    timezone(timedelta(hours=-9, minutes=-30)),
    timezone(timedelta(hours=14)),
)


def spans_between(cuts: list[int]) -> tuple[tuple[int, int], ...]:
    in_order = sorted(cuts)
    return tuple(zip(in_order[::2], in_order[1::2], strict=False))


def last_long_enough(spans: tuple[tuple[int, int], ...]) -> bool:
    return sum(end - begin for begin, end in spans) >= 30


any_duty = st.builds(
    DutyHours,
    st.lists(st.integers(0, DAY_MINUTES), min_size=2, max_size=6, unique=True)
    .map(spans_between)
    .filter(last_long_enough),
    st.booleans(),
)
any_clocks = st.one_of(
    st.sampled_from([ROUND_THE_CLOCK, OFFICE, WORKING_DAYS]),
    st.builds(
        lambda duty, days: Clocks(duty=duty, counts_working_days=days), any_duty, st.booleans()
    ),
)
any_moment = st.datetimes(
    datetime(2024, 1, 2),  # noqa: DTZ001 (Hypothesis adds the zone itself)
    datetime(2026, 9, 30),  # noqa: DTZ001
    timezones=st.sampled_from(ZONES),
)
any_whole_minute = any_moment.map(lambda moment: moment.replace(second=0, microsecond=0))
some_minutes = st.integers(1, 240)
some_days = st.integers(1, 30)


@given(any_clocks, any_whole_minute, some_minutes)
@settings(deadline=None)
def test_the_minutes_of_duty_up_to_a_deadline_are_the_number_asked(
    clocks: Clocks, start: datetime, minutes: int
) -> None:
    due = service_deadline(clocks, start, minutes)
    assert duty_minutes(clocks, start, due) == minutes


@given(any_clocks, any_whole_minute, some_minutes)
def test_a_minutes_deadline_ends_a_minute_of_duty(
    clocks: Clocks, start: datetime, minutes: int
) -> None:
    due = service_deadline(clocks, start, minutes)
    assert is_on_duty(clocks, due - timedelta(minutes=1))


@given(any_clocks, any_moment, some_minutes)
def test_a_deadline_is_never_earlier_than_its_minutes_on_the_clock(
    clocks: Clocks, start: datetime, minutes: int
) -> None:
    assert service_deadline(clocks, start, minutes) >= start.astimezone(UTC) + timedelta(
        minutes=minutes
    )


@given(any_clocks, any_moment, any_moment, some_minutes)
def test_what_came_earlier_is_not_due_later(
    clocks: Clocks, one: datetime, other: datetime, minutes: int
) -> None:
    earlier, later = sorted((one.astimezone(UTC), other.astimezone(UTC)))
    assert service_deadline(clocks, earlier, minutes) <= service_deadline(clocks, later, minutes)
    assert day_deadline(clocks, earlier, 7) <= day_deadline(clocks, later, 7)


@given(any_clocks, any_moment, some_minutes, some_minutes, some_days, some_days)
def test_more_minutes_and_more_days_are_due_later(
    clocks: Clocks, start: datetime, some: int, more: int, days: int, more_days: int
) -> None:
    assert service_deadline(clocks, start, some) < service_deadline(clocks, start, some + more)
    assert day_deadline(clocks, start, days) < day_deadline(clocks, start, days + more_days)


@given(any_clocks, any_moment, some_minutes, some_minutes)
def test_minutes_in_two_goes_are_minutes_in_one(
    clocks: Clocks, start: datetime, first: int, second: int
) -> None:
    halfway = service_deadline(clocks, start, first)
    assert service_deadline(clocks, halfway, second) == service_deadline(
        clocks, start, first + second
    )


@given(any_clocks, any_moment, some_days)
def test_the_days_after_the_first_up_to_a_deadline_are_the_number_asked(
    clocks: Clocks, start: datetime, days: int
) -> None:
    first = start.astimezone(CHINA).date()
    last = last_day_of(day_deadline(clocks, start, days))
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    counted = [day for day in between if not clocks.counts_working_days or is_workday(day)]
    assert len(counted) == days
    assert counted[-1] == last


@given(any_clocks, any_moment, some_days)
def test_a_days_deadline_is_the_close_of_duty_of_its_last_day(
    clocks: Clocks, start: datetime, days: int
) -> None:
    due = day_deadline(clocks, start, days)
    every_day = replace(clocks, duty=DutyHours(clocks.duty.spans))
    rest_of_day = range(DAY_MINUTES - clocks.duty.closing_minute)
    assert is_on_duty(every_day, due - timedelta(minutes=1))
    assert not any(is_on_duty(every_day, due + timedelta(minutes=n)) for n in rest_of_day)


@given(any_duty, any_moment, some_days)
def test_counted_in_working_days_a_deadline_never_falls_outside_duty(
    duty: DutyHours, start: datetime, days: int
) -> None:
    clocks = Clocks(duty=duty, counts_working_days=True)
    assert is_on_duty(clocks, day_deadline(clocks, start, days) - timedelta(minutes=1))

"""The clocks, against days worked out by hand and against slow counting from a second source."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from forms_app.rules.worktime import (
    DAY_MINUTES,
    CalendarUnknown,
    Clocks,
    DutyHours,
    WorkCalendar,
    YearWorkdays,
    dated_deadline,
    deadline_words,
    duty_now,
    end_of_day,
    is_night,
    longest_extension,
    opinion_awaited,
    opinion_due,
    service_deadline,
    time_words,
    urgency_due,
)
from tests.support.slow_calendar import (
    OFFICE,
    ROUND_THE_CLOCK,
    UNKNOWN_YEAR,
    WORKING_DAYS,
    ZONES,
    china,
    close_of,
    is_on_duty,
)

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


def test_a_first_answer_is_awaited_whatever_is_known_of_the_year() -> None:
    known = china("2026-03-06 17:25")
    assert opinion_awaited(OFFICE, known) == opinion_due(OFFICE, known)
    year = UNKNOWN_YEAR
    first = date(year, 1, 2)
    while first.weekday() > 4:
        first += timedelta(days=1)
    opens = china(f"{first} 08:40")
    # Over the end of a year, its first day, and a week's end.
    for start in (f"{year - 1}-12-31 20:00", f"{year}-01-01 09:00", f"{first} 07:00"):
        assert opinion_awaited(OFFICE, china(start)) == opens
    both = replace(OFFICE, opinion_minutes=10 * 24 * 60)
    assert opinion_awaited(both, china(f"{year}-12-20 09:00")) > china(f"{year + 1}-01-02 00:00")


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


@pytest.mark.parametrize(
    ("hours", "clock", "is_at_night"),
    [
        ((1320, 420), "21:59", False), ((1320, 420), "22:00", True), ((1320, 420), "06:59", True),
        ((1320, 420), "07:00", False), ((720, 840), "12:30", True), ((720, 840), "14:00", False),
        (None, "03:00", False),
    ],
)  # fmt: skip
def test_the_hours_of_the_night_may_go_over_midnight(
    hours: tuple[int, int] | None, clock: str, is_at_night: bool
) -> None:
    moment = datetime.fromisoformat(f"2026-11-23T{clock}:00+08:00")
    assert is_night(hours, moment) is is_at_night


@pytest.mark.parametrize(
    ("due", "last"),
    [(None, "2026-12-10"), ("2026-12-01T00:00", "2026-12-10"), ("2026-12-20T00:00", "2026-12-19")],
)
def test_a_deadline_that_is_over_is_put_off_from_today_and_any_other_from_itself(
    due: str | None, last: str
) -> None:
    now = datetime.fromisoformat("2026-12-10T09:00+08:00")
    due_at = datetime.fromisoformat(f"{due}+08:00") if due else None
    whole = date.fromisoformat(last) + timedelta(days=Clocks().extend_days)
    assert longest_extension(Clocks(), due_at, now) == whole

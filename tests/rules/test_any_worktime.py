"""Deadlines, whatever the hours, the moment and the number: against slow counting."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from forms_app.rules.worktime import (
    DAY_MINUTES,
    Clocks,
    DutyHours,
    day_deadline,
    local_day,
    service_deadline,
)
from tests.support.slow_calendar import (
    OFFICE,
    ROUND_THE_CLOCK,
    WORKING_DAYS,
    ZONES,
    duty_minutes,
    is_on_duty,
    is_workday,
    last_day_of,
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
    first = local_day(start)
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

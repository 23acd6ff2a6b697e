"""Minutes and days of a walk as people write them."""

from datetime import date, datetime, time, timedelta

import pytest

from forms_app.walking.entry import Value, day_of, minutes_of


@pytest.mark.parametrize(
    ("value", "minutes"),
    [
        ("7.5", 7.5), ("７．５", 7.5), (7, 7.0), (7.25, 7.25), ("7分半", 7.5), ("7分半钟", 7.5),
        ("7 分钟", 7.0), ("7'30", 7.5), ("7’30”", 7.5), ("7′30″", 7.5), ("7分30秒", 7.5),
        ("7：30", 7.5), (time(7, 30), 7.5), (timedelta(hours=30, minutes=30), 30.5), ("7'20", 7.33),
    ],
)  # fmt: skip
def test_minutes_are_read_as_people_write_them(value: Value, minutes: float) -> None:
    assert minutes_of(value) == minutes


@pytest.mark.parametrize(
    "value",
    ["七分", "7-8", "7.5.1", "7'75", "", None, True, "-3", "0.01", "nan", "1e3", "7；30",
     datetime(2026, 7, 30)],  # noqa: DTZ001
)  # fmt: skip
def test_minutes_that_can_be_read_in_two_ways_are_not(value: Value) -> None:
    assert isinstance(minutes_of(value), Exception)


@pytest.mark.parametrize(
    "value",
    ["2026-10-12", "2026/10/12", "2026.10.12", "2026年10月12日", "20261012", "２０２６-１０-１２",
     "2026-10-12 08:30", 46307, 46307.5, "46307", date(2026, 10, 12)],
)  # fmt: skip
def test_days_are_read_as_spreadsheets_keep_them(value: Value) -> None:
    assert day_of(value, date(2026, 11, 24), None) == date(2026, 10, 12)


@pytest.mark.parametrize("value", ["10月12日", "2026-13-01", "12/10/2026", True, time(8, 0), ""])
def test_a_day_without_its_year_is_no_day(value: Value) -> None:
    assert isinstance(day_of(value, date(2026, 11, 24), None), Exception)

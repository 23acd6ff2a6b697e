"""Days, times and lengths as the office types them into a form or a sheet."""

from datetime import date, time, timedelta

import pytest

from forms_app.community.values import Unreadable
from forms_app.content.spoken import day_of, length_of, time_of

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("19：30", time(19, 30)),
        ("１９：３０", time(19, 30)),
        ("14.30", time(14, 30)),
        ("14。30", time(14, 30)),
        ("晚上七点半", time(19, 30)),
        ("夜里11点", time(23)),
        ("夜里2点", time(2)),
        ("中午12点", time(12)),
    ],
)
def test_a_time_is_read_however_it_is_typed(written: str, meant: time) -> None:
    assert time_of(written) == meant


@pytest.mark.parametrize("written", ["晚上12点", "夜里12点", "14.5", "14.300", "25:00", "下午"])
def test_what_may_be_two_times_or_none_is_asked_again(written: str) -> None:
    with pytest.raises(Unreadable):
        time_of(written)


@pytest.mark.parametrize("written", ["12月3日", "１２月３日", "十二月三日", "12.3", "2026－12－3"])
def test_a_day_is_read_however_it_is_typed(written: str) -> None:
    assert day_of(written, TODAY) == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("四十分钟", 40), ("１小时", 60), ("一个半小时", 90), ("两小时", 120), ("9０分", 90)],
)
def test_a_length_is_read_however_it_is_typed(written: str, minutes: int) -> None:
    assert length_of(written) == timedelta(minutes=minutes)

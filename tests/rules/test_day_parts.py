"""Deadlines in a neighbour's words."""

from datetime import datetime

import pytest

from forms_app.rules.day_parts import (
    first_answer_when,
    part_of_date,
    part_of_day,
    to_the_minute,
    weekday_deadline,
)
from forms_app.rules.worktime import CHINA, Clocks, DutyHours

NOW = datetime(2026, 11, 27, 22, 20, tzinfo=CHINA)  # a Friday


@pytest.mark.parametrize(
    ("moment", "near", "dated"),
    [
        ((2026, 11, 27, 22, 50), "今天晚上", "11月27日（周五）晚上"),
        ((2026, 11, 28, 0, 0), "今天晚上", "11月27日（周五）晚上"),
        ((2026, 11, 28, 2, 20), "明天上午", "11月28日（周六）上午"),
        ((2026, 11, 28, 12, 0), "明天上午", "11月28日（周六）上午"),
        ((2026, 11, 28, 12, 1), "明天下午", "11月28日（周六）下午"),
        ((2026, 11, 28, 18, 0), "明天下午", "11月28日（周六）下午"),
        ((2026, 11, 30, 0, 0), "后天晚上", "11月29日（周日）晚上"),
        ((2026, 12, 3, 9, 30), "12月3日（周四）上午", "12月3日（周四）上午"),
        ((2027, 1, 4, 9, 30), "2027年1月4日（周一）上午", "2027年1月4日（周一）上午"),
        ((2026, 11, 26, 9, 30), "11月26日（周四）上午", "11月26日（周四）上午"),
    ],
)
def test_a_deadline_is_the_part_of_a_day(moment: tuple[int, ...], near: str, dated: str) -> None:
    at = datetime(*moment, tzinfo=CHINA)  # type: ignore[misc,arg-type]
    assert part_of_day(at, NOW) == near
    assert part_of_date(at, NOW) == dated


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ((2026, 11, 30, 9, 5), "11月30日（周一）09:05"),
        ((2026, 12, 1, 0, 0), "11月30日（周一）24:00"),
        ((2027, 1, 1, 0, 0), "12月31日（周四）24:00"),
        ((2027, 1, 4, 9, 30), "2027年1月4日（周一）09:30"),
    ],
)
def test_a_deadline_has_its_weekday_and_midnight_ends_a_day(
    moment: tuple[int, ...], words: str
) -> None:
    assert weekday_deadline(datetime(*moment, tzinfo=CHINA), NOW) == words  # type: ignore[misc,arg-type]


def test_where_minutes_count_midnight_is_the_end_of_a_day() -> None:
    assert to_the_minute(datetime(2026, 11, 27, 22, 30, tzinfo=CHINA), NOW) == "今天22:30"
    assert to_the_minute(datetime(2026, 11, 28, 0, 0, tzinfo=CHINA), NOW) == "今天24:00"
    assert to_the_minute(datetime(2026, 11, 28, 0, 5, tzinfo=CHINA), NOW) == "明天00:05"
    assert to_the_minute(datetime(2026, 11, 30, 9, 0, tzinfo=CHINA), NOW) == "11月30日 09:00"


OFFICE = DutyHours(((510, 720), (870, 1050)), workdays_only=True)  # 8:30-12:00, 14:30-17:30


@pytest.mark.parametrize(
    ("moment", "when"),
    [
        ((2026, 11, 27, 9, 0), "10分钟内"),
        ((2026, 11, 27, 17, 20), "10分钟内"),
        ((2026, 11, 27, 11, 55), "今天14:35前"),  # five of the ten minutes are left
        ((2026, 11, 26, 20, 0), "明天08:40前"),
        ((2026, 11, 27, 20, 0), "11月30日 08:40前"),  # the weekend lies between
        ((2099, 12, 31, 12, 30), "一上班"),  # nobody knows that year's days off
    ],
)
def test_off_duty_the_first_answer_is_promised_for_when_somebody_is_there(
    moment: tuple[int, ...], when: str
) -> None:
    now = datetime(*moment, tzinfo=CHINA)  # type: ignore[misc,arg-type]
    assert first_answer_when(Clocks(duty=OFFICE), now) == when
    assert first_answer_when(Clocks(), now) == "10分钟内"

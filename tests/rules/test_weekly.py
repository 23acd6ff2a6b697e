from datetime import UTC, datetime, time

import pytest

from forms_app.rules.weekly import WeekTime
from forms_app.rules.worktime import CHINA

FRIDAY = WeekTime(4, time(17))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 29, 12, tzinfo=CHINA), 4),  # a Sunday
        (datetime(2026, 12, 4, 17, tzinfo=CHINA), 4),  # just then
        (datetime(2026, 12, 4, 17, 1, tzinfo=CHINA), 11),
        (datetime(2026, 12, 4, 8, 59, tzinfo=UTC), 4),
        (datetime(2026, 12, 4, 9, 1, tzinfo=UTC), 11),
        (datetime(2026, 12, 3, 23, tzinfo=UTC), 4),  # already Friday in Beijing
    ],
)
def test_the_next_one_is_at_or_after_the_moment_as_beijing_counts(
    moment: datetime, day: int
) -> None:
    assert FRIDAY.next_from(moment) == datetime(2026, 12, day, 17, tzinfo=CHINA)


def test_it_is_written_as_people_say_it() -> None:
    assert str(FRIDAY) == "周五 17:00"

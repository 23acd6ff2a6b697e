"""Quarters, and the table of what passes between offices."""

from datetime import date

import pytest

from forms_app.rules.steps import Role
from forms_app.rules.two_way import (
    KINDS,
    following,
    months_of,
    previous,
    quarter_of,
    quarter_words,
)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2026, 9, 30), "2026-Q3"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_a_day_is_of_one_quarter(day: date, quarter: str) -> None:
    assert quarter_of(day) == quarter
    assert day.replace(day=1) in months_of(quarter)


def test_the_quarters_follow_one_another_over_the_year() -> None:
    assert following("2026-Q4") == "2027-Q1"
    assert previous("2027-Q1") == "2026-Q4"
    assert quarter_words("2026-Q4") == "2026年第4季度"
    for quarter in ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"):
        assert previous(following(quarter)) == quarter


@pytest.mark.parametrize("text", ["", "2026", "2026-Q5", "2026-Q", "x-Q1", "26-Q1", "2026-Q1x"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        months_of(text)


def test_nobody_answers_themselves_and_only_the_district_approves_inspections() -> None:
    for kind in KINDS.values():
        assert kind.said_by is not kind.answered_by
    assert KINDS["inspection"].answered_by is Role.DISTRICT_OFFICE
    assert [name for name, kind in KINDS.items() if kind.has_level] == ["unit", "subdistrict"]

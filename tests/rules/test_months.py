"""Months and quarters follow one another over the year."""

from datetime import date

import pytest

from forms_app.rules.months import (
    month_after,
    month_names_of,
    months_of,
    quarter_after,
    quarter_before,
    quarter_of,
    quarter_of_month,
)
from forms_app.rules.two_way import quarter_words


def test_the_month_after_december_is_the_next_years_first() -> None:
    assert [month_after(month) for month in ("2026-01", "2026-11", "2026-12")] == [
        "2026-02", "2026-12", "2027-01",
    ]  # fmt: skip


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
    assert quarter_of_month(f"{day:%Y-%m}") == quarter
    assert day.replace(day=1) in months_of(quarter)
    assert f"{day:%Y-%m}" in month_names_of(quarter)


def test_the_quarters_follow_one_another_over_the_year() -> None:
    assert quarter_after("2026-Q4") == "2027-Q1"
    assert quarter_before("2027-Q1") == "2026-Q4"
    assert quarter_words("2026-Q4") == "2026年第4季度"
    for quarter in ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"):
        assert quarter_before(quarter_after(quarter)) == quarter


@pytest.mark.parametrize("text", ["", "2026", "2026-Q5", "2026-Q", "x-Q1", "26-Q1", "2026-Q1x"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        months_of(text)

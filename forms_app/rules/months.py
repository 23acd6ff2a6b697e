"""Months and quarters, as addresses and published figures write them: 2026-11, 2026-Q4. PURE."""

from datetime import date, timedelta


def next_month(first: date) -> date:
    """The first day of the month after the one that begins on `first`."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def month_after(month: str) -> str:
    """ "2026-12" comes before "2027-01"."""
    return f"{next_month(date.fromisoformat(f'{month}-01')):%Y-%m}"


def quarter_of(day: date) -> str:
    """2026-Q4"""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarter_of_month(month: str) -> str:
    """ "2026-11" is of "2026-Q4"."""
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def months_of(quarter: str) -> tuple[date, date, date]:
    """The first days of its three months. Raises ValueError for what is no quarter."""
    year, mark, number = quarter.partition("-Q")
    if not (mark and year.isascii() and year.isdigit() and len(year) == 4):
        raise ValueError(quarter)
    if number not in ("1", "2", "3", "4"):
        raise ValueError(quarter)
    first = date(int(year), 3 * int(number) - 2, 1)
    second = next_month(first)
    return first, second, next_month(second)


def month_names_of(quarter: str) -> list[str]:
    """ "2026-Q4" has "2026-10" to "2026-12"."""
    return [f"{first:%Y-%m}" for first in months_of(quarter)]


def quarter_before(quarter: str) -> str:
    """The quarter before."""
    return quarter_of(months_of(quarter)[0] - timedelta(days=1))


def quarter_after(quarter: str) -> str:
    """The quarter after."""
    return quarter_of(next_month(months_of(quarter)[2]))

"""A day as it stands on paper and in the office's books, in any year: always in Chinese."""

from datetime import date


def full_date(day: date) -> str:
    """`2026年12月3日`."""
    return f"{day.year}年{day.month}月{day.day}日"

"""How dates, times and answers are put into English words on the site's pages in English.

It knows nothing of what takes place then; names stay as the office wrote them.
"""

from datetime import date, datetime, timedelta

from forms_app.radius.occurrences import Occurrence
from forms_app.rules.worktime import CHINA

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day(value: date) -> str:
    """Tuesday, 24 November"""
    return f"{WEEKDAYS[value.weekday()]}, {value.day} {MONTHS[value.month - 1]}"


def full_date(value: date) -> str:
    """24 November 2026"""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def lasts(occurrence: Occurrence) -> str:
    """14:00–16:00; all day; of several days: all day, until Monday, 30 November"""
    if occurrence.activity.is_all_day:
        last = (occurrence.end - timedelta(days=1)).date()
        return "all day" if last == occurrence.day else f"all day, until {day(last)}"
    start, end = occurrence.start.astimezone(CHINA), occurrence.end.astimezone(CHINA)
    if start == end:
        return _clock(start)
    if start.date() == end.date():
        return f"{_clock(start)}–{_clock(end)}"
    if end - start < timedelta(days=1) and end.hour == end.minute == 0:
        return f"{_clock(start)}–24:00"
    return f"{_clock(start)} until {day(end.date())}, {_clock(end)}"


def change(occurrence: Occurrence) -> str:
    """What became of a cancelled one; "" for any other."""
    if not occurrence.is_cancelled:
        return ""
    if occurrence.moved_to is None:
        return "Cancelled"
    moved = occurrence.moved_to.astimezone(CHINA)
    at = "" if occurrence.activity.is_all_day else f", {_clock(moved)}"
    return f"Moved to {day(moved.date())}{at}"


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M")

"""Up to which day this machine's clock is believed: a small file beside the data.

A clock that was set wrong leaps, days themselves do not. What is erased because its time is over
can not be brought back, so that after a leap it waits until the days have gone on from there, or
the clock is right again.
"""

import json
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct

from forms_app.files.durable import keep_note
from forms_app.files.nights import last_night

NAME = "believed"
LEAP = timedelta(days=31)  # longer than an office is closed
PROVED = timedelta(days=14)  # whoever works there has seen what day it is said to be


class Days(Struct, frozen=True):
    """`day` is the last that is believed; `since` and `last` are those that came with a leap."""

    day: date
    since: date | None = None
    last: date | None = None

    @property
    def believed_again(self) -> date | None:
        """After a leap ahead, the first day that is; None where nothing is doubted. Who goes by a
        day that was before erases nothing too early."""
        if self.since is None or self.since <= self.day:
            return None
        return self.since + PROVED


def come_to(before: Days, today: date) -> Days:
    """What is believed on a day, after what was until then. Pure."""
    if _goes_on(before.day, today):
        return Days(today)
    if before.since is None or before.last is None or not _goes_on(before.last, today):
        return Days(before.day, today, today)
    if today - before.since >= PROVED:
        return Days(today)
    return Days(before.day, before.since, today)


def note(private: Path, today: date) -> Days:
    """What is believed on this day, which is kept; that it cannot be kept changes nothing of it."""
    before = _kept(private)
    now = Days(today) if before is None else come_to(before, today)
    if now != before:
        days = (now.day, now.since, now.last)
        content = [day.isoformat() for day in days if day is not None]
        with suppress(OSError):
            keep_note(private / NAME, json.dumps(content).encode())
    return now


def _goes_on(day: date, today: date) -> bool:
    return timedelta() <= today - day <= LEAP


def _kept(private: Path) -> Days | None:
    """None before the first one; of a version that kept none, the last night's."""
    try:
        day, *leap = json.loads((private / NAME).read_bytes())
        return Days(date.fromisoformat(day), *map(date.fromisoformat, leap))
    except (OSError, ValueError, TypeError):
        night = last_night(private)
        return Days(night.day) if night else None

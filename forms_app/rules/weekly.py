"""A time that comes round every week, in Beijing time: 周五 17:00."""

from datetime import datetime, time, timedelta

from msgspec import Struct

from forms_app.rules.worktime import CHINA

DAYS = "一二三四五六日"
WEEK = timedelta(days=7)


class WeekTime(Struct, frozen=True):
    """`weekday` counts from Monday, 0."""

    weekday: int
    at: time

    def __str__(self) -> str:
        return f"周{DAYS[self.weekday]} {self.at:%H:%M}"

    def next_from(self, moment: datetime) -> datetime:
        """The first at or after an aware moment."""
        local = moment.astimezone(CHINA)
        day = local.date() + timedelta(days=(self.weekday - local.weekday()) % 7)
        found = datetime.combine(day, self.at, CHINA)
        return found if found >= local else found + WEEK

"""When activities take place: every series and single event expanded within a window of days.

Pure: the window, the working days and the school terms come in as arguments. It does not know
how an occurrence is shown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr

from forms_app.records import Activity, SchoolTerm, in_term
from forms_app.worktime import CHINA, CalendarUnknown, WorkCalendar

_UNTIL = re.compile(r";?UNTIL=(\d{8})(T\d{6})?(Z)?", re.IGNORECASE)


@dataclass(frozen=True)
class Occurrence:
    """One time that an activity takes place. `key` names it in addresses and calendars."""

    activity: Activity
    start: datetime
    key: str

    @property
    def end(self) -> datetime:
        return self.start + self.activity.duration

    @property
    def day(self) -> date:
        return self.start.date()

    @property
    def is_cancelled(self) -> bool:
        return self.activity.status == "CANCELLED"

    @property
    def is_tentative(self) -> bool:
        return self.activity.status == "TENTATIVE"

    @property
    def is_confirmed(self) -> bool:
        return not (self.is_cancelled or self.is_tentative)

    @property
    def address(self) -> str:
        """Its page's path below the site's root."""
        return f"calendar/{self.key}/"


@dataclass(frozen=True)
class Programme:
    """What takes place from `start` to `end` (both included), in order of time.

    `undated` holds, for each year whose days off are not known, the activities that hang on
    them: their days of that year are left out rather than guessed.
    """

    start: date
    end: date
    occurrences: tuple[Occurrence, ...]
    undated: Mapping[int, tuple[Activity, ...]] = field(default_factory=dict)

    def between(self, first: date, last: date) -> tuple[Occurrence, ...]:
        """The occurrences of these days, both included."""
        return tuple(o for o in self.occurrences if first <= o.day <= last)


def programme(
    activities: Iterable[Activity],
    calendar: WorkCalendar,
    terms: Iterable[SchoolTerm],
    start: date,
    end: date,
) -> Programme:
    """Every occurrence of the activities from `start` to `end`, both included."""
    terms = tuple(terms)
    occurrences: list[Occurrence] = []
    undated: dict[int, list[Activity]] = {}
    for activity in activities:
        starts, unknown_years = _starts(activity, calendar, terms, start, end)
        occurrences.extend(_named(activity, starts))
        for year in unknown_years:
            undated.setdefault(year, []).append(activity)
    occurrences.sort(key=lambda o: (o.start, o.activity.uid))
    return Programme(
        start,
        end,
        tuple(occurrences),
        {year: tuple(found) for year, found in sorted(undated.items())},
    )


def _named(activity: Activity, starts: list[datetime]) -> Iterator[Occurrence]:
    last_day = None
    for start in starts:
        key = f"{start:%Y-%m-%d}-{activity.uid}"
        if start.date() == last_day:
            key = f"{key}-{start:%H%M}"
        last_day = start.date()
        yield Occurrence(activity, start, key)


def _starts(
    activity: Activity,
    calendar: WorkCalendar,
    terms: tuple[SchoolTerm, ...],
    start: date,
    end: date,
) -> tuple[list[datetime], set[int]]:
    unknown_years: set[int] = set()
    # Without a zone: dateutil wants UNTIL in UTC where DTSTART has one, and people write it local.
    first = activity.dtstart.astimezone(CHINA).replace(tzinfo=None)
    found: set[datetime] = set()
    if activity.rule:
        days, unknown_years = _working_days(activity.rule, calendar, terms, first, start, end)
        found.update(datetime.combine(day, first.time()) for day in days)
    elif activity.rrule:
        found.update(_recurring(activity.rrule, first, start, end))
    else:
        found.add(first)
    found.update(_local(moment) for moment in activity.rdate)
    found.difference_update(_local(moment) for moment in activity.exdate)
    inside = sorted(moment for moment in found if start <= moment.date() <= end)
    return [moment.replace(tzinfo=CHINA) for moment in inside], unknown_years


def _local(moment: datetime) -> datetime:
    return moment.astimezone(CHINA).replace(tzinfo=None)


def _recurring(rrule: str, first: datetime, start: date, end: date) -> list[datetime]:
    until = _UNTIL.search(rrule)
    last = datetime.combine(end, time.max)
    if until:
        last = min(last, _until(*until.groups()))
    rule = rrulestr(_UNTIL.sub("", rrule).strip(";"), dtstart=first)
    return rule.between(datetime.combine(start, time.min), last, inc=True)


def _until(day: str, clock: str | None, utc: str | None) -> datetime:
    # A bare date means the whole of that day.
    moment = datetime.strptime(day + (clock or "T235959"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
    if utc:
        moment += timedelta(hours=8)
    return moment


def _working_days(
    rule: str,
    calendar: WorkCalendar,
    terms: tuple[SchoolTerm, ...],
    first: datetime,
    start: date,
    end: date,
) -> tuple[list[date], set[int]]:
    days: list[date] = []
    unknown_years: set[int] = set()
    day = max(start, first.date())
    while day <= end:
        if rule == "workdays" or in_term(terms, day):
            try:
                if calendar.is_workday(day):
                    days.append(day)
            except CalendarUnknown as unknown:
                unknown_years.add(unknown.year)
        day += timedelta(days=1)
    return days, unknown_years

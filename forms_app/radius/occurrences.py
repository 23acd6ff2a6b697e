"""When activities take place: every series and single event expanded within a window of days.

Pure: the window, the working days and the school terms come in as arguments. It does not know
how an occurrence is shown.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import rrule as RecurrenceRule  # noqa: N812 (a class in lower case)
from dateutil.rrule import rrulestr
from msgspec import Struct, field

from forms_app.community import Activity, SchoolTerm, in_term
from forms_app.rules.months import next_month
from forms_app.rules.worktime import CHINA, CalendarUnknown, WorkCalendar

MONTHS_SHOWN = 3
DAYS_AHEAD = 60


class Occurrence(Struct, frozen=True):
    """One time that an activity takes place.

    `key` names it in addresses and calendars; no other occurrence can change it. `status` is one
    of records.ACTIVITY_STATUSES. A cancelled one may have a reason, and be `moved_to` a time that
    was added in the same week; that one tells what it was `moved_from`.
    """

    activity: Activity
    start: datetime
    key: str
    status: str
    reason: str = ""
    moved_to: datetime | None = None
    moved_from: datetime | None = None

    @property
    def end(self) -> datetime:
        return self.start + self.activity.duration

    @property
    def day(self) -> date:
        return self.start.date()

    @property
    def begins(self) -> time:
        """The time of day when people come; of a whole day its noon."""
        return time(12) if self.activity.is_all_day else self.start.time()

    @property
    def is_cancelled(self) -> bool:
        return self.status == "CANCELLED"

    @property
    def is_tentative(self) -> bool:
        return self.status == "TENTATIVE"

    @property
    def is_confirmed(self) -> bool:
        return not (self.is_cancelled or self.is_tentative)

    @property
    def address(self) -> str:
        """Its page's path below the site's root."""
        return f"calendar/{self.key}/"


class Programme(Struct, frozen=True):
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
        begin = bisect_left(self.occurrences, first, key=lambda o: o.day)
        return self.occurrences[begin : bisect_right(self.occurrences, last, key=lambda o: o.day)]

    def undated_between(self, first: date, last: date) -> list[tuple[int, tuple[Activity, ...]]]:
        """The years of these days whose days off are not known, with what hangs on them."""
        years = range(first.year, last.year + 1)
        return [(year, self.undated[year]) for year in years if year in self.undated]


def months_shown(today: date) -> list[date]:
    """The first day of each month shown: three, or four where 60 days reach farther."""
    months = [today.replace(day=1)]
    while len(months) < MONTHS_SHOWN or next_month(months[-1]) <= today + timedelta(
        days=DAYS_AHEAD
    ):
        months.append(next_month(months[-1]))
    return months


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def window(today: date) -> tuple[date, date]:
    """The first and last day that are published: the whole weeks that hold the months shown."""
    months = months_shown(today)
    last = next_month(months[-1]) - timedelta(days=1)
    return monday(months[0]), monday(last) + timedelta(days=6)


def programme(
    activities: Iterable[Activity],
    calendar: WorkCalendar,
    terms: Iterable[SchoolTerm],
    start: date,
    end: date,
) -> Programme:
    """Every occurrence of the activities from `start` to `end`, both included.

    A time that was taken out of a series is there as cancelled: who comes every week must see it.
    """
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


def goes_on(activity: Activity, terms: Iterable[SchoolTerm], today: date) -> bool:
    """Whether anything of the activity lies today or later, as far as terms are known."""
    if any(_local(moment).date() >= today for moment in activity.rdate):
        return True
    first = _local(activity.dtstart)
    if activity.rrule:
        later = _recurring(activity.rrule, first, today, date.max)
        return next(later, None) is not None
    if activity.rule == "school_days":
        return any(term.end >= max(today, first.date()) for term in terms)
    return activity.rule == "workdays" or first.date() >= today


def _named(activity: Activity, starts: list[datetime]) -> Iterator[Occurrence]:
    usual = _local(activity.dtstart).time()
    cancelled = {_local(moment) for moment in activity.exdate}
    reasons = {_local(moment): reason for moment, reason in activity.reasons}
    moved = _moved(activity)
    moved_from = {added: taken_out for taken_out, added in moved.items()}
    for start in starts:
        key = f"{start.date().isoformat()}-{activity.uid}"
        if start.time() != usual:
            key = f"{key}-{start:%H%M}"
        status = "CANCELLED" if start in cancelled else activity.status
        yield Occurrence(
            activity,
            start.replace(tzinfo=CHINA),
            key,
            status,
            reasons.get(start, ""),
            _in_china(moved.get(start)),
            _in_china(moved_from.get(start)),
        )


def _moved(activity: Activity) -> dict[datetime, datetime]:
    """The times taken out of a week for which others were added in it, the first for the first."""
    weeks: dict[date, tuple[list[datetime], list[datetime]]] = {}
    taken_out, added = set(activity.exdate), set(activity.rdate)
    for times, place in ((taken_out - added, 0), (added - taken_out, 1)):
        for moment in sorted(_local(at) for at in times):
            weeks.setdefault(monday(moment.date()), ([], []))[place].append(moment)
    return {old: new for pair in weeks.values() for old, new in zip(*pair, strict=False)}


def _in_china(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=CHINA) if moment else None


def _starts(
    activity: Activity,
    calendar: WorkCalendar,
    terms: tuple[SchoolTerm, ...],
    start: date,
    end: date,
) -> tuple[list[datetime], set[int]]:
    unknown_years: set[int] = set()
    # Without a zone: dateutil wants UNTIL in UTC where DTSTART has one, and people write it local.
    first = _local(activity.dtstart)
    found: set[datetime] = set()
    if activity.rule:
        days, unknown_years = _working_days(activity.rule, calendar, terms, first, start, end)
        found.update(datetime.combine(day, first.time()) for day in days)
    elif activity.rrule:
        found.update(_recurring(activity.rrule, first, start, end))
    else:
        found.add(first)
    found.update(_local(moment) for moment in activity.rdate)
    return sorted(moment for moment in found if start <= moment.date() <= end), unknown_years


def _local(moment: datetime) -> datetime:
    return moment.astimezone(CHINA).replace(tzinfo=None)


def _recurring(rrule: str, first: datetime, start: date, end: date) -> Iterator[datetime]:
    parts = dict(part.split("=") for part in rrule.upper().split(";"))
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    last = datetime.combine(end, time.max)
    if until:
        last = min(last, until_when(until))
    if not count:
        first = _moved_up(parts, first, start)
    rule = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=first)
    assert isinstance(rule, RecurrenceRule)  # noqa: S101 (one RRULE is never a set)
    # UNTIL and COUNT together are no rule; records has proved that dtstart is the first time.
    moments = islice(rule.replace(until=last), int(count) if count else None)
    return (moment for moment in moments if moment.date() >= start)


def _moved_up(parts: Mapping[str, str], first: datetime, start: date) -> datetime:
    """The last time before `start` from which the rule goes on as it does from `first`.

    Years of past days are not counted one by one. By whole intervals only, or every second
    week would become the other one.
    """
    days = {"DAILY": 1, "WEEKLY": 7}.get(parts["FREQ"])
    if days is None:
        return first
    step = timedelta(days=days * int(parts.get("INTERVAL", "1")))
    return first + max(0, (datetime.combine(start, time.min) - first) // step) * step


def until_when(text: str) -> datetime:
    """The last moment of a rule with this UNTIL, local and without a zone."""
    # A bare date means the whole of that day.
    moment = datetime.strptime(  # noqa: DTZ007
        text.removesuffix("Z") if "T" in text else f"{text}T235959", "%Y%m%dT%H%M%S"
    )
    return moment + timedelta(hours=8) if text.endswith("Z") else moment


def _working_days(
    rule: str,
    calendar: WorkCalendar,
    terms: Sequence[SchoolTerm],
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

"""The clocks: service minutes, calendar and working days, and the deadlines made of them.

Pure arithmetic on aware datetimes. It does not know what a deadline is for, nor read any file:
the community's settings come in as arguments.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum

from chinese_calendar import constants
from msgspec import Struct, field
from msgspec.structs import replace

from forms_app.rules.said import said

# China has had one time zone without summer time since 1991; no zone database is needed.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")

DAY_MINUTES = 24 * 60
GRADING_HOURS = RULING_HOURS = 24  # of service time

MONTHS = (
    "1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月",
)  # fmt: skip


class CalendarUnknown(Exception):
    """The State Council has not announced this year's days off, or nobody has entered them."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            said(
                "%(year)s年的放假调休安排还没有录入，无法计算工作日；"
                "请管理员在“内容”的“放假和补班”里录入国务院办公厅的通知",
                year=year,
            )
        )


class YearWorkdays(Struct, frozen=True):
    """One year's notice: weekdays off, and weekend days worked in exchange."""

    days_off: frozenset[date]
    workdays: frozenset[date]


def _announced_years() -> Mapping[int, YearWorkdays]:
    years = {day.year for day in constants.holidays}
    return {
        year: YearWorkdays(
            frozenset(day for day in constants.holidays if day.year == year),
            frozenset(day for day in constants.workdays if day.year == year),
        )
        for year in years
    }


ANNOUNCED = _announced_years()

# Month and day of those that the law names by their date (全国年节及纪念日放假办法, 2024).
NAMED_DAYS_OFF = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


class WorkCalendar(Struct, frozen=True):
    """Working days by the State Council's notices; `entered` adds or replaces whole years."""

    entered: Mapping[int, YearWorkdays] = field(default_factory=dict)

    def knows(self, year: int) -> bool:
        """Whether this year's notice is known."""
        return year in self.entered or year in ANNOUNCED

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day. Raises CalendarUnknown for a year without a notice."""
        if not self.knows(day.year):
            raise CalendarUnknown(day.year)
        # A year's notice may also move days of the December before it, as that of 2019 did.
        for year in (day.year + 1, day.year):
            notice = self.entered.get(year) or ANNOUNCED.get(year)
            if notice and day in notice.workdays:
                return True
            if notice and day in notice.days_off:
                return False
        return day.weekday() < 5

    def with_named_days(self, year: int) -> "WorkCalendar":
        """The same with a year of which nothing is known but the days that the law names."""
        named = frozenset(date(year, month, day) for month, day in NAMED_DAYS_OFF)
        return WorkCalendar({**self.entered, year: YearWorkdays(named, frozenset())})


class DutyHours(Struct, frozen=True):
    """When somebody is on duty: spans of minutes since midnight (0 to 1440), sorted and apart."""

    spans: tuple[tuple[int, int], ...] = ((0, DAY_MINUTES),)
    workdays_only: bool = False

    def __post_init__(self) -> None:
        last = 0
        for start, end in self.spans:
            if not last <= start < end <= DAY_MINUTES:
                raise ValueError("duty hours must be in order, apart and within one day")
            last = end
        if not self.spans:
            raise ValueError("duty hours must not be empty")

    @property
    def closing_minute(self) -> int:
        return self.spans[-1][1]

    @property
    def is_all_day(self) -> bool:
        """Whether somebody is always there."""
        return not self.workdays_only and self.spans == ((0, DAY_MINUTES),)


class Clocks(Struct, frozen=True):
    """The community's own settings, with procedure.md's defaults."""

    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    duty: DutyHours = field(default_factory=DutyHours)
    opinion_minutes: int = 10
    urgency_days: Mapping[int, int] = field(default_factory=lambda: {1: 2, 2: 7, 3: 30})
    counts_working_days: bool = False
    reopen_days: int = 30  # what comes again within them is the same issue
    dispute_days: int = 30  # within them a resident can say that a verdict was not theirs
    desk_answers: bool = True  # whoever answers the telephone may finish what words can finish
    relay_hours: int = 24
    extend_days: int = 30  # so far the first level puts a deadline off; the one above further


def midnight(day: date) -> datetime:
    """When this day begins in China."""
    return datetime.combine(day, time(), CHINA)


def _in_china(moment: datetime) -> datetime:
    # astimezone would take a naive moment for one in the server's zone.
    if moment.utcoffset() is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(CHINA)


def _duty_spans(clocks: Clocks, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    day = start.date()
    while True:
        if not clocks.duty.workdays_only or clocks.calendar.is_workday(day):
            begins = midnight(day)
            for begin, end in clocks.duty.spans:
                yield begins + timedelta(minutes=begin), begins + timedelta(minutes=end)
        day += timedelta(days=1)


def service_deadline(clocks: Clocks, start: datetime, minutes: int) -> datetime:
    """The moment when `minutes` of duty time have passed since `start`, in UTC.

    Raises CalendarUnknown when duty is on working days only and the year's notice is not out.
    """
    # In a zone with summer time, adding minutes would add them to the clock on the wall.
    start = _in_china(start)
    left = timedelta(minutes=minutes)
    for begin, end in _duty_spans(clocks, start):
        if end <= start:
            continue
        begin = max(begin, start)
        if end - begin >= left:
            return (begin + left).astimezone(UTC)
        left -= end - begin
    raise AssertionError("the days do not end")


def duty_now(clocks: Clocks, now: datetime) -> tuple[bool, datetime | None]:
    """Whether somebody is on duty now, and when that changes next, in UTC; None: never.

    Raises CalendarUnknown when duty is on working days only and the year's notice is not out.
    """
    now = _in_china(now)
    ends: datetime | None = None
    for begin, end in _duty_spans(clocks, now):
        if end <= now:
            continue
        if ends is None and begin > now:
            return False, begin.astimezone(UTC)
        if ends is not None and begin > ends:
            return True, ends.astimezone(UTC)
        ends = end  # a span that begins as another ends goes on
        if ends - now > timedelta(days=31):
            return True, None  # no week has a gap
    raise AssertionError("the days do not end")


class Duty(StrEnum):
    """Whether somebody is on duty at a moment."""

    ON = "on"
    OFF = "off"


def duty_at(clocks: Clocks, moment: datetime) -> Duty | None:
    """Whether somebody is on duty; None while the year's days off are unknown."""
    try:
        is_on, _ = duty_now(clocks, moment)
    except CalendarUnknown:
        return None
    return Duty.ON if is_on else Duty.OFF


def opinion_due(clocks: Clocks, received_at: datetime) -> datetime:
    """When the initial opinion must have been given."""
    return service_deadline(clocks, received_at, clocks.opinion_minutes)


def opinion_awaited(clocks: Clocks, received_at: datetime) -> datetime:
    """The same, whatever is known of the year: where its days off are not, its Mondays to Fridays
    count. A report without this clock would be nobody's to be reminded of.
    """
    try:
        return opinion_due(clocks, received_at)
    except CalendarUnknown as unknown:
        calendar = clocks.calendar.with_named_days(unknown.year)
        return opinion_awaited(replace(clocks, calendar=calendar), received_at)


def grading_due(clocks: Clocks, opined_at: datetime) -> datetime:
    """Until when an issue with an initial opinion is graded, in UTC."""
    return _whatever_the_calendar(clocks, opined_at, GRADING_HOURS)


def relay_due(clocks: Clocks, reported_at: datetime) -> datetime:
    """When a unit's result passes on by itself, in UTC."""
    return _whatever_the_calendar(clocks, reported_at, clocks.relay_hours)


def ruling_due(clocks: Clocks, declined_at: datetime) -> datetime:
    """Until when somebody rules on whose it is, in UTC."""
    return _whatever_the_calendar(clocks, declined_at, RULING_HOURS)


def _whatever_the_calendar(clocks: Clocks, start: datetime, hours: int) -> datetime:
    """So many hours of service time later; of the clock where the working days are unknown.

    What ends by itself, and what others wait for, must not wait for a calendar.
    """
    try:
        return service_deadline(clocks, start, hours * 60)
    except CalendarUnknown:
        return start.astimezone(UTC) + timedelta(hours=hours)


def end_of_day(clocks: Clocks, day: date) -> datetime:
    """The close of duty on a day, in UTC: 24:00 where duty is round the clock.

    Civil Code art. 203: a period ends at 24:00, or when business closes where there are hours.
    """
    minute = clocks.duty.closing_minute
    return (midnight(day) + timedelta(minutes=minute)).astimezone(UTC)


def day_deadline(clocks: Clocks, start: datetime, days: int) -> datetime:
    """The close of duty on the `days`-th day after `start`, in UTC.

    The day of `start` itself is not counted (Civil Code art. 201). Counts calendar days, or
    working days where the community chose them; then raises CalendarUnknown for a year whose
    notice is not out.
    """
    day = _in_china(start).date()
    if not clocks.counts_working_days:
        return end_of_day(clocks, day + timedelta(days=days))
    left = days
    while left:
        day += timedelta(days=1)
        if clocks.calendar.is_workday(day):
            left -= 1
    return end_of_day(clocks, day)


def urgency_due(clocks: Clocks, classified_at: datetime, urgency: int) -> datetime:
    """When an issue of this urgency must have been resolved or explained."""
    return day_deadline(clocks, classified_at, clocks.urgency_days[urgency])


def time_words(moment: datetime) -> str:
    """A moment as residents read it: `11月24日 14:30`, local."""
    local = _in_china(moment)
    return said(
        "%(month)s%(day)s日 %(clock)s",
        month=said(MONTHS[local.month - 1]),
        day=local.day,
        clock=f"{local.hour:02}:{local.minute:02}",
    )


def deadline_words(deadline: datetime, now: datetime | None = None) -> str:
    """A deadline as residents read it; midnight belongs to the day that ends: `11月24日 24:00`.

    In another year than that of `now` it says which: `2027年1月4日 24:00`.
    """
    day = last_day(deadline)
    words = time_words(deadline)
    if _in_china(deadline).time() == time():
        words = said("%(month)s%(day)s日 24:00", month=said(MONTHS[day.month - 1]), day=day.day)
    if now is None or day.year == _in_china(now).year:
        return words
    return with_year(day.year, words)


def dated_deadline(deadline: datetime) -> str:
    """A deadline on paper that is read later, with its year: `2026年11月29日 24:00`."""
    return with_year(last_day(deadline).year, deadline_words(deadline))


def with_year(year: int, words: str) -> str:
    """What is said of a day, behind its year."""
    return said("%(year)s年%(rest)s", year=year, rest=words)


def is_night(hours: tuple[int, int] | None, moment: datetime) -> bool:
    """Whether the clock stands within these hours, in minutes since midnight, which may go over it;
    never where there are none.
    """
    if hours is None:
        return False
    start, end = hours
    local = _in_china(moment)
    minute = local.hour * 60 + local.minute
    return start <= minute < end if start < end else minute >= start or minute < end


def local_day(moment: datetime) -> date:
    """The day that a moment is of where people live by it; the moment is aware."""
    return _in_china(moment).date()


def last_day(deadline: datetime) -> date:
    """The day that a deadline belongs to: midnight is the end of one, not the beginning."""
    local = _in_china(deadline)
    return (local - timedelta(days=local.time() == time())).date()


def longest_extension(clocks: Clocks, due_at: datetime | None, now: datetime) -> date:
    """The last day to which the first level puts off what is due then, or was due already."""
    return last_day(max(due_at or now, now)) + timedelta(days=clocks.extend_days)

"""activities.yml: activities in time, their recurrences checked against the calendar."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from dateutil.rrule import rrule as RecurrenceRule  # noqa: N812 (a class in lower case)
from dateutil.rrule import rrulestr

from forms_app.community.rows import Row, keyed, named
from forms_app.community.shapes import (
    ACTIVITY_CATEGORIES,
    ACTIVITY_RULES,
    ACTIVITY_STATUSES,
    Activity,
    SchoolTerm,
    Venue,
    in_term,
)
from forms_app.community.sources import Folder
from forms_app.community.values import (
    DURATION,
    NO_MOMENT,
    PARAGRAPH,
    PHONE,
    TEXT,
    Kind,
    Unreadable,
    cancelled,
    choice,
    known,
    moment,
    nearest,
    whole,
)
from forms_app.rules.worktime import CHINA, WorkCalendar

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
# Without BYHOUR and its like: an activity's time of day is dtstart's.
PARTS = (
    "FREQ",
    "INTERVAL",
    "BYDAY",
    "BYMONTHDAY",
    "BYMONTH",
    "BYSETPOS",
    "BYYEARDAY",
    "BYWEEKNO",
    "WKST",
    "COUNT",
    "UNTIL",
)
EXAMPLE = "写成「FREQ=WEEKLY;BYDAY=TU,TH」的样子"
# Some rules (31 February) never happen; looking for them must come to an end.
LOOK_AHEAD = timedelta(days=5 * 366)


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if not re.fullmatch(r"[A-Z0-9,+-]+", value):
            raise Unreadable(f"重复规则里「{part}」写法不对", EXAMPLE)
        if name not in PARTS:
            raise Unreadable(f"重复规则里没有「{name}」", nearest(name.upper(), PARTS))
        if name in parts:
            raise Unreadable(f"重复规则里「{name}」写了两次", "删掉一个")
        parts[name] = value
    return parts


def _check_parts(parts: Mapping[str, str]) -> None:
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES:
        raise Unreadable(f"重复规则的频率「{frequency}」不对", nearest(frequency, FREQUENCIES))
    for name in ("INTERVAL", "COUNT"):
        # dateutil never returns from INTERVAL=0.
        if name in parts and not re.fullmatch(r"[1-9][0-9]{0,3}", parts[name]):
            raise Unreadable(f"重复规则里「{name}={parts[name]}」不对", f"{name}填1到9999的整数")
    if "COUNT" in parts and "UNTIL" in parts:
        raise Unreadable("重复规则里COUNT和UNTIL只能有一个", "删掉一个")


def _until(text: str) -> str:
    """The end in UTC, as RFC 5545 asks; a date alone lasts to the end of that day here."""
    try:
        if re.fullmatch(r"[0-9]{8}", text):
            day = datetime.strptime(text, "%Y%m%d").replace(tzinfo=CHINA).date()
            last = datetime.combine(day, time(23, 59, 59), CHINA)
            return last.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Unreadable(
            f"重复规则的截止日期「{text}」不对", "写成「UNTIL=20270630」的样子"
        ) from None
    return text


def _expand(rrule: str, start: datetime) -> RecurrenceRule:
    parsed = rrulestr(rrule, dtstart=start)
    if not isinstance(parsed, RecurrenceRule):
        raise ValueError(rrule)
    return parsed


def _first(rule: RecurrenceRule, start: datetime) -> datetime | None:
    """The first time of a rule from `start` on, None where there is none within five years."""
    # What never happens is searched for until the year 9999, so the search begins as late as it
    # can: the calendar repeats itself, weekdays included, every 400 years.
    years = (9990 - start.year) // 400 * 400
    late = start.replace(year=start.year + years)
    found = next(iter(rule.replace(count=None, dtstart=late, until=late + LOOK_AHEAD)), None)
    return found.replace(year=found.year - years) if found else None


def _recurrence(start: datetime) -> Kind[str]:
    def read(text: str) -> str:
        parts = _parts(text)
        _check_parts(parts)
        if "UNTIL" in parts:
            parts["UNTIL"] = _until(parts["UNTIL"])
        rrule = ";".join(f"{name}={value}" for name, value in parts.items())
        if start == NO_MOMENT:
            return rrule
        try:
            expanded = _expand(rrule, start)
        except ValueError:
            raise Unreadable(f"重复规则「{text}」读不懂", EXAMPLE) from None
        # A calendar program counts dtstart as the first time, whatever the rule says.
        first = _first(expanded, start)
        if first is None:
            raise Unreadable(f"重复规则「{text}」没有一次能发生", "核对月份、日期和星期")
        if first != start:
            raise Unreadable(
                f"首次时间{start:%Y-%m-%d}不符合重复规则「{text}」",
                f"把dtstart改成{first:%Y-%m-%d %H:%M}，或改重复规则",
            )
        return rrule

    return Kind(read, "")


def read_activities(
    folder: Folder,
    venues: Mapping[str, Venue],
    terms: Sequence[SchoolTerm],
    calendar: WorkCalendar,
) -> dict[str, Activity]:
    """Activities by uid."""

    def make(row: Row, uid: str) -> Activity:
        before = len(row.errors)
        activity = _read_activity(row, uid, venues)
        if len(row.errors) == before:
            _check_changes(row, activity, terms, calendar)
        return activity

    required = ("uid", "summary", "category", "location_id", "dtstart", "duration")
    optional = (
        "rrule",
        "rule",
        "exdate",
        "rdate",
        "audience",
        "capacity",
        "status",
        "description",
        "words",
        "phone",
    )
    rows = folder.items("activities.yml", required, optional)
    activities = keyed(rows, make, "uid")
    _refuse_shared_addresses(rows, activities)
    return activities


def _refuse_shared_addresses(rows: Sequence[Row], activities: Mapping[str, Activity]) -> None:
    # An occurrence at another time than its series' has the time behind the uid in its address.
    for activity in activities.values():
        for added in activity.rdate:
            other = f"{activity.uid}-{added:%H%M}"
            if added.time() == activity.dtstart.time() or other not in activities:
                continue
            for row in rows:
                if row.plain("uid") == other:
                    row.refuse(
                        "uid",
                        f"与「{activity.uid}」在{added:%H:%M}加办的一场（rdate）网址和编号会相同",
                        f"换一个编号，例如「{other.replace('-', '_')}」",
                    )


def _read_activity(row: Row, uid: str, venues: Mapping[str, Venue]) -> Activity:
    is_all_day = bool(re.fullmatch(r"[0-9/-]+", row.plain("dtstart")))
    start = row.get("dtstart", moment(time()) if is_all_day else moment())
    duration = row.get("duration", DURATION)
    if is_all_day and duration % timedelta(days=1):
        row.refuse(
            "dtstart",
            f"「{row.plain('dtstart')}」不是日期加时间",
            "写成「2026-10-12 19:00」的样子；全天的活动，把duration写成「P1D」（一天）",
        )
    taken_out = row.each("exdate", cancelled(start.time()))
    if row.is_filled("rrule") and row.is_filled("rule"):
        row.refuse("rule", "rrule和rule只能填一个", "删掉一个")
    return Activity(
        uid=uid,
        summary=named(row, "summary"),
        category=row.get("category", choice(ACTIVITY_CATEGORIES)),
        location_id=row.get("location_id", known(venues, "场所")),
        dtstart=start,
        duration=duration,
        rrule=row.maybe("rrule", _recurrence(start), ""),
        rule=row.maybe("rule", choice(ACTIVITY_RULES), ""),
        exdate=tuple(at for at, _ in taken_out),
        rdate=row.each("rdate", moment(start.time())),
        audience=row.maybe("audience", TEXT, ""),
        capacity=row.maybe("capacity", whole(1, 100_000), None),
        status=row.maybe("status", choice(ACTIVITY_STATUSES), "CONFIRMED"),
        description=row.maybe("description", PARAGRAPH, ""),
        words=row.each("words", TEXT),
        phone=row.maybe("phone", PHONE, ""),
        place=f"{row.item}，第 {row.line} 行",
        is_all_day=is_all_day,
        reasons=tuple((at, reason) for at, reason in taken_out if reason),
    )


def _is_of_a_former_term(activity: Activity, at: datetime, terms: Sequence[SchoolTerm]) -> bool:
    """Whether it was a day of a term that is written no more, as each year brings others."""
    return activity.rule == "school_days" and bool(terms) and at.date() < terms[0].start


def _check_changes(
    row: Row, activity: Activity, terms: Sequence[SchoolTerm], calendar: WorkCalendar
) -> None:
    for position, at in enumerate(activity.exdate, 1):
        if activity.exdate.index(at) < position - 1:
            row.refuse(
                f"exdate 第 {position} 项",
                f"{at:%Y-%m-%d %H:%M}写了两次",
                "删掉一个",
                row.cells["exdate"].line,
            )
        if at in activity.rdate or _is_of_a_former_term(activity, at, terms):
            continue
        if not _happens(activity, at, terms, calendar):
            row.refuse(
                f"exdate 第 {position} 项",
                f"{at:%Y-%m-%d %H:%M}本来就没有这项活动",
                f"核对日期；时间要与首次相同（{activity.dtstart:%H:%M}）",
                row.cells["exdate"].line,
            )
    for position, added in enumerate(activity.rdate, 1):
        if _happens(activity, added, terms, calendar):
            row.refuse(
                f"rdate 第 {position} 项",
                f"{added:%Y-%m-%d %H:%M}本来就有这项活动",
                "删掉这一项",
                row.cells["rdate"].line,
            )


def _happens(
    activity: Activity, at: datetime, terms: Sequence[SchoolTerm], calendar: WorkCalendar
) -> bool:
    """Whether the series by itself has this occurrence.

    Where the terms could not be read or the year's days off are not announced yet, a day that
    fits otherwise is believed.
    """
    if activity.rrule:
        return bool(_expand(activity.rrule, activity.dtstart).between(at, at, inc=True))
    if not activity.rule:
        return at == activity.dtstart
    if at < activity.dtstart or at.time() != activity.dtstart.time():
        return False
    if activity.rule == "school_days" and terms and not in_term(terms, at.date()):
        return False
    return not calendar.knows(at.year) or calendar.is_workday(at.date())

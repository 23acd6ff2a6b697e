"""Calendar files (.ics): one for each occurrence, and feeds to subscribe to, quiet or reminding.

Times are written in UTC, so that no reader needs a time zone's definition. An event is serialized
once (the library takes 0.2 ms for it) and its bytes stand in every feed that it belongs to; so are
an activity's alarms and the head of the files that hold one occurrence.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import isfinite
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event

from forms_app.community import Circle
from forms_app.radius.occurrences import Occurrence, Programme, goes_on
from forms_app.rules.worktime import CHINA
from pages import times

DAYS = 60
FOLLOWED = timedelta(days=400)  # so long a phone may ask for a series that is over
WGS84 = "wgs84"  # the only one that GEO may be in (RFC 5545, 3.8.1.6)
REFRESH = timedelta(hours=12)
EVENING = time(19)  # of the day before
AN_HOUR = timedelta(hours=1)
_END = b"END:VCALENDAR\r\n"
_EVENT_END = b"END:VEVENT\r\n"


def files(
    circle: Circle, coming: Programme, today: date, events: Mapping[str, bytes]
) -> dict[str, bytes]:
    """A file for each occurrence, and feeds for each community and each activity, by path; none
    of what has long been over: after ten years that would be thousands of empty ones."""
    made = {f"calendar/{o.key}.ics": feed("", [o], events) for o in coming.occurrences}
    loud = reminding(soon(coming, today), events)
    by_community: dict[str, list[Occurrence]] = {key: [] for key in circle.communities}
    by_series: dict[str, list[Occurrence]] = {uid: [] for uid in circle.activities}
    for occurrence in soon(coming, today):
        venue = circle.venues[occurrence.activity.location_id]
        by_community[venue.community_id].append(occurrence)
        by_series[occurrence.activity.uid].append(occurrence)
    for community in circle.communities.values():
        name = f"{circle.name} {community.name}"
        made |= both(
            community_address(community.id), name, by_community[community.id], events, loud
        )
    for activity in circle.activities.values():
        if not goes_on(activity, circle.school_terms, today - FOLLOWED):
            continue
        same = by_series[activity.uid]
        made |= both(series_address(activity.uid), activity.summary, same, events, loud)
    return made


def both(
    address: str,
    name: str,
    occurrences: Iterable[Occurrence],
    events: Mapping[str, bytes],
    loud: Mapping[str, bytes],
) -> dict[str, bytes]:
    """The feed at this path, and the one beside it that reminds; `loud` is of `reminding`."""
    shown = tuple(occurrences)
    return {
        address: feed(name, shown, events),
        reminding_address(address): feed(name, shown, loud),
    }


def reminding_address(address: str) -> str:
    """The path of a feed that says the same and reminds."""
    return f"{address.removesuffix('.ics')}-remind.ics"


def community_address(community_id: str) -> str:
    """The path of a community's feed."""
    return f"calendar/{community_id}.ics"


def series_address(uid: str) -> str:
    """The path of an activity's feed."""
    return f"calendar/series/{uid}.ics"


def soon(coming: Programme, today: date) -> tuple[Occurrence, ...]:
    """What stands in feeds: 60 days, today being the first."""
    return coming.between(today, today + timedelta(days=DAYS - 1))


def serialized(
    circle: Circle, occurrences: Iterable[Occurrence], public_url: str
) -> dict[str, bytes]:
    """The VEVENT of each occurrence by key. It does not change until its activity does."""
    host = urlsplit(public_url).hostname or "circle"
    return {o.key: _event(circle, o, public_url, host).to_ical() for o in occurrences}


def reminding(occurrences: Iterable[Occurrence], events: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same events with alarms: the evening before, and an hour before it begins.

    What is cancelled reminds nobody; what lasts all day is told of the evening before alone.
    """
    return {o.key: _with_alarms(o, events[o.key]) for o in occurrences}


def _with_alarms(occurrence: Occurrence, event: bytes) -> bytes:
    if occurrence.is_cancelled:
        return event
    before = datetime.combine(occurrence.day - timedelta(days=1), EVENING, CHINA)
    starts = occurrence.start
    if occurrence.activity.is_all_day:
        starts = datetime.combine(occurrence.day, time(), CHINA)
    ahead = [starts - before] + ([] if occurrence.activity.is_all_day else [AN_HOUR])
    alarms = b"".join(_alarm(occurrence.activity.summary, length) for length in ahead)
    return event.removesuffix(_EVENT_END) + alarms + _EVENT_END


@lru_cache(maxsize=4_096)  # the same for every occurrence of an activity
def _alarm(summary: str, ahead: timedelta) -> bytes:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", -ahead)
    written: bytes = alarm.to_ical()
    return written


def feed(name: str, occurrences: Iterable[Occurrence], events: Mapping[str, bytes]) -> bytes:
    """A calendar of these occurrences, `events` being what `serialized` made of them.

    `name` is what a calendar program calls it; without one it is a file to add once.
    """
    return b"".join((_head(name), *(events[occurrence.key] for occurrence in occurrences), _END))


@lru_cache(maxsize=64)  # most files have no name
def _head(name: str) -> bytes:
    written: bytes = _calendar(name).to_ical()
    return written.removesuffix(_END)


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Ten-Minute Circle//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", "Asia/Shanghai")
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT12H")
    return calendar


def _event(circle: Circle, occurrence: Occurrence, public_url: str, host: str) -> Event:
    activity = occurrence.activity
    venue = circle.venues[activity.location_id]
    event = Event()
    event.add("uid", f"{occurrence.day:%Y%m%d}-{occurrence.key[11:]}@{host}")
    event.add("dtstamp", _stamp(occurrence.day))
    if activity.is_all_day:
        event.add("dtstart", occurrence.day)
        event.add("dtend", occurrence.end.date())
    else:
        event.add("dtstart", occurrence.start.astimezone(UTC))
        event.add("dtend", occurrence.end.astimezone(UTC))
    state = f"（{times.change(occurrence)}）" if occurrence.is_cancelled else ""
    event.add("summary", f"{state}{activity.summary}")
    event.add("location", "，".join(filter(None, (venue.name, venue.address))))
    if circle.coord_system == WGS84 and isfinite(venue.latitude):
        event.add("geo", (venue.latitude, venue.longitude))
    event.add("status", occurrence.status)
    because = f"原因：{occurrence.reason}" if occurrence.reason else ""
    if because or activity.description:
        event.add("description", "\n".join(filter(None, (because, activity.description))))
    if public_url:
        event.add("url", f"{public_url.rstrip('/')}/{occurrence.address}")
    return event


def _stamp(day: date) -> datetime:
    # The moment of making would make every build differ from the last; four months before, the
    # day was not in the calendar yet.
    first = (day.replace(day=1) - timedelta(days=110)).replace(day=1)
    return datetime.combine(first, time(), CHINA).astimezone(UTC)

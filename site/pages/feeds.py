"""Calendar files (.ics): one for each occurrence, and one for each community to subscribe to.

Times are written in UTC, so that no reader needs a time zone's definition.
"""

from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from forms_app.occurrences import Occurrence, Programme
from forms_app.records import Circle
from forms_app.worktime import CHINA


def files(circle: Circle, coming: Programme, public_url: str) -> dict[str, bytes]:
    """The calendar files by path. Nothing in them changes until an activity does."""
    # A stamp of the moment of making would make every build differ from the last.
    stamp = datetime.combine(coming.start, time(), CHINA).astimezone(UTC)
    host = urlsplit(public_url).hostname or "circle"
    feeds = {
        community.id: _calendar(f"{circle.name} {community.name}")
        for community in circle.communities.values()
    }
    made = {}
    for occurrence in coming.occurrences:
        event = _event(circle, occurrence, public_url, host, stamp)
        single = _calendar()
        single.add_component(event)
        made[f"calendar/{occurrence.key}.ics"] = single.to_ical()
        venue = circle.venues[occurrence.activity.location_id]
        feeds[venue.community_id].add_component(event)
    for community_id, feed in feeds.items():
        made[f"calendar/{community_id}.ics"] = feed.to_ical()
    return made


def _calendar(name: str = "") -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Ten-Minute Circle//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", "Asia/Shanghai")
        calendar.add("x-published-ttl", "PT12H")
    return calendar


def _event(
    circle: Circle, occurrence: Occurrence, public_url: str, host: str, stamp: datetime
) -> Event:
    activity = occurrence.activity
    venue = circle.venues[activity.location_id]
    event = Event()
    day, _, rest = occurrence.key.partition(f"-{activity.uid}")
    event.add("uid", f"{day.replace('-', '')}-{activity.uid}{rest}@{host}")
    event.add("dtstamp", stamp)
    event.add("dtstart", occurrence.start.astimezone(UTC))
    event.add("dtend", occurrence.end.astimezone(UTC))
    event.add(
        "summary", f"（已取消）{activity.summary}" if occurrence.is_cancelled else activity.summary
    )
    event.add("location", "，".join(filter(None, (venue.name, venue.address))))
    event.add("status", activity.status)
    if activity.description:
        event.add("description", activity.description)
    if public_url:
        event.add("url", f"{public_url.rstrip('/')}/{occurrence.address}")
    return event

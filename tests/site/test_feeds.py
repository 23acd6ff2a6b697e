"""The calendar's files to subscribe to, read back by a calendar program."""

import re
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from msgspec.structs import replace
from pages import Site, feeds, make

from forms_app.community import Circle
from forms_app.radius.occurrences import programme
from forms_app.rules.worktime import CHINA, WorkCalendar, local_day
from tests.site.conftest import ADDRESS, TODAY, changed, crowded, occurrence_pages, only


def test_a_communitys_feed_reads_back_with_the_next_sixty_days(circle: Circle, site: Site):
    events = [
        event
        for community in circle.communities
        for event in Calendar.from_ical(site.files[f"calendar/{community}.ics"]).walk("VEVENT")
    ]
    days = sorted(local_day(event.start) for event in events)
    assert days[0] == TODAY
    assert days[-1] == TODAY + timedelta(days=59)
    expected = [
        path
        for path in occurrence_pages(site)
        if TODAY <= date.fromisoformat(path[9:19]) < TODAY + timedelta(days=60)
    ]
    assert len(events) == len(expected)
    assert len({event["UID"] for event in events}) == len(events)
    choir = next(e for e in events if e["UID"] == "20261125-choir@circle.example.cn")
    assert choir.start.astimezone(CHINA).strftime("%H:%M") == "15:00"
    assert choir.start.utcoffset() == timedelta(0)
    assert choir["URL"] == f"{ADDRESS}/calendar/2026-11-25-choir/"
    assert choir["DTSTAMP"].dt.astimezone(UTC).date() < TODAY


def test_a_series_has_a_feed_of_its_own(site: Site):
    feed = Calendar.from_ical(site.files["calendar/series/choir.ics"])
    starts = [local_day(event.start) for event in feed.walk("VEVENT")]
    assert starts == [date(2026, 11, 25) + timedelta(weeks=n) for n in range(9)]
    assert feed["X-WR-CALNAME"] == "金桂合唱团排练"


def test_a_series_that_has_long_been_over_has_none(circle: Circle) -> None:
    def files(last: date) -> set[str]:
        begun = datetime(2020, 1, 1, 9, tzinfo=CHINA)
        rule = f"FREQ=WEEKLY;UNTIL={last:%Y%m%d}"
        over = changed(only(circle, "choir"), "choir", rrule=rule, dtstart=begun, exdate=())
        coming = programme(over.activities.values(), WorkCalendar(), (), TODAY, TODAY)
        made = feeds.files(over, coming, TODAY, {})
        return {path for path in made if "/series/" in path}

    assert files(TODAY - timedelta(days=500)) == set()
    just_over = files(TODAY - timedelta(days=300))
    assert just_over == {"calendar/series/choir.ics", "calendar/series/choir-remind.ics"}


def test_feeds_ask_to_be_read_again_and_keep_to_the_standards_lines(site: Site):
    for path, content in site.files.items():
        if not path.endswith(".ics"):
            continue
        assert b"\n" not in content.replace(b"\r\n", b""), path
        assert all(len(line) <= 75 for line in content.split(b"\r\n")), path
        content.decode("utf-8")
        assert b"VTIMEZONE" not in content
    feed = site.files["calendar/jingui.ics"]
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" in feed
    assert b"X-PUBLISHED-TTL:PT12H\r\n" in feed


def alarms(site_file: bytes, key: str) -> list[datetime]:
    """When the event of this uid's beginning reminds, in Beijing time."""
    (event,) = [
        event for event in Calendar.from_ical(site_file).walk("VEVENT")
        if str(event["UID"]).startswith(key)
    ]  # fmt: skip
    begins = event["DTSTART"].dt
    if not isinstance(begins, datetime):
        begins = datetime.combine(begins, datetime.min.time(), CHINA)
    return [
        (begins + alarm["TRIGGER"].dt).astimezone(CHINA)
        for alarm in event.subcomponents
        if alarm.name == "VALARM"
    ]


def test_a_second_feed_says_the_same_and_reminds_the_evening_before_and_an_hour_before(site: Site):
    quiet = [path for path in site.files if path.endswith("-remind.ics")]
    for path in quiet:
        plain = site.files[path.replace("-remind.ics", ".ics")]
        without = re.sub(rb"BEGIN:VALARM\r\n.*?END:VALARM\r\n", b"", site.files[path], flags=re.S)
        assert without == plain, path
        assert b"VALARM" not in plain
    assert {"calendar/jingui-remind.ics", "calendar/series/choir-remind.ics"} <= set(quiet)
    feed = site.files["calendar/series/choir-remind.ics"]
    assert alarms(feed, "20261125-choir") == [
        datetime(2026, 11, 24, 19, tzinfo=CHINA),
        datetime(2026, 11, 25, 14, tzinfo=CHINA),
    ]


def test_what_is_cancelled_reminds_nobody_and_a_whole_day_only_the_evening_before(circle: Circle):
    circle = only(circle, "choir")
    off = changed(circle, "choir", exdate=(datetime(2026, 11, 25, 15, tzinfo=CHINA),))
    feed = make(off, None, TODAY).files["calendar/series/choir-remind.ics"]
    assert alarms(feed, "20261125-choir") == []
    whole = changed(circle, "choir", is_all_day=True)
    feed = make(whole, None, TODAY).files["calendar/series/choir-remind.ics"]
    assert alarms(feed, "20261125-choir") == [datetime(2026, 11, 24, 19, tzinfo=CHINA)]


@pytest.mark.parametrize(("system", "says"), [("wgs84", True), ("gcj02", False), ("none", False)])
def test_a_place_is_given_in_degrees_only_where_they_are_the_worlds(
    circle: Circle, system: str, says: bool
):
    there = replace(only(circle, "choir"), coord_system=system)
    files = make(there, None, TODAY, ADDRESS).files
    (event,) = Calendar.from_ical(files["calendar/2026-11-25-choir.ics"]).walk("VEVENT")
    assert ("GEO" in event) == says
    assert event["LOCATION"]
    assert str(event["URL"]).startswith(ADDRESS)


def test_the_page_to_subscribe_has_both_ways_for_every_feed_and_steps_for_every_phone(
    circle: Circle, nowhere: Site
):
    choir = only(circle, "choir")
    page = make(choir, None, TODAY, "https://c.example/sub/").pages["calendar/subscribe.md"]
    for community in circle.communities:
        for rest in ("", "-remind"):
            assert f'href="webcal://c.example/sub/calendar/{community}{rest}.ics"' in page
        assert f"https://c.example/sub/calendar/{community}-remind.ics" in page
    for phone in ("苹果", "华为", "小米", "谷歌", "Outlook"):
        assert f"<summary>{phone}" in page or f"、{phone}" in page
    assert "wechat-only" in page
    unknown = nowhere.pages["calendar/subscribe.md"]
    assert "webcal:" not in unknown
    assert 'href="../../calendar/jingui-remind.ics"' in unknown


def test_commas_semicolons_and_lines_come_back_as_they_were_written(circle: Circle):
    said = "带上：水杯，毛巾; 歌谱,\n第二行 \\ 反斜杠" + "很长的说明" * 20
    files = make(changed(only(circle, "choir"), "choir", description=said), None, TODAY).files
    (event,) = Calendar.from_ical(files["calendar/2026-11-25-choir.ics"]).walk("VEVENT")
    assert event["DESCRIPTION"] == said


def test_an_event_keeps_its_bytes_from_one_day_and_month_to_the_next(circle: Circle):
    circle = only(circle, "choir", "new_year_show")
    first = make(circle, None, TODAY).files
    for today in (TODAY + timedelta(days=1), date(2026, 12, 1)):
        later = make(circle, None, today).files
        for key in ("2026-12-02-choir", "2026-12-31-new_year_show"):
            assert first[f"calendar/{key}.ics"] == later[f"calendar/{key}.ics"]
            event = first[f"calendar/{key}.ics"].partition(b"BEGIN:VEVENT")[2]
            assert event.partition(b"END:VEVENT")[0] in b"".join(
                later[f"calendar/{community}.ics"] for community in circle.communities
            )


def test_two_hundred_feeds_of_two_thousand_occurrences_are_made_in_a_second(circle: Circle):
    first, last = TODAY, TODAY + timedelta(days=59)
    many = crowded(circle, 34).activities.values()
    coming = programme(many, WorkCalendar(), (), first, last)
    assert len(coming.occurrences) > 2000
    began = time.process_time()
    events = feeds.serialized(circle, coming.occurrences, ADDRESS)
    made = [feeds.feed(f"小区{n}", coming.occurrences, events) for n in range(200)]
    assert time.process_time() - began < 5
    assert made[7].count(b"BEGIN:VEVENT") == len(coming.occurrences)


def test_without_an_address_the_calendar_has_none(nowhere: Site):
    (event,) = Calendar.from_ical(nowhere.files["calendar/2026-11-25-choir.ics"]).walk("VEVENT")
    assert event["UID"] == "20261125-choir@circle"
    assert "URL" not in event

"""The calendar's pages and files, and what the home page shows of it."""

import re
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from pages import Site, make
from pages.calendar import months, weeks, window

from forms_app.records import Circle, load
from forms_app.worktime import CHINA, WorkCalendar

COMMUNITY = Path(__file__).parents[1] / "data" / "community"
TODAY = date(2026, 11, 23)
ADDRESS = "https://circle.example.cn/huangjinling"


@pytest.fixture(scope="module")
def circle() -> Circle:
    return load(COMMUNITY)


@pytest.fixture(scope="module")
def site(circle: Circle) -> Site:
    return make(circle, None, TODAY, ADDRESS)


def occurrence_pages(site: Site) -> dict[str, str]:
    return {
        path: text
        for path, text in site.pages.items()
        if re.match(r"calendar/\d{4}-\d\d-\d\d-", path)
    }


@pytest.mark.parametrize(
    "today", [date(2026, 1, 31), date(2026, 11, 1), date(2026, 11, 30), date(2028, 2, 29)]
)
def test_the_window_holds_whole_months_and_sixty_days(today: date):
    first, last = window(today)
    assert first == today.replace(day=1)
    assert last >= today + timedelta(days=60)
    for month in months(today):
        assert first <= month <= last


def test_three_months_follow_one_another_across_the_years_end():
    assert months(date(2026, 11, 23)) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


def test_a_month_is_made_of_whole_weeks_from_monday():
    squares = weeks(date(2026, 11, 1), (), TODAY, WorkCalendar())
    assert all(len(week) == 7 and week[0].date.weekday() == 0 for week in squares)
    inside = [day.date.day for week in squares for day in week if not day.is_outside]
    assert inside == list(range(1, 31))
    assert [day.date for week in squares for day in week if day.is_today] == [TODAY]


def test_days_off_and_days_worked_for_them_are_marked_and_an_unknown_year_is_not():
    marks = {
        day.date.day: day.mark
        for week in weeks(date(2026, 10, 1), (), TODAY, WorkCalendar())
        for day in week
        if day.mark
    }
    assert marks[1] == "休"
    assert marks[10] == "班"
    unknown = weeks(date(2027, 1, 1), (), TODAY, WorkCalendar())
    assert not any(day.mark for week in unknown for day in week)


def test_every_occurrence_has_a_page_and_a_calendar_file(site: Site):
    pages = occurrence_pages(site)
    assert len(pages) > 50
    for path in pages:
        assert path.replace(".md", ".ics") in site.files


def test_an_occurrences_page_says_when_where_and_for_whom(circle: Circle, site: Site):
    activity = circle.activities["choir"]
    venue = circle.venues[activity.location_id]
    page = site.pages["calendar/2026-11-25-choir.md"]
    assert "2026年11月25日 周三" in page
    assert "15:00至17:00" in page
    assert venue.name in page
    assert activity.audience in page
    assert "40人" in page
    assert 'href="../../ratings/new?about=activity:choir"' in page
    assert 'href="../../calendar/2026-11-25-choir.ics"' in page


def test_a_cancelled_activity_is_shown_as_cancelled_everywhere(circle: Circle, site: Site):
    (cancelled,) = (a for a in circle.activities.values() if a.status == "CANCELLED")
    key = f"{cancelled.dtstart:%Y-%m-%d}-{cancelled.uid}"
    assert "已取消" in site.pages[f"calendar/{key}.md"]
    month = site.pages[f"calendar/{cancelled.dtstart:%Y-%m}.md"]
    for entry in re.findall(rf"<li>[^\n]*{key}/[^\n]*</li>", month):
        assert "已取消" in entry
    (event,) = Calendar.from_ical(site.files[f"calendar/{key}.ics"]).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"


def test_a_month_is_a_table_with_a_caption_and_a_day_list_for_phones(site: Site):
    month = site.pages["calendar/2026-12.md"]
    assert month.count("<caption") == 1
    assert month.count('<th scope="col">') == 7
    assert 'class="day-list only-narrow"' in month
    assert "2027年1月" in month


def test_activities_whose_days_are_not_known_yet_are_named(site: Site):
    assert "2027年的放假调休安排还没有录入" in site.pages["calendar/2027-01.md"]
    assert "放假调休安排" not in site.pages["calendar/2026-12.md"]


def test_a_communitys_feed_reads_back_with_every_occurrence(circle: Circle, site: Site):
    events = [
        event
        for community in circle.communities
        for event in Calendar.from_ical(site.files[f"calendar/{community}.ics"]).walk("VEVENT")
    ]
    assert len(events) == len(occurrence_pages(site))
    assert len({event["UID"] for event in events}) == len(events)
    choir = next(e for e in events if e["UID"] == "20261125-choir@circle.example.cn")
    assert choir.start.astimezone(CHINA).strftime("%H:%M") == "15:00"
    assert choir.start.utcoffset() == timedelta(0)
    assert choir["URL"] == f"{ADDRESS}/calendar/2026-11-25-choir/"
    assert choir["DTSTAMP"].dt.astimezone(UTC).date() < TODAY


def test_calendar_files_do_not_change_from_one_day_to_the_next(circle: Circle):
    first = make(circle, None, TODAY).files
    second = make(circle, None, TODAY + timedelta(days=1)).files
    assert first == second


def test_without_an_address_the_calendar_has_none(circle: Circle):
    files = make(circle, None, TODAY).files
    (event,) = Calendar.from_ical(files["calendar/2026-11-25-choir.ics"]).walk("VEVENT")
    assert event["UID"] == "20261125-choir@circle"
    assert "URL" not in event


def test_the_home_page_shows_seven_days_from_today(site: Site):
    week = site.parts["home-week"]
    assert "11月23日 周一（今天）" in week
    assert "11月29日 周日" in week
    assert "11月30日" not in week
    assert "11月22日" not in week


def test_a_week_without_activities_says_so(circle: Circle):
    empty = make(replace(circle, activities={}), None, TODAY)
    assert "没有安排活动" in empty.parts["home-week"]
    assert "还没有安排活动" in empty.parts["calendar-index"]
    assert occurrence_pages(empty) == {}

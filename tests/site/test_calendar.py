"""The calendar's pages and files, and what the home page shows of it."""

import re
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from msgspec.structs import replace
from pages import Site, calendar, feeds, make
from pages.choices import choices
from pages.months import squares
from pages.weeks import week_address

from forms_app.community import Circle, load
from forms_app.radius.occurrences import programme, window
from forms_app.rules.worktime import CHINA, WorkCalendar
from tests.support.running import ROOT

COMMUNITY = ROOT / "data" / "community"
TODAY = date(2026, 11, 23)
ADDRESS = "https://circle.example.cn/huangjinling"


@pytest.fixture(scope="module")
def circle() -> Circle:
    return load(COMMUNITY)


@pytest.fixture(scope="module")
def site(circle: Circle) -> Site:
    return make(circle, None, TODAY, ADDRESS)


@pytest.fixture(scope="module")
def nowhere(circle: Circle) -> Site:
    """The same of an office that has not said where its pages are found."""
    return make(circle, None, TODAY)


def occurrence_pages(site: Site) -> dict[str, str]:
    return {
        path: text
        for path, text in site.pages.items()
        if re.match(r"calendar/\d{4}-\d\d-\d\d-", path)
    }


def test_a_month_is_made_of_whole_weeks_from_monday():
    table = squares(date(2026, 11, 1), (), TODAY, WorkCalendar())
    assert all(len(week) == 7 and week[0].date.weekday() == 0 for week in table)
    inside = [day.date.day for week in table for day in week if not day.is_outside]
    assert inside == list(range(1, 31))
    assert [day.date for week in table for day in week if day.is_today] == [TODAY]


def test_days_off_and_days_worked_for_them_are_marked_and_an_unknown_year_is_not():
    marks = {
        day.date.day: day.mark
        for week in squares(date(2026, 10, 1), (), TODAY, WorkCalendar())
        for day in week
        if day.mark
    }
    assert marks[1] == "休"
    assert marks[10] == "班"
    unknown = squares(date(2027, 1, 1), (), TODAY, WorkCalendar())
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
    assert "ratings/new" not in page  # it has not begun
    assert "11月25日 周三 15:00开始以后，可以在这一页评价" in page
    before = site.pages["calendar/2026-11-18-choir.md"]
    assert 'href="../../ratings/new?about=activity:choir"' in before
    assert "每周三 15:00，到2027年6月底" in page
    assert 'href="../../calendar/2026-11-25-choir.ics"' in page


def changed(circle: Circle, uid: str, **changes: object) -> Circle:
    """The circle with one activity changed."""
    activities = dict(circle.activities)
    activities[uid] = replace(activities[uid], **changes)  # type: ignore[arg-type]
    return replace(circle, activities=activities)


def only(circle: Circle, *uids: str) -> Circle:
    """The circle with none but these activities, whose site is made in a third of the time."""
    return replace(circle, activities={uid: circle.activities[uid] for uid in uids})


def test_what_is_over_invites_to_rate_and_to_nothing_else(site: Site):
    held, coming = (
        next(
            page
            for path, page in sorted(occurrence_pages(site).items(), reverse=latest)
            if "请不要白跑" not in page and ("这一场已经结束了" in page) is not latest
        )
        for latest in (False, True)
    )
    for invitation in (".ics", "约邻居", "请先打电话报名"):
        assert invitation not in held.partition("后面几场")[0], invitation
    assert "去过的，评一评" in held
    assert "约邻居" in coming
    assert "加到手机日历" in coming


@pytest.mark.parametrize(
    ("uid", "key"),
    [("fun_games", "2026-11-28-fun_games"), ("square_dance", "2026-12-05-square_dance")],
)
def test_what_is_cancelled_is_struck_through_and_says_so_everywhere(
    circle: Circle, uid: str, key: str
):
    off = datetime(2026, 12, 5, 19, tzinfo=CHINA)
    site = make(
        changed(only(circle, "fun_games", "square_dance"), "square_dance", exdate=(off,)),
        None,
        TODAY,
    )
    shown = {path: page for path, page in site.pages.items() if f"calendar/{key}/" in page}
    month = key[:7]
    day = date.fromisoformat(key[:10])
    community = circle.venues[circle.activities[uid].location_id].community_id
    for path in (
        f"calendar/{month}.md",
        f"calendar/{month}/community/{community}.md",
        week_address(day).rstrip("/") + ".md",
    ):
        assert path in shown
    english = {path for path in shown if path.startswith("en/")}
    for path in english:
        marks = re.findall(
            rf'calendar/{key}/"[^>]*>[^<]*</a></s>(.{{0,60}})', shown[path], re.DOTALL
        )
        assert marks, path
        assert all("Cancelled" in after or "Moved to" in after for after in marks), path
    for path in shown.keys() - english:
        page = shown[path]
        found = re.findall(rf'<a href="[^"]*calendar/{key}/">(.*?)</a>(.{{0,50}})', page)
        assert found, path
        for words, after in found:
            assert words.startswith("<s>"), path
            assert "已取消" in after, path
    assert "请不要白跑" in site.pages[f"calendar/{key}.md"]
    assert "加到手机日历" not in site.pages[f"calendar/{key}.md"]
    (event,) = Calendar.from_ical(site.files[f"calendar/{key}.ics"]).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"
    assert "已取消" in event["SUMMARY"]


def test_a_month_is_a_table_with_a_caption_and_for_phones_one_week_and_the_ways_to_the_others(
    site: Site,
):
    month = site.pages["calendar/2026-12.md"]
    assert month.count("<caption") == 1
    assert month.count('<th scope="col">') == 7
    narrow = month.partition('<div class="only-narrow">')[2]
    assert "<h2>11月30日至12月6日</h2>" in narrow
    assert '<a href="../../calendar/2026-W53/">2026年12月28日至2027年1月3日</a>' in narrow
    assert narrow.count("<h3>") == 7
    assert "2027年1月" in month


def test_a_phone_opens_this_month_at_this_week_with_what_is_past_folded(circle: Circle):
    index = make(circle, None, date(2026, 11, 26)).parts["calendar-index"]
    narrow = index.partition('<div class="only-narrow">')[2]
    coming, _, past = narrow.partition("<details>")
    assert "<h2>11月23日至29日（本周）</h2>" in coming
    assert "11月26日 周四（今天）" in coming
    assert "11月25日" not in coming
    assert "11月25日 周三" in past.partition("</details>")[0]


def test_elders_find_the_weeks_to_come_and_at_a_months_end_those_that_were(circle: Circle):
    for today, is_hidden in ((date(2026, 11, 16), True), (date(2026, 11, 30), False)):
        weeks = make(circle, None, today).parts["calendar-index"].partition("week-links")[2]
        assert ('class="not-elder"' in weeks.partition("</ul>")[0]) is is_hidden, today


def test_a_week_across_the_years_end_has_a_page_with_both_years(site: Site):
    page = site.pages["calendar/2026-W53.md"]
    assert "<h1>2026年12月28日至2027年1月3日的活动</h1>" in page
    assert "12月31日 周四" in page
    assert "1月2日 周六" in page
    assert "calendar/2026-W52/" in page
    assert "calendar/2027-W01/" in page
    assert "2027年的放假调休安排还没有录入" in page


def test_a_week_across_a_months_end_and_a_leap_day_is_whole(circle: Circle):
    dance = changed(circle, "square_dance", rrule="FREQ=DAILY;UNTIL=20280401")
    site = make(dance, None, date(2028, 2, 29))
    days = re.findall(r'<li id="day-([\d-]+)"', site.pages["calendar/2028-W09.md"])
    assert days == ["2028-02-28", "2028-02-29", *(f"2028-03-0{day}" for day in range(1, 6))]


def test_every_day_of_the_published_weeks_has_its_week_and_every_link_of_weeks_its_page(site: Site):
    weeks = sorted(path for path in site.pages if re.match(r"calendar/\d{4}-W", path))
    assert weeks[0] == "calendar/2026-W44.md"
    assert weeks[-1] == "calendar/2027-W04.md"
    assert len(weeks) == 14
    for path, page in site.pages.items():
        for address in re.findall(r'href="(?:\.\./)*(calendar/[^"#]+)/(?:#[^"]*)?"', page):
            assert f"{address}.md" in site.pages, path


def test_each_choice_of_community_and_kind_is_a_page_with_its_own_table(circle: Circle, site: Site):
    assert len(choices(circle)) == 3 * 5
    page = site.pages["calendar/2026-12/community/yinxing/kind/volunteering.md"]
    name = circle.communities["yinxing"].name
    assert f"<h1>2026年12月活动日历：{name}、社区志愿服务</h1>" in page
    assert "义务理发" in page
    assert "广场舞晚练" not in page
    assert "早间量血压" not in page
    assert 'href="../../../../../../calendar/2027-01/community/yinxing/kind/volunteering/"' in page


def test_the_present_choice_is_marked_and_every_choice_tells_how_many_there_are(
    circle: Circle, site: Site
):
    page = site.pages["calendar/2026-12/community/yinxing.md"]
    chips = re.findall(r'<a class="chip" href="[^"]*/(calendar/[^"]*)"([^>]*)>(.*?)<', page)
    half = chips[: len(chips) // 2]
    assert [words.strip() for _, marked, words in half if marked] == [
        circle.communities["yinxing"].name,
        "全部",
    ]
    counts = dict(re.findall(r'/(calendar/2026-12/[^"]*)"[^>]*>[^<]*<span>(\d+)场', page))
    whole = counts["calendar/2026-12/"]
    parts = [counts[f"calendar/2026-12/community/{key}/"] for key in circle.communities]
    assert int(whole) == sum(map(int, parts)) > 50
    for address, count in counts.items():
        other = site.pages[f"{address.rstrip('/')}.md"]
        narrow = other.partition('<div class="only-narrow">')[2]
        if "community" in address or "kind" in address:
            assert narrow.count('<span class="kind-icon kind-') == int(count), address


def test_with_one_community_there_is_no_choice_of_community(circle: Circle):
    (first, _) = circle.communities.values()
    venues = {key: replace(v, community_id=first.id) for key, v in circle.venues.items()}
    one = replace(circle, communities={first.id: first}, venues=venues)
    coming = programme(one.activities.values(), WorkCalendar(), (), *window(TODAY))
    pages = calendar.pages(one, coming, TODAY)
    assert not any("/community/" in path for path in pages)
    assert "按社区看" not in pages["calendar/2026-11.md"]
    assert "按种类看" in pages["calendar/2026-11.md"]


def test_a_choice_without_activities_says_so_and_leads_back(circle: Circle):
    only = {"choir": circle.activities["choir"]}
    page = make(replace(circle, activities=only), None, TODAY).pages[
        "calendar/2026-11/kind/volunteering.md"
    ]
    assert "这个月“社区志愿服务”还没有安排活动" in page
    assert 'href="../../../../calendar/2026-11/">看这个月的全部活动' in page


def test_the_notice_of_an_unknown_year_stands_only_with_what_it_concerns(site: Site):
    said = "2027年的放假调休安排还没有录入"
    assert said in site.pages["calendar/2027-01/kind/after_school.md"]
    assert said in site.pages["calendar/2027-01/community/jingui.md"]
    assert said not in site.pages["calendar/2027-01/kind/arts.md"]
    assert said not in site.pages["calendar/2026-W52.md"]
    assert said in site.pages["calendar/2026-12-31-blood_pressure.md"]
    assert said not in site.pages["calendar/2026-12-31-new_year_show.md"]


def test_the_home_pages_week_says_so_too(circle: Circle):
    assert "2027年的放假" in make(circle, None, date(2026, 12, 28)).parts["home-week"]
    assert "2027年的放假" not in make(circle, None, date(2026, 12, 24)).parts["home-week"]


def crowded(circle: Circle, a_day: int) -> Circle:
    """The circle with so many activities every day."""
    like = replace(circle.activities["choir"], rrule="FREQ=DAILY", exdate=())
    first = datetime(2026, 10, 1, 6, tzinfo=CHINA)
    many = {
        f"daily_{n}": replace(like, uid=f"daily_{n}", dtstart=first + timedelta(minutes=n * 20))
        for n in range(a_day)
    }
    return replace(circle, activities=many)


@pytest.mark.slow
def test_a_crowded_month_stays_small_and_leads_to_the_day_in_its_week(circle: Circle):
    site = make(crowded(circle, 34), None, TODAY)
    month = site.pages["calendar/2026-12.md"]
    assert month.count("还有30场") == 31
    assert 'calendar/2026-W53/#day-2026-12-28">还有30场' in month
    assert 'id="day-2026-12-28"' in site.pages["calendar/2026-W53.md"]
    assert len(month.encode()) < 150_000


def test_an_occurrences_page_leads_to_its_series_feed_and_a_single_event_has_none(site: Site):
    assert 'href="../../calendar/series/choir.ics"' in site.pages["calendar/2026-11-25-choir.md"]
    assert "订阅" not in site.pages["calendar/2026-12-31-new_year_show.md"]


def test_activities_whose_days_are_not_known_yet_are_named(site: Site):
    assert "2027年的放假调休安排还没有录入" in site.pages["calendar/2027-01.md"]
    assert "放假调休安排" not in site.pages["calendar/2026-12.md"]


def test_a_communitys_feed_reads_back_with_the_next_sixty_days(circle: Circle, site: Site):
    events = [
        event
        for community in circle.communities
        for event in Calendar.from_ical(site.files[f"calendar/{community}.ics"]).walk("VEVENT")
    ]
    days = sorted(event.start.astimezone(CHINA).date() for event in events)
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
    starts = [event.start.astimezone(CHINA).date() for event in feed.walk("VEVENT")]
    assert starts == [date(2026, 11, 25) + timedelta(weeks=n) for n in range(9)]
    assert feed["X-WR-CALNAME"] == "金桂合唱团排练"


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


def test_a_strip_leads_to_each_day_of_a_week_and_says_how_much_there_is(site: Site):
    page = site.pages["calendar/2026-W48.md"]
    strip = page.partition('<ol class="week-strip"')[2].partition("</ol>")[0]
    assert strip.count("<li") == 7
    assert 'class="is-today"><a href="#day-2026-11-23">' in strip
    for day in re.findall(r'href="#(day-[0-9-]+)"', strip):
        assert f'id="{day}"' in page
    assert f"<span>{len(by_day_of(site, '2026-11-24'))}场</span>" in strip


def by_day_of(site: Site, day: str) -> list[str]:
    return [path for path in site.pages if path.startswith(f"calendar/{day}-")]


def test_kinds_are_told_by_shape_where_they_are_chosen_and_listed(site: Site):
    month = site.parts["calendar-index"]
    for kind in ("civilization_practice", "arts", "volunteering", "after_school"):
        assert f'class="chip kind-{kind}"' in month
    assert 'class="kind-icon kind-arts"' in month

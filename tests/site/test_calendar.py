"""The calendar's pages and files, and what the home page shows of it."""

import re
from datetime import date, datetime

import pytest
from icalendar import Calendar
from msgspec.structs import replace
from pages import Site, calendar, make
from pages.choices import choices
from pages.months import squares
from pages.weeks import week_address

from forms_app.community import Circle
from forms_app.radius.occurrences import programme, window
from forms_app.rules.worktime import CHINA, WorkCalendar
from tests.site.conftest import TODAY, changed, crowded, occurrence_pages, only


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
    pages = dict(calendar.pages(one, coming, TODAY))
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

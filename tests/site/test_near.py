"""Near me: each estate's page, on a small town made by hand where every answer is known."""

import gzip
import json
import re
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar
from msgspec.structs import replace
from pages import Site, make, near

from forms_app.community import Activity, Circle, Community, Entrance, Estate, Service, Venue, Walk
from forms_app.radius.occurrences import programme
from forms_app.radius.reach import Radius
from forms_app.rules.worktime import CHINA, Clocks
from tests.support.running import ROOT

TODAY = date(2026, 11, 23)
WALKED = date(2026, 10, 12)
METRE = 1 / 110_800  # degrees of latitude here, near enough


def activity(uid: str, venue: str, start: datetime, **changed: object) -> Activity:
    made = Activity(
        uid, uid, "arts", venue, start, timedelta(hours=1), "", "", (), (), "", None,
        "CONFIRMED", "",
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


def service(key: str, *venues: str) -> Service:
    return Service(key, key, "public_order", "", "", venues, "每天", "", (), "免费", "")


@pytest.fixture(scope="module")
def circle() -> Circle:
    def venue(key: str, metres: float) -> Venue:
        return Venue(key, "jingui", f"{key}场所", 25.83 + metres * METRE, 114.9, "", "")

    def walk(entrance: str, venue_id: str, minutes: float, **changed: object) -> Walk:
        made = Walk("guiyuan", entrance, venue_id, minutes, "elder", 0, "walked", WALKED)
        return replace(made, **changed)  # type: ignore[arg-type]

    activities = [
        activity("later", "close", at(26, 9)),
        activity("sooner", "close", at(24, 9)),
        activity("evening", "side", at(25, 21, 30)),
        activity("daytime", "side", at(25, 10)),
        activity("straight", "unwalked", at(25, 10)),
        activity("called_off", "close", at(27, 9), status="CANCELLED"),
        activity("perhaps", "steep", at(27, 9), status="TENTATIVE"),
        activity("away", "far", at(25, 10)),
        activity("next_week", "close", at(30, 9)),
    ]
    return Circle(
        name="示例圈", subdistrict="示例街道", sample=True,
        communities={"jingui": Community("jingui", "金桂社区", "0797-0000-101", "示例路1号")},
        categories={}, channels={}, departments={}, zones=(), organizations={},
        estates={"guiyuan": Estate("guiyuan", "jingui", "桂园小区", 100, 20)},
        entrances=(
            Entrance("guiyuan", "南大门", 25.83, 114.9, "", True, 3),
            Entrance("guiyuan", "东侧门", 25.8301, 114.901, "06:30-21:30", True, 2),
        ),
        venues={v.id: v for v in (
            venue("far", 2000), venue("unwalked", 200), venue("steep", 150), venue("side", 250),
            venue("close", 100),
        )},
        walks=(
            walk("南大门", "close", 2.5),
            walk("南大门", "close", 1.5, pace="adult"),
            walk("南大门", "side", 9),
            walk("东侧门", "side", 6.5),
            walk("东侧门", "steep", 7, stairs=18, basis="network"),
        ),
        services={s.id: s for s in (
            service("nursing", "side", "close"), service("permits", "far"), service("home_visit"),
        )},
        activities={a.uid: a for a in activities},
        school_terms=(), coord_system="wgs84", promise_minutes=10,
        speed_kmh={"elder": 3.0, "adult": 5.1}, clocks=Clocks(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(circle: Circle) -> Site:
    return make(circle, None, TODAY)


@pytest.fixture(scope="module")
def page(site: Site) -> str:
    return body(site)


def body(site: Site, estate: str = "guiyuan") -> str:
    return site.pages[f"near/{estate}.md"].partition("\n---\n")[2]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", html.replace("&nbsp;", " ")))


def week(page: str) -> str:
    return page.partition('id="week"')[2].partition('id="services"')[0]


def block(page: str, place: str) -> str:
    """The card of one place in the week's part."""
    return words(next(card for card in re.findall(r"<li class=\"card.*?</ul>", week(page), re.S)
                      if f"{place}场所" in card))  # fmt: skip


def names(html: str) -> list[str]:
    return re.findall(r'href="[^"]*calendar/\d{4}-\d\d-\d\d-(\w+)/', html)


def test_what_is_near_stands_by_minutes_and_then_by_time(page: str):
    reached, _, unwalked = week(page).partition("<h3>待走")
    assert names(reached) == ["sooner", "later", "called_off", "daytime", "perhaps"]
    assert names(unwalked.partition("<details>")[0]) == ["straight"]


def test_every_number_says_what_it_rests_on_and_when(page: str):
    close = block(page, "close")
    assert "走6分钟 · 实地走过 不走台阶" in close  # at a glance; the exact one is folded
    assert "5.5分钟 · 实地走过，2026年10月12日 · 走南大门" in close
    assert "8.5分钟 · 实地走过，2026年10月12日 · 走东侧门（06:30-21:30开）" in block(page, "side")
    assert "9分钟 · 按街道图推算，2026年10月12日" in block(page, "steep")
    assert re.search(r"最少[67](\.\d)?分钟 · 只知道直线距离，还没有人走过", block(page, "unwalked"))
    for number in re.finditer(r"\d分钟", words(page)):
        after = words(page)[number.end() : number.end() + 9]
        about = words(page)[max(0, number.start() - 12) : number.end() + 12]
        assert re.match(r" · |（实地|（按街", after) or "10分钟" in about, about


def test_minutes_are_never_told_shorter_nor_a_bound_longer(circle: Circle):
    walks = (replace(circle.walks[0], minutes=2.41),)
    text = words(body(make(replace(circle, walks=walks), None, TODAY)))
    assert "5.5分钟 · 实地走过" in text  # 2.41 and 3 to the entrance
    bound = Radius(circle).reach("guiyuan", "unwalked").minutes
    told = re.search(r"最少([\d.]+)分钟", block(body(make(circle, None, TODAY)), "unwalked"))
    assert told
    assert bound - 0.1 < float(told[1]) <= bound


def test_a_side_gate_shut_at_the_activitys_own_time_is_not_walked_through(page: str):
    assert "daytime" in block(page, "side")
    assert "evening" not in block(page, "side")
    folded = words(week(page).partition("<details>")[2])
    assert "再远一点，这7天还有2场" in folded
    assert re.search(r"21:30 evening side场所：\s*12分钟 · 实地走过，.* · 走南大门", folded)


def test_an_adults_minutes_are_told_and_never_counted(circle: Circle, page: str):
    table = words(page.partition('id="places"')[2])
    assert "成年人约3.3分钟（实地走过，2026年10月12日）" in table  # 1.5 and 3 × 3.0/5.1
    quick = replace(circle.walks[0], venue_id="far", pace="adult", minutes=1)
    found = make(replace(circle, walks=(*circle.walks, quick)), None, TODAY)
    assert "away" not in names(week(body(found)).partition("<details>")[0])


def test_stairs_and_the_way_without_them_have_marks_of_their_own(page: str):
    steep = block(page, "steep")
    assert "路上有18级台阶" in steep
    assert "不走台阶：待走" in steep
    assert "不走台阶：能到" in block(page, "close")


def test_what_is_cancelled_or_tentative_says_so(page: str):
    assert re.search(r"<s>called_off</s></a>\s*<span[^>]*>已取消", week(page))
    assert re.search(r"perhaps</a>\s*<span[^>]*>待定", week(page))


def test_services_stand_at_their_nearest_place_and_those_without_one_apart(page: str):
    services = page.partition('id="services"')[2].partition('id="places"')[0]
    near_by, _, at_home = services.partition("不用走路的服务")
    assert near_by.count("nursing") == 2  # its address and its name
    assert near_by.index("close场所") < near_by.index("nursing")
    assert "side场所" not in near_by
    assert "home_visit" in at_home
    assert "再远一点还有1项服务，10分钟走不到" in words(at_home)


def test_the_table_holds_all_that_may_be_reached_and_folds_the_rest_by_name(page: str):
    table = page.partition('id="places"')[2]
    rows, _, folded = table.partition("</table>")
    assert re.findall(r"venues/(\w+)/", rows) == ["close", "side", "steep", "unwalked"]
    assert [int(n) for n in re.findall(r"sketch-mark[^>]*>(\d+)<", rows)] == [1, 2, 3, 4]
    assert "far场所" not in rows
    assert folded.count("far") == 0  # beyond the straight line: not even a candidate


def test_the_feed_holds_sixty_days_of_what_is_surely_reached(site: Site, circle: Circle):
    events = Calendar.from_ical(site.files["near/guiyuan.ics"]).walk("VEVENT")
    found = {str(event["UID"]).split("@")[0].partition("-")[2] for event in events}
    assert found == {"later", "sooner", "daytime", "called_off", "perhaps", "next_week"}
    coming = programme(
        circle.activities.values(), circle.clocks.calendar, (), TODAY, date(2026, 12, 31)
    )
    reached = near.within_reach(Radius(circle), "guiyuan", coming.occurrences)
    assert {o.activity.uid for o in reached} == found
    assert list(reached) == sorted(reached, key=lambda o: o.start)


def test_a_week_with_nothing_on_says_so(circle: Circle):
    text = words(body(make(replace(circle, activities={}), None, TODAY)))
    assert "这7天没有安排活动" in text


def test_a_week_with_nothing_near_says_so_and_counts_the_rest(circle: Circle):
    far = {"away": circle.activities["away"]}
    text = words(body(make(replace(circle, activities=far), None, TODAY)))
    assert "10分钟能走到的地方没有活动" in text
    assert "再远一点，这7天还有1场" in text


def test_too_many_activities_out_of_reach_are_only_counted(circle: Circle):
    many = {f"a{n}": activity(f"a{n}", "far", at(24, 9)) for n in range(21)}
    page = body(make(replace(circle, activities=many), None, TODAY))
    assert "再远一点，这7天还有21场，10分钟走不到。" in words(page)
    assert names(page) == []


def test_without_any_place_the_page_says_so(circle: Circle):
    empty = replace(circle, venues={}, walks=(), services={}, activities={})
    text = words(body(make(empty, None, TODAY)))
    assert "还没有登记办活动的场所" in text
    assert "还没有登记场所" in text


def test_without_entrances_nothing_is_promised(circle: Circle):
    page = body(make(replace(circle, entrances=(), walks=()), None, TODAY))
    assert "出入口还没有登记" in words(page)
    assert "<svg" not in page.partition('id="sketch"')[2].partition('id="places"')[0]
    assert "能到</h3>" not in page


def test_where_nobody_has_walked_yet_help_is_asked_for(circle: Circle):
    page = body(make(replace(circle, walks=()), None, TODAY))
    assert "还没有一条有人走过" in words(page)
    assert 'href="../../coverage/walks/">帮忙走一走' in page


def test_places_without_coordinates_wait_and_are_not_on_the_sketch(circle: Circle):
    unplaced = replace(circle.venues["unwalked"], latitude=float("nan"), longitude=float("nan"))
    venues = {**circle.venues, "unwalked": unplaced}
    page = body(make(replace(circle, venues=venues), None, TODAY))
    assert "不知道要几分钟 · 没有坐标，也还没有人走过" in words(page)
    assert "4（图上没有）" in words(page.partition('id="places"')[2])
    assert "nan" not in page


def test_a_year_whose_days_off_are_unknown_is_named_only_where_it_matters(circle: Circle):
    school = activity("school", "close", at(24, 16), rule="workdays")
    circle = replace(circle, activities={"school": school})
    assert "放假调休安排还没有录入" not in body(make(circle, None, TODAY))
    page = body(make(circle, None, date(2026, 12, 28)))
    assert "2027年的放假调休安排还没有录入，“school”" in words(page)
    away = replace(circle, activities={"school": replace(school, location_id="far")})
    assert "放假调休安排" not in body(make(away, None, date(2026, 12, 28)))


def test_the_index_lists_the_estates_by_community(site: Site):
    index = site.parts["near-index"]
    assert index.index("金桂社区") < index.index("桂园小区")
    assert 'data-estate-id="guiyuan"' in index
    assert "在下面选一个小区" in index


def test_examples_are_marked_as_examples(circle: Circle, page: str):
    assert "sample-note" in page
    assert "sample-note" not in body(make(replace(circle, sample=False), None, TODAY))


def test_nothing_asks_where_a_visitor_is():
    for folder in ("forms_app", "site"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in (".js", ".html", ".py", ".md"):
                text = file.read_text(encoding="utf-8").lower()
                # Named once: where browsers are told that no page of ours may ask.
                assert "geolocation" not in text or file.name == "headers.py", file


def test_the_scripts_send_nothing_and_fetch_one_table_as_nobody():
    for name in ("near.js", "estate.js"):
        script = (ROOT / "forms_app" / "static" / name).read_text(encoding="utf-8")
        script = re.sub("//.*", "", script)
        for way in ("XMLHttpRequest", "sendBeacon", "WebSocket", "cookie", "Image("):
            assert way not in script
        fetched = re.findall(r"fetch\((.*)\)", script)
        own = '`${NEAR}${estate.id}.json`, { credentials: "omit" }'
        assert fetched == ([own] if name == "estate.js" else [])


def test_a_small_table_holds_the_minutes_of_every_way(site: Site):
    table = json.loads(site.files["near/guiyuan.json"])
    south, east = 0, 1
    assert table["gates"] == [[], [[390, 1290]]]
    ways = {venue: [way[:4] for way in found] for venue, found in table["ways"].items()}
    assert ways["close"][0] == [south, 6, "walked", 0]  # 2.5 and 3 minutes: never told shorter
    assert ways["side"] == [[east, 9, "walked", 0]]  # by the other gate it is beyond
    assert ways["steep"][0] == [east, 9, "network", 18]
    assert ways["unwalked"][0][1:3] == [6, "bounds"]  # a bound is never told longer
    assert "far" not in ways


def test_without_entrances_no_minutes_are_told(circle: Circle):
    table = json.loads(make(replace(circle, entrances=()), None, TODAY).files["near/guiyuan.json"])
    assert table == {"gates": [], "ways": None}


def test_what_was_held_nearby_lately_is_rated_first(circle: Circle):
    site = make(circle, None, date(2026, 11, 26))
    lately = site.parts["rate-lately"]
    rated = re.findall(r"about=activity:(\w+)", lately)
    assert rated == ["later", "evening", "straight", "daytime", "away", "sooner"]
    assert 'data-walk="far" data-at="10:00"' in lately
    # The page is made by night, when what is of today is still to come.
    assert len(re.findall("11月26日[^<]*开始", lately)) == lately.count("11月26日") > 0
    assert lately.count("开始") == lately.count("11月26日")
    own = body(site).partition('id="rate"')[2].partition("<h2")[0]
    # Without scripts one's own estate is a choice; by the gate that was shut, nobody came.
    assert re.findall(r"about=activity:(\w+)", own) == ["later", "daytime", "sooner"]
    assert "这一个星期没有办过活动" in make(circle, None, date(2026, 12, 31)).parts["rate-lately"]


def test_every_place_can_be_told_its_minutes(site: Site):
    assert 'data-walk="close"' in site.pages["venues/close.md"]
    assert 'data-walk="side close"' in site.parts["services-index"]
    assert 'data-walk="side"' in site.pages["services/nursing.md"]
    evening = site.pages["calendar/2026-11-25-evening.md"]
    assert 'data-walk="side" data-at="21:30"' in evening
    assert 'href="../../near/"' in evening  # without scripts, that page says it


def test_a_page_and_its_stylesheet_are_light(page: str):
    css = (ROOT / "forms_app" / "static" / "site.css").read_bytes()
    assert len(gzip.compress(css)) + len(gzip.compress(page.encode())) < 30_000

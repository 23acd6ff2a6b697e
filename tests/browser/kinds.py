"""Every kind of page there is, and how its readers come to it: one place for all that is checked.

It knows addresses, links and buttons, and nothing of what is checked.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Literal

from tests.browser.conftest import Open, Watched, next_page, open_staff, without_worker

Group = Literal["site", "form", "staff"]
WIDE = (1280, 900)


@dataclass
class Cast:
    """One window for the residents and one for each role, opened when first needed."""

    open_window: Open
    elder: bool = False
    windows: dict[str, Watched] = field(default_factory=dict)

    def window(self, role: str = "") -> Watched:
        if role not in self.windows:
            window = self.open_window(WIDE, elder=self.elder)
            if role:
                without_worker(window)
                open_staff(window, role)
            self.windows[role] = window
        return self.windows[role]


@dataclass(frozen=True)
class Kind:
    """A kind of page: its name, for whom it is, and how it is opened in a window of that role."""

    name: str
    group: Group
    open: Callable[[Watched], object]
    role: str = ""


def at(path: str) -> Callable[[Watched], object]:
    return lambda window: window.go(path)


def in_english(path: str) -> Callable[[Watched], object]:
    """The page in English, and the next one in Chinese again."""

    def opened(window: Watched) -> None:
        window.go(f"/language?to=en&back={path.lstrip('/')}")
        window.page.context.clear_cookies(name="lang")

    return opened


_paths_behind: dict[tuple[str, str, str], str] = {}  # by server, index and link


def behind(index: str, link: str) -> Callable[[Watched], object]:
    """The page behind the first such link of another page, which is asked for it once."""

    def opened(window: Watched) -> None:
        asked = window.server.url, index, link
        if asked not in _paths_behind:
            page = window.go(index)
            path = page.locator(link).first.evaluate("e => e.pathname + e.search")
            assert path not in ("/", index), (index, link)
            _paths_behind[asked] = path
        window.go(_paths_behind[asked])

    return opened


def narrowed(words: str) -> Callable[[Watched], object]:
    """The closed ones of the register that say this, asked for as people do: by its field."""

    def opened(window: Watched) -> None:
        window.go("/staff/register?step=closed").fill("#f-q", words)
        window.press("查找")

    return opened


_case_paths: dict[tuple[str, str], str] = {}  # by server and words


def case_path(window: Watched, words: str) -> str:
    """Where the case that says this is, as the register first told."""
    asked = window.server.url, words
    if asked not in _case_paths:
        page = window.go(f"/staff/register?q={words}")
        _case_paths[asked] = page.locator("main td a").first.evaluate("e => e.pathname")
    return _case_paths[asked]


def case(words: str, move: str = "") -> Callable[[Watched], object]:
    """The case that says this, with one of its moves open."""

    def opened(window: Watched) -> None:
        page = window.go(case_path(window, words))
        if move and page.locator(f"#move-{move}").get_attribute("open") is None:
            page.locator(f"#move-{move} > summary").click()

    return opened


def below_case(words: str, rest: str) -> Callable[[Watched], object]:
    return lambda window: window.go(f"{case_path(window, words)}/{rest}")


def handing_on(words: str) -> Callable[[Watched], object]:
    """Where another person is put in the place of whoever leads the case that says this."""

    def opened(window: Watched) -> None:
        number = case_path(window, words).rpartition("/")[2]
        window.go(f"/staff/handover/issues/{number}")

    return opened


def gather(leader: Watched, which: str, value: str | int) -> int:
    """The key of what was found to recur in those of the leader's problems for which this holds."""
    file = leader.server.data / "private" / "forms.db"
    with closing(sqlite3.connect(file)) as database, database:
        topic = database.execute(
            "INSERT INTO topic (month, community_id, estate_id, category, words, centre, place, "
            "households, rounds, weeks, first_on, last_on, found_at, version) SELECT '2026-11', "
            "'jingui', '', '', '楼道 灯', '{\"灯\": 1}', COALESCE(MAX(place), 0) + 1, 3, 3, 3, "
            "'2026-09-01', '2026-11-01', '2026-11-01T00:00:00Z', 1 FROM topic"
        ).lastrowid
        database.execute(
            "INSERT INTO topic_issue (topic_id, issue_id, example) SELECT ?, id, 1 FROM issue "  # noqa: S608
            f"WHERE community_id = 'jingui' AND {which}",
            [topic, value],
        )
    return int(topic or 0)


def put_right(rest: str) -> Callable[[Watched], object]:
    """A matter that recurs, beside another one, from which a letter was taken out."""

    def opened(window: Watched) -> None:
        gather(window, "id % 2 = ?", 0)
        topic = f"/staff/projects/topics/{gather(window, 'id % 2 = ?', 1)}"
        window.go(f"{topic}?page=1").check("#letters-1")  # where its letters are unfolded
        window.press("拿出去")
        window.go(topic + rest)

    return opened


def several(window: Watched) -> None:
    """What would happen to the issues of the register that are ticked, before it does."""
    page = window.go("/staff/register?step=collected")
    for tick in page.locator("[name=numbers]").all()[:2]:
        tick.check()
    with next_page(page):
        page.locator("button[formaction$='bulk/classify']").click()


def remembered(window: Watched) -> None:
    """What one often looks at, of which there is one from now on."""
    page = window.go("/staff/views/")
    if not page.locator("[name=view]").count():
        window.go("/staff/register?step=closed")
        page.locator("summary", has_text="记住这样的列表").click()
        page.fill("#view-name", "已经销号的")
        window.press("记住")
        window.go("/staff/views/")


def month_by(by: str) -> Callable[[Watched], object]:
    """The figures of this month, by what they are counted."""

    def opened(window: Watched) -> None:
        behind("/staff/reports/", f"main a[href$='/{by}']")(window)

    return opened


SITE = [
    Kind("home", "site", at("/")),
    Kind("handbook", "site", at("/handbook/")),
    Kind("handbook page", "site", at("/handbook/grading/")),
    Kind("duties", "site", at("/duties/")),
    Kind("duties of a unit", "site", behind("/duties/", "main td a[href*='duties/']")),
    Kind("flowchart", "site", at("/flowchart/")),
    Kind("services", "site", at("/services/")),
    Kind("service", "site", behind("/services/", "main a[href*='services/'], .content li a")),
    Kind("calendar month", "site", at("/calendar/")),
    Kind("calendar week", "site", behind("/calendar/", ".week-links a")),
    Kind("occurrence", "site", behind("/calendar/", ".day-list a, .calendar td a")),
    Kind("calendar to subscribe to", "site", at("/calendar/subscribe/")),
    Kind("calendar of a kind", "site", behind("/calendar/", "a.chip[href*='kind']")),
    Kind("venues", "site", at("/venues/")),
    Kind("venue", "site", behind("/venues/", ".content li a, .content td a")),
    Kind("near", "site", at("/near/")),
    Kind("near an estate", "site", at("/near/guiyuan/")),
    Kind("coverage", "site", at("/coverage/")),
    Kind("walk list", "site", at("/coverage/walks/")),
    Kind("what may be rated", "site", at("/rate/")),
    Kind("figures", "site", at("/figures/")),
    Kind("what was done", "site", at("/done/")),
    Kind("what was done in a community", "site", behind("/done/", ".link-list a")),
    Kind("funds and meetings", "site", at("/funds/")),
    Kind("funds and meetings of a place", "site", behind("/funds/", ".link-list a")),
    Kind("to print", "site", at("/print/")),
    Kind("poster", "site", behind("/print/", "main a[href*='print/poster/']")),
    Kind("week on paper", "site", behind("/print/", "main a[href*='print/week/']")),
    Kind("cards", "site", behind("/print/", "main a[href*='print/cards/']")),
    Kind("tickets on paper", "site", behind("/print/", "main a[href*='print/tickets/']")),
    Kind("near, on paper", "site", behind("/print/", "main a[href*='print/near/']")),
    Kind("rating on paper", "site", behind("/print/", "main a[href*='print/rating/']")),
    Kind("duties on paper", "site", at("/print/duties/")),
    Kind("search", "site", at("/search")),
    Kind("search results", "site", at("/search?q=养老")),
    Kind("an answer", "site", at("/search?q=楼道堆杂物归谁管")),
    Kind("an answer from elsewhere", "site", at("/search?q=医保")),
    Kind("nothing found", "site", at("/search?q=无人机考证")),
    Kind("only what is near", "site", at("/search?q=渔具证丢了")),
    Kind("about", "site", at("/about/")),
    Kind("the administrators' handbook", "site", at("/about/administrators/")),
    Kind("privacy", "site", at("/about/privacy/")),
    Kind("accessibility", "site", at("/about/accessibility/")),
    Kind("for other programs", "site", at("/about/open311/")),
    Kind("design system", "site", at("/about/design-system/")),
    Kind("design system of the staff", "site", at("/about/design-system-staff/")),
    Kind("in English", "site", at("/en/")),
    Kind("activities in English", "site", at("/en/calendar/")),
    Kind("services in English", "site", at("/en/services/")),
    Kind("what was done in English", "site", at("/en/done/")),
    Kind("funds and meetings in English", "site", at("/en/funds/")),
    Kind("what was done in a community, in English", "site", behind("/en/done/", ".link-list a")),
    Kind("funds of a place in English", "site", behind("/en/funds/", ".link-list a")),
    Kind("near me in English", "site", at("/en/near/guiyuan/")),
    Kind("no such page", "site", at("/nowhere")),
]


def refuse(path: str, button: str) -> Callable[[Watched], object]:
    """The form as it comes back when nothing was filled in."""

    def opened(window: Watched) -> None:
        window.go(path)
        window.press(button)
        window.page.locator(".error-summary").wait_for()

    return opened


def look_at_days_off(window: Watched) -> None:
    """A year's notice in its form, and what it says beside it."""
    window.go("/staff/workdays/2027")
    window.page.fill("[name=notice]", "1月1日（周五）至3日（周日）放假。1月30日（周六）上班。")
    window.press("先看会改变什么")
    window.page.locator(".content-look").wait_for()


def refuse_move(words: str, move: str) -> Callable[[Watched], object]:
    """The case as it comes back when one of its forms was sent empty."""
    empty = """es => es.forEach(e => { e.checked = false;
      if (e.matches("textarea, select, [type=text]")) e.value = "" })"""

    def opened(window: Watched) -> None:
        case(words, move)(window)
        form = window.page.locator(f"#move-{move} form")
        form.locator("textarea, select, input:not([type=hidden])").evaluate_all(empty)
        form.locator("button[type=submit]").click()
        window.page.locator(".error-summary").wait_for()

    return opened


def rate(window: Watched) -> None:
    behind("/rate/", "main a[href*='ratings/new']")(window)
    window.page.check("[name=satisfaction][value='5']")
    window.press("提交评价")
    window.page.wait_for_url(re.compile("/ratings/thanks"))


FORMS = [
    Kind("report", "form", at("/issues/new")),
    Kind("report in English", "form", in_english("/issues/new")),
    Kind("look up in English", "form", in_english("/issues/")),
    Kind("refused report", "form", refuse("/issues/new", "提交")),
    Kind("look up", "form", at("/issues/")),
    Kind("refused look up", "form", refuse("/issues/", "查看")),
    Kind("no ticket", "form", at("/issues/260001")),
    Kind("rating", "form", behind("/rate/", "main a[href*='ratings/new']")),
    Kind("thanks for a rating", "form", rate),
    Kind("answer by code", "form", at("/answer/")),
    Kind("login", "form", at("/staff/login")),
    Kind("refused login", "form", refuse("/staff/login", "登录")),
]
LEADER = "community_leader"
# Kept by the browser: what it makes of the version that was chosen is its own doing.
KEPT = "intake without a line"
STAFF = [
    Kind("board", "staff", at("/staff/"), LEADER),
    Kind("board of a worker", "staff", at("/staff/"), "worker"),
    Kind("board of a unit", "staff", at("/staff/"), "responder"),
    Kind("board of a supervisor", "staff", at("/staff/"), "supervisor"),
    Kind("board of a collector", "staff", at("/staff/"), "collector"),
    Kind("board, narrowed", "staff", at("/staff/?waits=others&overdue=1"), LEADER),
    Kind("wall", "staff", at("/staff/wall"), LEADER),
    Kind("administrator's home", "staff", at("/staff/"), "admin"),
    Kind("accounts", "staff", at("/staff/accounts"), "admin"),
    Kind("form of an account", "staff", at("/staff/accounts/1"), "admin"),
    Kind(
        "refused account", "staff", refuse("/staff/accounts/new", "开账号，打印首次密码信"), "admin"
    ),
    Kind("first steps", "staff", at("/staff/first-steps"), "admin"),
    Kind("names of an office", "staff", at("/staff/first-steps/names"), "admin"),
    Kind("a list of an office", "staff", at("/staff/first-steps/units"), "admin"),
    Kind("log of accounts", "staff", at("/staff/sign-ins/all"), "admin"),
    Kind("own sign-ins", "staff", at("/staff/sign-ins"), "worker"),
    Kind("second factor", "staff", at("/staff/second-factor"), "worker"),
    Kind("whose work is handed over", "staff", at("/staff/handover"), LEADER),
    Kind("who leads it instead", "staff", handing_on("路灯杆歪了"), LEADER),
    Kind("what is handed over", "staff", at("/staff/handover/worker"), LEADER),
    Kind("register", "staff", at("/staff/register"), LEADER),
    Kind("register, narrowed", "staff", narrowed("灯"), LEADER),
    Kind("case to grade", "staff", case("楼道灯不亮", "classify"), LEADER),
    Kind("case to summon for", "staff", case("下水道总堵", "summon"), LEADER),
    Kind("case to plan", "staff", case("烧烤摊油烟", "plan"), LEADER),
    Kind("case to answer", "staff", case("烧烤摊油烟", "answer"), "responder"),
    Kind("case to resolve", "staff", case("路灯杆歪了", "resolve"), "worker"),
    Kind("case to relay", "staff", case("人行道塌了一块", "relay"), LEADER),
    Kind("case to rule on", "staff", case("雨棚的铁皮松了", "rule"), "street_leader"),
    Kind("case to judge", "staff", case("楼上漏水", "evaluate"), "community_leader"),
    Kind("case that is closed", "staff", case("井盖松动"), "supervisor"),
    Kind("case on paper", "staff", below_case("楼上漏水", "print"), LEADER),
    Kind("summons on paper", "staff", below_case("烧烤摊油烟", "summons"), LEADER),
    Kind("links of a summons", "staff", below_case("烧烤摊油烟", "links"), LEADER),
    Kind("refused grade", "staff", refuse_move("楼道灯不亮", "classify"), LEADER),
    Kind("refused summons", "staff", refuse_move("下水道总堵", "summon"), LEADER),
    Kind("refused plan", "staff", refuse_move("烧烤摊油烟", "plan"), LEADER),
    Kind("intake", "staff", at("/staff/issues/new"), "worker"),
    Kind("intake of a call", "staff", at("/staff/issues/new?channel=phone"), "worker"),
    Kind(KEPT, "staff", at("/staff/offline"), "worker"),
    Kind("refused intake", "staff", refuse("/staff/issues/new", "登记"), "worker"),
    Kind("incidents", "staff", at("/staff/incidents"), LEADER),
    Kind("a quarter of the two-way assessment", "staff", at("/staff/two-way/"), "street_leader"),
    Kind("saying something of an office", "staff", at("/staff/two-way/new/unit"), "street_leader"),
    Kind(
        "a record of the two-way assessment",
        "staff",
        behind("/staff/two-way/", "main td a"),
        "street_leader",
    ),
    Kind("public notes", "staff", at("/staff/notes/"), LEADER),
    Kind("public note", "staff", behind("/staff/notes/", "main li a"), LEADER),
    Kind("what recurs", "staff", at("/staff/projects"), LEADER),
    Kind("a matter that recurs", "staff", put_right("?page=1"), LEADER),
    Kind("what may be missing of a matter", "staff", put_right("/more"), LEADER),
    Kind("books of the funds", "staff", at("/staff/funds"), LEADER),
    Kind("a book of the funds", "staff", behind("/staff/funds", "main th a"), LEADER),
    Kind("publishing a book of the funds", "staff", at("/staff/funds/jingui/2026/public"), LEADER),
    Kind("residents' meetings", "staff", at("/staff/meetings"), LEADER),
    Kind("a residents' meeting", "staff", behind("/staff/meetings", "main td a"), LEADER),
    Kind("recording a residents' meeting", "staff", at("/staff/meetings/new"), "worker"),
    Kind("correcting a residents' meeting", "staff", at("/staff/meetings/1/edit"), "worker"),
    Kind("a residents' meeting on paper", "staff", at("/staff/meetings/1/print"), "worker"),
    Kind("publishing a residents' meeting", "staff", at("/staff/meetings/1/public"), LEADER),
    Kind("opening an incident", "staff", at("/staff/incidents/new"), LEADER),
    Kind("paper forms", "staff", at("/staff/paper"), "worker"),
    Kind("import", "staff", at("/staff/import"), LEADER),
    Kind("ratings", "staff", at("/staff/ratings"), LEADER),
    Kind("sheet of ratings", "staff", at("/staff/ratings/sheet"), LEADER),
    Kind("figures of a month", "staff", at("/staff/reports/"), LEADER),
    Kind("a month by officer", "staff", month_by("officers"), LEADER),
    Kind("register on A3", "staff", at("/staff/register/print?paper=a3&step=handling"), LEADER),
    Kind("register to sign", "staff", at("/staff/register/print?paper=a4&step=handling"), LEADER),
    Kind("several at once", "staff", several, LEADER),
    Kind("what is remembered", "staff", remembered, LEADER),
    Kind("board of the district", "staff", at("/staff/"), "district_office"),
    Kind("case read by the district", "staff", case("安置房产权证"), "district_office"),
    Kind("caller", "staff", at("/staff/callers"), LEADER),
    Kind("exports", "staff", at("/staff/exports"), LEADER),
    Kind("looks at contacts", "staff", at("/staff/looks"), "supervisor"),
    Kind("activities at the desk", "staff", at("/staff/activities"), "admin"),
    Kind("form of an activity", "staff", at("/staff/activities/choir"), "admin"),
    Kind("one time of an activity", "staff", at("/staff/activities/choir/20261202T1500"), "admin"),
    Kind("refused activity", "staff", refuse("/staff/activities/new", "存好并发布"), "admin"),
    Kind("what the office feeds", "staff", at("/staff/records"), "admin"),
    Kind("records of a kind", "staff", at("/staff/records/services"), "editor"),
    Kind("form of a record", "staff", at("/staff/records/departments/urban_station"), "editor"),
    Kind("refused record", "staff", refuse("/staff/records/venues/new", "存好并发布"), "admin"),
    Kind("record to take away", "staff", at("/staff/records/estates/guiyuan/remove"), "admin"),
    Kind("records by a sheet", "staff", at("/staff/records/activities/sheet"), "editor"),
    Kind("days off by year", "staff", at("/staff/workdays"), "admin"),
    Kind("form of days off", "staff", look_at_days_off, "admin"),
    Kind("handbook and own pages", "staff", at("/staff/pages"), "editor"),
    Kind("form of an own page", "staff", at("/staff/pages/new"), "editor"),
    Kind("form of a chapter", "staff", at("/staff/pages/handbook/goal"), "admin"),
    Kind("refused own page", "staff", refuse("/staff/pages/new", "存好并发布"), "editor"),
    Kind("publishing", "staff", at("/staff/content/publish"), "admin"),
    Kind("versions of a file", "staff", at("/staff/content/activities.yml"), "admin"),
    Kind("password", "staff", at("/staff/password"), "worker"),
]


def story(cast: Cast) -> Iterator[tuple[str, Watched]]:
    """The pages that only a problem on its way shows: its ticket, its verdict, its end."""
    alice, leader, worker = cast.window(), cast.window(LEADER), cast.window("worker")
    report(alice)
    yield "ticket", alice
    number = alice.path().rsplit("/", 1)[-1]
    alice.go(f"/issues/{number}")
    yield "problem on its way", alice
    alice.go(f"/issues/{number}/withdraw")
    yield "withdrawing", alice
    alice.go(f"/issues/{number}/own")
    yield "what was left", alice
    alice.page.fill("#phone", "13800000120")
    alice.page.check("#consent")
    alice.press("保存")
    alice.go(f"/issues/{number}/own/erase")
    yield "erasing what was left", alice
    leader.make_move(
        number, "classify", severity_class="C", urgency="1", initial_opinion="马上去看。"
    )
    leader.make_move(number, "assign")
    worker.make_move(number, "resolve", outcome="换了灯泡和接线。")
    alice.go(f"/issues/{number}")
    yield "verdict", alice
    alice.go(f"/issues/{number}")
    alice.judge(5)
    yield "closed problem", alice
    finish_a_project(leader, number)
    alice.go(f"/issues/{number}")
    yield "asked after a project", alice


def finish_a_project(leader: Watched, number: str) -> None:
    """Says that something was done for good about what this problem is an example of.

    That it is one, is found once a month of many: here it is written past the product.
    """
    page = leader.go(f"/staff/projects/topics/{gather(leader, 'number = ?', number)}")
    page.fill("#title", "楼道灯换线路")
    page.select_option("#lead", "jingui")
    page.fill("#measures", "全楼换线路。")
    page.fill("#due_on", "2099-03-01")
    leader.press("记下")
    page.fill("#result", "线路都换了")
    leader.press("办完了")


def report(window: Watched) -> None:
    window.show_ticket("每一种页面都看一遍：楼道灯又不亮了")


def visits(cast: Cast) -> Iterator[tuple[str, Group, Watched]]:
    """Every kind of page, one after another, each just opened: its name, its group, its window.

    For elders without those of the staff that are the same but for their class.
    """
    for kind in (*SITE, *FORMS):
        kind.open(cast.window())
        yield kind.name, kind.group, cast.window()
    for name, window in story(cast):
        yield name, "form", window
    for kind in STAFF:
        if cast.elder and kind.name != KEPT:
            continue
        kind.open(cast.window(kind.role))
        yield kind.name, kind.group, cast.window(kind.role)

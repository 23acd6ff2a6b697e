"""The board and the wall as pages: words, links, conditions, and what a wall never shows."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from werkzeug.test import TestResponse

from forms_app import casework
from forms_app.community import ZoneDuty
from forms_app.issues.access import actor_of
from forms_app.issues.duty import communities_of, desks, hours_words
from forms_app.rules.steps import Step
from forms_app.rules.worktime import Clocks, DutyHours
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.web.words import count_words, left_words
from tests.support.actors import BOB, CIRCLE, COLIN, DAN, NOW, STELLA
from tests.support.page_audit import flaws
from tests.support.web import House, main_of

WALL_ROLES = ["worker", "community_leader", "street_leader", "supervisor"]


def counts_on(text: str) -> dict[str, tuple[str, str]]:
    """What the tiles at the top say: words → count and address."""
    tiles = re.findall(
        r'class="board-count[^"]*" href="([^"]+)"[^>]*><strong>([^<]+)</strong> <span>([^<]+)<',
        text,
    )
    return {words: (count, html.unescape(address)) for address, count, words in tiles}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (600, "还有10分钟"), (599, "还有9分钟"), (0, "还有不到1分钟"), (-1, "超时不到1分钟"),
        (-80 * 60, "超时1小时20分"), (-2 * 3600, "超时2小时"), (47 * 3600 + 3599, "还有47小时59分"),
        (48 * 3600, "还有2天"), (-75 * 3600, "超时3天3小时"),
    ],
)  # fmt: skip
def test_time_left_and_time_over_are_said_in_words(seconds: int, words: str) -> None:
    assert left_words(NOW + timedelta(seconds=seconds), NOW) == words


def test_a_count_has_at_most_three_figures() -> None:
    assert [count_words(count) for count in (0, 7, 999, 1000)] == ["0", "7", "999", "999+"]


# The board


def test_a_tile_leads_to_as_many_rows_as_it_counts(house: House) -> None:
    leader = house.staff("community_leader")
    tiles = counts_on(leader.get("/staff/").text)
    assert list(tiles) == ["等我办", "等别人", "已超时"]
    for count, address in tiles.values():
        page = leader.get(address)
        assert page.text.count('class="stack-head"') == int(count) > 0
        assert 'aria-current="true"' in page.text
        assert "去掉这个条件" in page.text
    late = leader.get(tiles["已超时"][1]).text
    assert late.count("clock-late") == int(tiles["已超时"][0])


def test_each_step_leads_to_its_own_rows_and_keeps_the_other_conditions(house: House) -> None:
    subdistrict = house.staff("street_leader")
    page = subdistrict.get("/staff/?waits=others&community=jingui")
    chips = re.findall(r'class="chip" href="([^"]+)">(\w+) (\d+)</a>', page.text)
    assert len(chips) > 3
    for address, _, count in chips:
        address = html.unescape(address)
        assert "waits=others" in address
        assert "community=jingui" in address
        assert subdistrict.get(address).text.count('class="stack-head"') == int(count)


def test_conditions_are_taken_away_one_by_one(house: House) -> None:
    leader = house.staff("community_leader")
    page = leader.get("/staff/?waits=me&step=collected&urgency=2")
    conditions = page.text.partition('aria-label="现在的条件"')[2].partition("</ul>")[0]
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', conditions)]
    assert links == [
        "/staff/?step=collected&urgency=2",
        "/staff/?waits=me&urgency=2",
        "/staff/?waits=me&step=collected",
        "/staff/",
    ]


def test_a_condition_that_does_not_exist_is_said_and_left_out(house: House) -> None:
    page = house.staff("community_leader").get("/staff/?waits=you&class=D&overdue=1")
    assert page.status_code == 200
    assert "“类”没有这一项" in page.text
    assert "“等谁”没有这一项" in page.text
    assert len(counts_on(page.text)) == 3


@pytest.mark.parametrize(
    "query",
    ["waits=%00", "step=" + "x" * 3000, "overdue=%ED%A0%80", "urgency=2.0", "urgency=%D9%A2",
     "waits=me&waits=others", "community[]=x", "class=A&class=B"],
)  # fmt: skip
def test_the_board_bears_any_question(house: House, query: str) -> None:
    assert house.staff("street_leader").get(f"/staff/?{query}").status_code == 200


def test_a_cut_list_leads_to_the_register_with_the_same_conditions(house: House) -> None:
    row = Issue.select().where(Issue.number == house.number("楼道灯不亮，晚上")).dicts().get()
    del row["id"]
    Issue.insert_many(
        {**row, "number": f"27{n:05}", "form_key_hash": f"copy {n}"} for n in range(120)
    ).execute()
    leader = house.staff("community_leader")
    page = leader.get("/staff/?step=collected")
    assert "这里只列最急的50件，共126件" in main_of(page)
    assert 'href="/staff/?waits=me&amp;step=collected"' in page.text
    assert 'href="/staff/register?step=collected"' in page.text
    assert "这里只列最急的100件，共126件" in main_of(leader.get("/staff/?step=collected&waits=me"))


def test_staff_are_asked_to_remind_of_a_verdict_not_to_give_it(house: House) -> None:
    lamp = Issue.number == house.number("楼道灯不亮，晚上")
    Issue.update(step="evaluating", evaluating_since=house.now).where(lamp).execute()
    told = main_of(house.staff("worker").get("/staff/?waits=me&step=evaluating"))
    assert "等反映人评价（由您提醒）" in told
    assert "反映人：评价" not in told


def test_each_role_meets_a_board_of_its_own(house: House) -> None:
    collector = house.staff("collector").get("/staff/")
    assert "我登记的问题" in collector.text
    assert list(counts_on(collector.text)) == ["全部在办", "已超时"]
    responder = house.staff("responder").get("/staff/")
    assert responder.text.index("烧烤摊油烟") < responder.text.index("安置房产权证")
    assert "staff/wall" not in responder.text
    supervisor = house.staff("supervisor").get("/staff/")
    assert "已经超时" in supervisor.text
    assert "到时没有响应的单位" in supervisor.text
    assert "账号" in house.staff("admin").get("/staff/").text


def test_the_first_day_says_what_to_do(house: House) -> None:
    for table in ("topic_issue", "public_note", "seal", "notice", "contact_attempt",
                  "answer_link", "measure", "assignment", "objection", "party", "summons",
                  "reminder", "entry", "rating", "issue"):  # fmt: skip
        Issue._meta.database.execute_sql(f"DELETE FROM {table}")  # noqa: S608
    leader = house.staff("community_leader").get("/staff/")
    assert "还没有问题。第一件一到" in leader.text
    assert "/staff/import" in main_of(leader) or 'href="/staff/import"' in leader.text
    assert "谁在值守" in leader.text
    assert flaws(leader.text) == []
    assert "有人号召您的单位时" in house.staff("responder").get("/staff/").text
    for path in ("/staff/?waits=me", "/staff/wall"):
        assert flaws(house.staff("supervisor").get(path).text) == []
    assert "都已答复" in house.staff("supervisor").get("/staff/wall").text


# Who is on duty


def test_the_board_tells_whom_to_ring_and_who_is_missing(house: House) -> None:
    page = house.staff("worker").get("/staff/")
    assert 'href="tel:0797-0000-101"' in page.text
    assert "社区民警" in page.text
    assert 'href="tel:0797-0000-142"' in page.text
    duty = page.text.partition('id="duty"')[2]
    assert "银杏社区" not in duty.partition("</section>")[0]
    missing = duty.partition("这里还没有人包片")[2].partition("</p>")[0]
    assert house.circle.unit_name("land_acquisition_office") in missing
    assert house.circle.unit_name("public_security") not in missing


def test_duty_desks_are_those_that_concern_somebody() -> None:
    zones = (
        ZoneDuty("jingui", "city", "队员", "1"),
        ZoneDuty("jingui", "city", "队长", "2"),
        ZoneDuty("yinxing", "police", "民警", "3"),
    )
    circle = replace(CIRCLE, zones=zones)
    assert [c.id for c in communities_of(circle, COLIN)] == ["jingui"]
    assert [c.id for c in communities_of(circle, STELLA)] == ["jingui", "yinxing"]
    (here,) = desks(circle, DAN)
    assert [(d.id, [z.phone for z in found]) for d, found in here.officers] == [
        ("city", ["1", "2"])
    ]
    # Partners are called, never on duty.
    assert [d.id for d in here.without] == ["police", "fire", "station"]
    assert [[d.id for d, _ in desk.officers] for desk in desks(circle, BOB)] == [["city"], []]
    assert [[d.id for d in desk.without] for desk in desks(circle, BOB)] == [[], ["city"]]


@pytest.mark.parametrize(
    ("local", "words"),
    [
        ("2026-11-23T09:00", "现在是值守时间，到11月23日 12:00。"),
        ("2026-11-23T12:00", "现在不是值守时间，11月23日 14:30开始；收到的问题从那时起计时。"),
        ("2026-11-27T20:00", "现在不是值守时间，11月30日 08:30开始；收到的问题从那时起计时。"),
        ("2099-01-05T09:00", "2099年的放假调休安排还没有录入"),
    ],
)
def test_service_time_is_told_with_its_next_change(local: str, words: str) -> None:
    office = DutyHours(((510, 720), (870, 1050)), workdays_only=True)
    circle = replace(CIRCLE, clocks=Clocks(duty=office))
    moment = datetime.fromisoformat(f"{local}+08:00").astimezone(UTC)
    assert hours_words(circle, moment).startswith(words)


def test_round_the_clock_is_said_so_and_whole_days_join() -> None:
    assert hours_words(CIRCLE, NOW) == "全天24小时值守。"
    workdays = replace(CIRCLE, clocks=Clocks(duty=DutyHours(workdays_only=True)))
    friday = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
    assert hours_words(workdays, friday) == "现在是值守时间，到11月27日 24:00。"
    monday = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    assert hours_words(workdays, monday) == "现在是值守时间，到11月27日 24:00。"


# The wall

CANARIES = {
    "description": "金丝雀描述", "location": "金丝雀位置", "reporter_name": "金丝雀称呼",
    "reporter_phone": "13900000139",
}  # fmt: skip


@pytest.mark.parametrize("role", WALL_ROLES)
def test_the_wall_shows_nothing_of_any_resident(house: House, role: str) -> None:
    number, ticket = house.visitor().report(**CANARIES, estate_id="guiyuan", category="noise")
    worker = actor_of(Account.get(Account.username == "worker"), house.circle)
    casework.opine(house.circle, worker, number, 1, text="金丝雀意见", now=house.now)
    house.visitor().report(**CANARIES)
    page = house.staff(role).get("/staff/wall")
    assert page.status_code == 200
    assert "在计时" in page.text
    for secret in (
        *CANARIES.values(),
        "金丝雀",
        ticket,
        ticket[7:],
        "桂园",
        "噪音",
        "示例社区干部",
    ):
        assert secret not in page.text
    for issue in Issue.select():
        assert issue.number not in page.text
        assert issue.description not in page.text


def test_the_wall_reads_the_same_without_scripts_and_renews_itself(house: House) -> None:
    page = house.staff("street_leader").get("/staff/wall")
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page.text
    words = main_of(page)
    for part in ("超时4分钟", "还有6分钟", "更新于 11月23日 12:00", "件收到", "件销号", "合计"):
        assert part in words, part
    house.later(minutes=7)
    assert "超时0分钟" not in words
    assert "更新于 11月23日 12:07" in main_of(house.staff("street_leader").get("/staff/wall"))


def test_a_community_sees_its_own_row_on_the_wall(house: House) -> None:
    words = main_of(house.staff("worker").get("/staff/wall"))
    assert "金桂社区" in words
    assert "银杏社区" not in words
    assert "银杏社区" in main_of(house.staff("supervisor").get("/staff/wall"))


def test_a_screen_left_on_the_wall_may_show_the_wall_and_nothing_else(house: House) -> None:
    screen = house.staff("community_leader")
    page = screen.get("/staff/wall")
    assert screen.submit(page, "/staff/wall/keep").headers["Location"] == "/staff/wall"
    shown = screen.get("/staff/wall")
    assert "这块屏幕只能看大屏" in shown.text
    assert flaws(shown.text) == []
    number = house.number("楼道灯不亮，晚上")
    for path in ("/staff/", "/staff/register", f"/staff/issues/{number}", "/staff/password"):
        assert screen.get(path).status_code == 303
    assert screen.post(f"/staff/issues/{number}/opine").status_code == 401
    house.later(days=29)
    assert screen.get("/staff/wall").status_code == 200
    house.later(days=2)
    over = screen.get("/staff/wall")
    assert over.headers["Location"] == "/staff/login?next=/staff/wall"


def test_a_new_password_or_a_disabled_account_takes_the_wall_away(house: House) -> None:
    for end in (
        lambda: casework.reset_password("worker", "a new long password", now=house.now, at_least=1),
        lambda: casework.disable_account("worker", now=house.now),
    ):
        screen = house.staff("worker")
        screen.submit(screen.get("/staff/wall"), "/staff/wall/keep")
        assert screen.get("/staff/wall").status_code == 200
        end()
        assert screen.get("/staff/wall").status_code == 303


def test_signing_in_again_on_the_screen_ends_its_being_left_there(house: House) -> None:
    screen = house.staff("worker")
    screen.submit(screen.get("/staff/wall"), "/staff/wall/keep")
    screen.fill("/staff/login", {"username": "worker", "password": "demo"})
    assert screen.get("/staff/").status_code == 200
    page = screen.get("/staff/wall")
    screen.submit(screen.get("/staff/"), "/staff/logout")
    assert screen.get("/staff/wall").status_code == 303
    assert "在这块屏幕上常开" in page.text


def test_an_ordinary_session_does_not_outlive_its_browser(house: House) -> None:
    visitor = house.visitor()
    answer = visitor.fill("/staff/login", {"username": "worker", "password": "demo"})
    name = house.app.config["SESSION_COOKIE_NAME"]

    def own(answer: TestResponse) -> str:
        return next(
            one for one in answer.headers.getlist("Set-Cookie") if one.startswith(f"{name}=")
        )

    assert "Expires" not in own(answer)
    assert "Expires" in own(visitor.submit(visitor.get("/staff/wall"), "/staff/wall/keep"))


def test_every_step_of_the_wall_is_counted_under_its_own_name(house: House) -> None:
    page = house.staff("supervisor").get("/staff/wall").text
    table = page.partition("<tfoot>")[2].partition("</tfoot>")[0]
    total = [int(count) for count in re.findall(r">(\d+)</td>", table)]
    steps = [Step.COLLECTED, Step.CLASSIFIED, Step.RESPONDING, Step.HANDLING, Step.REPORTED,
             Step.EVALUATING, Step.SHELVED]  # fmt: skip
    counted = [Issue.select().where(Issue.step == step.value).count() for step in steps]
    assert total[:-1] == counted


def test_running_clocks_stand_above_the_counts_and_a_flood_goes_on_in_its_list(
    house: House,
) -> None:
    Issue.update(step="closed").execute()
    leader = house.staff("community_leader")
    assert "board-clocks" not in leader.get("/staff/").text
    numbers = [house.visitor().report(description=f"第{place}件")[0] for place in range(3)]
    page = leader.get("/staff/")
    assert flaws(page.text) == []
    cards = re.findall(r'<li id="issue-(\d+)" class="board-clock" data-opinion>', page.text)
    assert cards == numbers
    assert page.text.index("board-clocks") < page.text.index("board-counts")
    assert 'stroke-dasharray="100 100"' in page.text
    # All of it stands there: no list is empty, and none is left to be drawn.
    assert "现在没有等您处理的问题" not in page.text
    assert not re.search(r'<tr id="issue-', page.text)
    house.later(minutes=5)
    assert 'stroke-dasharray="50 100"' in leader.get("/staff/").text
    more = [house.visitor().report(description=f"又有第{place}件")[0] for place in range(3)]
    page = leader.get("/staff/").text
    assert len(re.findall(r'class="board-clock"', page)) == 4
    assert re.findall(r'<tr id="issue-(\d+)"', page) == more[1:]


def test_what_is_late_is_urged_from_the_board_of_whoever_watches(house: House) -> None:
    supervisor = house.staff("supervisor")
    page = supervisor.get("/staff/").text
    late, _, rest = page.partition('id="s-in_time"')
    numbers = re.findall(r'<tr id="issue-(\d+)"', late)
    urged = re.findall(r'href="(/staff/issues/(\d+)\?move=urge)">催办</a>', late)
    assert [number for _, number in urged] == numbers
    assert numbers
    assert "move=urge" not in rest
    form = supervisor.get(urged[0][0]).text
    assert re.search(r'<details class="move" id="move-urge"[^>]* open', form)
    assert "move=urge" not in house.staff("community_leader").get("/staff/").text

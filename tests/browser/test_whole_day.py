"""A problem's whole way through real windows, from the phone it was written on to the figures."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from forms_app.community import load
from forms_app.demo.teller import district_units
from forms_app.publishing.figures import published_figures
from forms_app.queries.suppressed import SMALLEST_SHOWN
from forms_app.queries.tallies import tallies
from forms_app.rules.worktime import local_day
from forms_app.store.database import open_database
from tests.browser.conftest import Open, Watched
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEXT = "浏览器里写的：污水井反复外溢"
PHONE_NUMBER = "0797-0000-177"
TALLIES = "published/tallies.json"
A_NUMBER = re.compile(r"26\d{4}")


def report(alice: Watched, text: str = TEXT) -> tuple[str, str]:
    """Number and ticket of a problem written on this window."""
    alice.go("/")
    alice.page.get_by_role("link", name="说件事").first.click()
    alice.page.fill("#description", text)
    alice.page.select_option("#community_id", "jingui")
    alice.page.select_option("#estate_id", "guiyuan")
    alice.page.click("#part-who > summary")
    alice.page.fill("#reporter_phone", PHONE_NUMBER)
    alice.page.check("#consent")
    number = alice.submit_report()
    return number, alice.page.inner_text(".ticket").strip()


def units(leader: Watched, number: str, move: str, name: str) -> list[str]:
    page = leader.go(f"/staff/issues/{number}")
    found: list[str] = page.eval_on_selector_all(
        f"#move-{move} [name={name}]",
        "es => es.flatMap(e => e.options ? [...e.options].map(o => o.value) : [e.value])",
    )
    return [value for value in found if value]


def judge(alice: Watched, number: str, level: str, comment: str) -> None:
    alice.go(f"/issues/{number}")
    alice.judge(int(level), comment)
    assert "您的评价已经收到" in alice.page.inner_text("main")


def own_unit(server: Running) -> str:
    """The unit of the sample account of a summoned department: the first category's."""
    return district_units(load(server.data / "community"))[0]


def counted(server: Running) -> dict[str, Any]:
    """The figures that would be published now."""
    opened = open_database(f"sqlite:///{server.data / 'private' / 'forms.db'}")
    try:
        last = published_figures(server.data / TALLIES)
        return tallies(load(server.data / "community"), datetime.now(UTC), last)
    finally:
        opened.close()


def is_told(figures: dict[str, Any]) -> bool:
    """Whether this month has so many that they are told, and are in the totals."""
    month = f"{local_day(datetime.now(UTC)):%Y-%m}"
    return any(row["received"] for row in figures["by_month"] if row["month"] == month)


def test_a_problem_from_the_first_word_to_the_published_figures(
    open_window: Open, sign_in: Callable[..., Watched], server: Running
) -> None:
    alice = open_window()
    worker, leader = sign_in("worker"), sign_in("community_leader")
    responder, subdistrict = sign_in("responder"), sign_in("street_leader")
    unit = own_unit(server)
    before = counted(server)

    number, ticket = report(alice)
    assert re.search("还有(10分钟|9分)", alice.page.inner_text("main"))
    # By its number: a board's first page may be full of what other tests left unanswered.
    worker.go(f"/staff/register?q={number}")
    assert number in worker.page.inner_text("main")
    worker.press_move(number, "opine", initial_opinion="半小时内到现场。")
    assert "半小时内到现场" in alice.go(f"/issues/{number}").inner_text("main")

    leader.press_move(number, "classify", severity_class="B", urgency="2")
    leader.press_move(number, "summon", parties=unit, asked="请到现场会商。")
    assert "等" in responder.go(f"/staff/issues/{number}").inner_text("main")
    assert PHONE_NUMBER not in responder.page.inner_text("main")
    responder.press_move(number, "answer", answer="arrived", opinion="管径不够。")
    assert unit in units(leader, number, "plan", "lead")
    leader.press_move(number, "plan", plan="先清淤，再换管。", lead=unit)
    responder.press_move(number, "progress", note="已清淤。")
    leader.press_move(number, "escalate", reason="要换主管，社区办不了。")

    assert unit in units(subdistrict, number, "summon", "parties")
    subdistrict.press_move(number, "summon", parties=unit, asked="请区级部门会商。")
    responder.press_move(number, "answer", answer="acknowledged", opinion="派人。")
    subdistrict.press_move(number, "plan", plan="换主管。", lead=unit)
    responder.press_move(number, "resolve", outcome="主管已换。")
    assert "主管已换" not in alice.go(f"/issues/{number}").inner_text("main")
    subdistrict.press_move(number, "relay", words="我们到现场看过，新管通了。")
    assert "新管通了" in alice.go(f"/issues/{number}").inner_text("main")

    judge(alice, number, "2", "昨晚又溢了。")
    assert "第2次办" in alice.page.inner_text("main")
    leader.press_move(
        number, "classify", severity_class="C", urgency="1", initial_opinion="对不起，今晚再修。"
    )
    mine = units(leader, number, "assign", "lead")[0]
    leader.press_move(number, "assign", lead=mine)
    worker.press_move(number, "resolve", outcome="接口封好了。")
    judge(alice, number, "5", "这次好了。")
    alice.page.get_by_text("办理过程", exact=True).click()
    words = alice.page.inner_text("main")
    for part in ("办完了，谢谢您", "第1次办", "第2次办", "先清淤，再换管", "接口封好了"):
        assert part in words

    done = server.command("publish")
    assert "网站已更新" in done.stdout
    after = json.loads((server.data / TALLIES).read_text())
    more = after["totals"]["received"] - before["totals"]["received"]
    # On the first days of a month there are too few of it.
    assert more == (1 if is_told(before) else SMALLEST_SHOWN if is_told(after) else 0)
    # What was done of it is told when the month is over.
    assert after["totals"]["finished"] == before["totals"]["finished"]
    shown = alice.go("/figures/").inner_text("main")
    assert str(after["totals"]["received"]) in shown
    assert re.search("不公布|少于5", shown)
    page = alice.page.content()
    for secret in (TEXT, "昨晚又溢了", PHONE_NUMBER, ticket, number):
        assert secret not in page
    log = server.log.read_text()
    for secret in (TEXT, "昨晚又溢了", PHONE_NUMBER, ticket[7:]):
        assert secret not in log


def test_a_double_click_makes_one_issue(open_window: Open) -> None:
    alice = open_window()
    alice.go("/issues/new")
    alice.page.fill("#description", "双击提交的一件事")
    alice.page.select_option("#community_id", "jingui")
    alice.page.get_by_role("button", name="提交", exact=True).dblclick()
    alice.page.wait_for_url(re.compile(r"/issues/\d+$"))
    number = alice.path().rsplit("/", 1)[-1]
    alice.go("/issues/")
    # In the list of the phone or in the server's, never in both.
    expect(alice.page.locator("main li", has_text=A_NUMBER)).to_have_count(1)
    expect(alice.page.locator("main li")).to_contain_text([number])


def test_the_way_back_after_submitting_makes_no_second_issue(open_window: Open) -> None:
    alice = open_window()
    number, ticket = report(alice, "退回再提交的一件事")
    alice.page.go_back()
    alice.page.wait_for_load_state()
    assert alice.path() == "/issues/new"
    if alice.page.input_value("#description") and alice.submit_report() == number:
        assert alice.page.inner_text(".ticket").strip() == ticket
    alice.go("/issues/")
    expect(alice.page.locator("main li", has_text=A_NUMBER)).to_have_count(1)


def test_without_scripts_a_resident_reports_follows_and_judges(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    alice = open_window(scripts=False)
    number, ticket = report(alice, "没有脚本也能写")
    assert re.search("还有(10|9)分钟", alice.page.inner_text("main"))
    leader, worker = sign_in("community_leader"), sign_in("worker")
    leader.make_move(
        number, "classify", severity_class="C", urgency="1", initial_opinion="马上办。"
    )
    leader.make_move(number, "assign")
    worker.make_move(number, "resolve", outcome="办好了。")
    elsewhere = open_window(scripts=False)
    elsewhere.go("/issues/")
    elsewhere.page.fill("#ticket", ticket.lower().replace("-", " "))
    elsewhere.press("查看")
    assert elsewhere.path() == f"/issues/{number}"
    judge(elsewhere, number, "4", "")
    assert "办完了，谢谢您" in elsewhere.page.inner_text("main")


def test_the_keyboard_alone_files_a_report_and_always_shows_where_it_is(
    open_window: Open,
) -> None:
    alice = open_window((1280, 800))
    alice.go("/issues/new")
    keys = alice.page.keyboard
    seen: set[str] = set()
    for _ in range(60):
        keys.press("Tab")
        place = alice.page.evaluate(
            """() => {const e = document.activeElement, s = getComputedStyle(e),
            r = e.getBoundingClientRect();
            return [e.id || e.innerText || e.tagName, s.outlineStyle, parseFloat(s.outlineWidth),
                    r.width > 0 && r.bottom > 0 && r.top < innerHeight, e.type || ""]}"""
        )
        name, style, width, in_sight, _kind = place
        assert style != "none", name
        assert width >= 2, name
        assert in_sight, name
        seen.add(name)
        if name == "description":
            keys.type("只用键盘写的")
        elif name == "community_id":
            keys.press("ArrowDown")
        elif name == "category-1":
            keys.press("Space")
        elif name == "提交":
            keys.press("Enter")
            break
    alice.page.wait_for_url(re.compile(r"/issues/\d+$"))
    assert {"跳到正文", "description", "community_id", "category-1"} <= seen
    assert "记好查询码" in alice.page.inner_text("main")


def test_after_a_refusal_the_errors_are_read_first_and_lead_to_their_fields(
    open_window: Open,
) -> None:
    alice = open_window()
    alice.go("/issues/new")
    alice.page.fill("#description", "写了很多字")
    alice.press("提交")
    assert alice.page.evaluate("document.activeElement.id") == "error-summary"
    assert alice.page.input_value("#description") == "写了很多字"
    alice.page.locator(".error-summary a").first.click()
    assert alice.page.evaluate("document.activeElement.id") == "community_id"


def test_a_ticket_behind_the_sign_opens_its_issue_and_stays_out_of_the_address(
    open_window: Open,
) -> None:
    alice, bob = open_window(), open_window()
    number, ticket = report(alice, "二维码里的查询码")
    asked: list[str] = []
    bob.page.on("request", lambda request: asked.append(request.url))
    bob.go(f"/issues/#{ticket}")
    bob.page.wait_for_url(re.compile(rf"/issues/{number}$"))
    assert "前给您第一个答复" in bob.page.inner_text("main")
    bob.page.get_by_text("您反映的内容").click()
    assert "二维码里的查询码" in bob.page.inner_text("main")
    assert not any(ticket[7:] in address.partition("#")[0] for address in asked)
    bob.page.go_back()
    assert ticket not in bob.page.url

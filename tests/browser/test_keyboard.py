"""Whole ways with the keyboard alone: one sees where one is, and comes on from everywhere."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Watched, next_page
from tests.browser.kinds import LEADER, gather, report

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE = (1280, 800)
# Where the focus is: whether it is the one that is looked for, how it is marked, and whether it is
# in sight, which a bar over the page could hide.
PLACE = """(wanted) => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getClientRects()[0];
  const y = Math.max(r.top, 0) + Math.min(r.height, 40) / 2;  // of a long table, what shows
  const over = document.elementFromPoint(r.x + r.width / 2, y);
  return {
    name: e.id || e.name || e.innerText || e.tagName,
    found: e.matches(wanted),
    marked: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2,
    in_sight: r.width > 0 && r.bottom > 0 && r.top < innerHeight && (e.contains(over)
      || over?.closest("label")?.contains(e) || ["radio", "checkbox"].includes(e.type)),
  };
}"""


def tab_to(page: Page, wanted: str, *, at_most: int = 150) -> None:
    """Presses Tab until it is reached; everything on the way is marked and in sight."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        place = page.evaluate(PLACE, wanted)
        assert place["marked"], place
        assert place["in_sight"], place
        if place["found"]:
            return
    raise AssertionError(f"no Tab leads to {wanted}")


def enter(page: Page, address: str) -> None:
    with next_page(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(address))


def handled(resident: Watched, leader: Watched) -> str:
    """The number of what the resident reported last, graded and given to the worker."""
    number = resident.path().rsplit("/", 1)[-1]
    hand_out(number, leader)
    return number


def hand_out(number: str, leader: Watched) -> None:
    leader.make_move(
        number, "classify", severity_class="C", urgency="1", initial_opinion="马上去看。"
    )
    leader.make_move(number, "assign")


def test_a_ticket_is_looked_up_and_its_result_judged(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    alice = open_window()
    report(alice)
    ticket = alice.page.inner_text(".ticket")
    leader, worker = sign_in("community_leader"), sign_in("worker")
    number = handled(alice, leader)
    worker.make_move(number, "resolve", outcome="换好了。")

    bob = open_window(elder=True)
    page = bob.go("/")
    tab_to(page, "a.tile-track")
    enter(page, "/issues/$")
    tab_to(page, "#ticket")
    page.keyboard.type(ticket)
    enter(page, rf"/issues/{number}$")
    # Not yet, and both are forgotten: the page says so first, and leads there.
    tab_to(page, ".verdict-not > summary")
    page.keyboard.press("Enter")
    tab_to(page, ".verdict-not button[type=submit]")
    enter(page, "/verdict$")
    assert page.evaluate("document.activeElement.matches('.error-summary')")
    tab_to(page, ".error-summary a[href='#comment']")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('.verdict-not textarea')")
    page.keyboard.type("还是不亮")
    tab_to(page, ".verdict-not [name=satisfaction]")
    page.keyboard.press("Space")
    tab_to(page, ".verdict-not button[type=submit]")
    enter(page, rf"/issues/{number}$")
    assert "重新办" in page.inner_text("main")
    hand_out(number, leader)
    worker.make_move(number, "resolve", outcome="换了整盏。")

    page = bob.go(f"/issues/{number}")
    tab_to(page, ".verdict-done > summary")
    page.keyboard.press("Enter")
    tab_to(page, "[name=satisfaction]")
    page.keyboard.press("Space")
    chosen = page.locator("[name=satisfaction]:checked")
    assert chosen.count() == 1
    while chosen.get_attribute("value") != "5":
        page.keyboard.press("ArrowUp")
    tab_to(page, ".verdict-done form summary")
    page.keyboard.press("Enter")
    tab_to(page, "#done-comment")
    page.keyboard.type("多谢")
    tab_to(page, "main button[type=submit]")
    enter(page, rf"/issues/{number}$")
    assert "办完了，谢谢您" in page.inner_text("main")


def test_a_problem_is_graded_and_summoned_for_with_the_keyboard(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    alice, leader = open_window(), sign_in("community_leader", WIDE)
    report(alice)
    number = alice.path().rsplit("/", 1)[-1]
    page = leader.go("/staff/")
    tab_to(page, f"main a[href*='{number}']")
    enter(page, rf"/staff/issues/{number}")
    box = "#move-classify"
    tab_to(page, f"{box} > summary")
    if page.locator(box).get_attribute("open") is None:
        page.keyboard.press("Enter")
    tab_to(page, f"{box} [name=severity_class]")
    page.keyboard.press("ArrowDown")  # from A to B
    assert page.locator(f"{box} [name=severity_class]:checked").get_attribute("value") == "B"
    tab_to(page, f"{box} [name=urgency]")
    page.keyboard.press("Space")
    tab_to(page, f"{box} [name=initial_opinion]")
    page.keyboard.type("半小时内到现场。")
    tab_to(page, f"{box} button[type=submit]")
    enter(page, rf"/staff/issues/{number}")

    box = "#move-summon"
    tab_to(page, f"{box} > summary")
    if page.locator(box).get_attribute("open") is None:
        page.keyboard.press("Enter")
    tab_to(page, f"{box} [name=parties]")
    if not page.evaluate("document.activeElement.checked"):
        page.keyboard.press("Space")
    tab_to(page, f"{box} [name=asked]", at_most=400)
    page.keyboard.type("请派人到现场会商。")
    tab_to(page, f"{box} [name=subject]")
    page.keyboard.type("楼道线路老化")
    tab_to(page, f"{box} button[type=submit]")
    enter(page, rf"/staff/issues/{number}/links")
    assert "链接和响应码只显示这一次" in page.inner_text("main")


def test_a_case_is_resolved_with_the_keyboard(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    alice = open_window()
    report(alice)
    number = handled(alice, sign_in("community_leader"))
    worker = sign_in("worker", WIDE)
    page = worker.go(f"/staff/issues/{number}")
    box = "#move-resolve"
    tab_to(page, f"{box} > summary")
    if page.locator(box).get_attribute("open") is None:
        page.keyboard.press("Enter")
    tab_to(page, f"{box} [name=outcome]")
    page.keyboard.type("灯杆已扶正。")
    tab_to(page, f"{box} button[type=submit]")
    enter(page, r"/staff/issues/\d+")
    assert "灯杆已扶正" in page.inner_text("main")


def test_the_menu_opens_and_closes_and_the_skip_link_leads_past_it(open_window: Open) -> None:
    page = open_window(WIDE).go("/services/")
    page.keyboard.press("Tab")
    assert page.evaluate(PLACE, ".skip-link")["found"]
    tab_to(page, ".nav-more summary")
    assert not page.locator(".nav-more ul a").first.is_visible()
    page.keyboard.press("Enter")
    tab_to(page, ".nav-more ul a")
    tab_to(page, ".nav-more li:last-child > a")
    tab_to(page, "main a", at_most=7)  # out of the menu again, and past the search
    page.reload()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('main'))")


@pytest.mark.parametrize("elder", [False, True], ids=["ordinary", "elder"])
def test_tab_goes_round_every_page_and_is_caught_by_none(open_window: Open, elder: bool) -> None:
    window = open_window(elder=elder)
    for path in ("/", "/calendar/", "/near/guiyuan/", "/figures/", "/issues/new", "/search"):
        page = window.go(path)
        tab_to(page, ".site-footer li:last-child a[href$='staff/login']", at_most=400)
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('footer'))"), path


@pytest.mark.parametrize("scripts", [False, True])
def test_an_activity_is_rated_at_a_desk_with_the_keyboard(open_window: Open, scripts: bool) -> None:
    window = open_window(WIDE, scripts=scripts)
    page = window.go("/rate/")
    tab_to(page, "main a[href*='ratings/new']")
    enter(page, r"/ratings/new\?about=")
    tab_to(page, "[name=satisfaction]")
    page.keyboard.press("Space")
    assert page.locator("[name=satisfaction]:checked").count() == 1
    tab_to(page, "main button[type=submit]")
    enter(page, "/ratings/thanks")
    assert "谢谢" in page.inner_text("main")


@pytest.mark.parametrize("scripts", [False, True])
def test_the_calendar_is_subscribed_to_at_a_desk_with_the_keyboard(
    open_window: Open, scripts: bool
) -> None:
    window = open_window(WIDE, scripts=scripts)
    page = window.go("/calendar/")
    tab_to(page, "main a[href*='calendar/subscribe']")
    enter(page, "/calendar/subscribe/")
    tab_to(page, "main a[href$='.ics']")
    assert window.sideways() <= 0


def test_a_leader_takes_a_letter_out_of_what_recurs_and_back(
    sign_in: Callable[..., Watched],
) -> None:
    leader = sign_in(LEADER)
    topic = f"/staff/projects/topics/{gather(leader, 'id < ?', 20)}"
    page = leader.go(topic)
    tab_to(page, "details:has(> form [name=numbers]) > summary")
    page.keyboard.press("Enter")
    tab_to(page, "[name=numbers]")
    page.keyboard.press("Space")
    tab_to(page, "[name=act][value=out]")
    enter(page, topic)
    assert "拿出去1件" in page.inner_text("main")
    tab_to(page, "[name=change]")
    enter(page, topic)
    assert "放进来1件" in page.inner_text("main")


def test_a_tick_does_not_wander_to_the_next_letter_with_the_back_button(
    sign_in: Callable[..., Watched],
) -> None:
    """The page is fetched anew, without the letter that was ticked and taken out."""
    leader = sign_in(LEADER)
    topic = f"/staff/projects/topics/{gather(leader, 'id < ?', 20)}"
    page = leader.go(topic)
    page.click("details:has(> form [name=numbers]) > summary")
    page.locator("[name=numbers]").first.check()
    page.click("[name=act][value=out]")
    page.wait_for_selector("text=已经拿出去")
    page.go_back()
    assert "已经拿出去" not in page.inner_text("main")
    assert page.locator("[name=numbers]:checked").count() == 0

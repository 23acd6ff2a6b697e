"""An open ticket's page learns what is new, loses nothing that is typed, calls nothing late."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.conftest import Open, Watched, next_page
from tests.browser.kinds import LEADER, report
from tests.browser.reporting import held_one

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SignIn = Callable[..., Watched]
LEARNS = timedelta(seconds=30)


def opened(open_window: Open, **asked: bool) -> tuple[Watched, str]:
    """A new ticket's page with all its scripts, and the number."""
    window = open_window(**asked)
    window.page.clock.install()  # it goes as any, until a test moves it
    report(window)
    if asked.get("scripts", True):
        window.page.locator("script[data-done]").wait_for(state="attached")
    return window, window.path().rsplit("/", 1)[-1]


def opened_again(open_window: Open, sign_in: SignIn) -> Watched:
    """The page of a ticket that was answered, opened once more, with all its scripts."""
    window, number = opened(open_window)
    sign_in(LEADER).make_move(number, "opine", initial_opinion="马上去看。")
    page = window.go(f"/issues/{number}")
    page.locator("script[data-done]").wait_for(state="attached")
    return window


def comes_back(window: Watched) -> None:
    window.page.evaluate("dispatchEvent(new Event('focus'))")


def test_an_open_page_learns_of_the_answer_by_itself_and_keeps_its_ticket(
    open_window: Open, sign_in: SignIn
) -> None:
    alice, number = opened(open_window)
    ticket = alice.page.inner_text(".ticket")
    expect(alice.page.locator("#main")).to_contain_text("前给您第一个答复")
    sign_in(LEADER).make_move(number, "opine", initial_opinion="马上去看。")
    alice.page.clock.pause_at(datetime.now(UTC) + LEARNS)  # what is not asked by then never is
    expect(alice.page.get_by_text("答复您了，正在安排谁来办")).to_be_visible()
    expect(alice.page.locator("#main")).not_to_contain_text("前给您第一个答复")
    assert alice.page.inner_text(".ticket") == ticket
    assert alice.page.locator("h1").count() == 1


def test_what_is_being_written_stays_when_something_new_comes(
    open_window: Open, sign_in: SignIn
) -> None:
    alice, number = opened(open_window)
    page = alice.page
    page.get_by_text("补充情况、加照片").click()
    page.fill("#text", "四楼的灯也不亮")
    sign_in(LEADER).make_move(number, "opine", initial_opinion="马上去看。")
    comes_back(alice)
    button = page.get_by_role("button", name="有新进展，点这里看")
    button.wait_for()
    assert page.get_by_text("答复您了").count() == 0
    button.click()
    expect(page.get_by_text("答复您了，正在安排谁来办")).to_be_visible()
    assert page.input_value("#text") == "四楼的灯也不亮"
    alice.press("交上去")
    page.get_by_text("办理过程", exact=True).click()
    assert "四楼的灯也不亮" in page.inner_text(".history")


def test_whoever_begins_to_write_while_the_news_come_is_asked_first(
    open_window: Open, sign_in: SignIn
) -> None:
    alice, number = opened(open_window)
    page = alice.page
    held: list[Route] = []
    page.route(re.compile(rf"/issues/{number}$"), lambda route: held.append(route))
    sign_in(LEADER).make_move(number, "opine", initial_opinion="马上去看。")
    with page.expect_request(re.compile(rf"/issues/{number}$")):
        comes_back(alice)
    page.get_by_text("补充情况、加照片").click()
    page.fill("#text", "刚开始写")
    held_one(page, held).continue_()
    expect(page.get_by_role("button", name="有新进展，点这里看")).to_be_visible()
    page.unroute_all()
    assert page.get_by_text("答复您了").count() == 0
    expect(page.locator("#text")).to_be_focused()


def test_a_clock_runs_since_its_page_came_however_late_the_script_is(open_window: Open) -> None:
    window = open_window()
    report(window)
    # As if the page had come three minutes ago.
    window.page.add_init_script(
        "performance.getEntriesByType = () => [{ responseStart: performance.now() - 180000 }];"
    )
    page = window.go(window.path())
    expect(page.locator("time.clock[role=timer]")).to_contain_text(re.compile(r"还有[56]分"))


def test_words_that_have_lost_their_place_are_shown_to_copy(
    open_window: Open, sign_in: SignIn
) -> None:
    alice, number = opened(open_window)
    page = alice.page
    page.get_by_text("补充情况、加照片").click()
    page.fill("#text", "四楼的灯也不亮")
    elsewhere = {"authority": "市政公司", "reason": "路灯归他们管"}
    leader = sign_in(LEADER)
    leader.go(f"/staff/issues/{number}")
    leader.make_move(number, "transfer", **elsewhere)
    comes_back(alice)
    page.get_by_role("button", name="有新进展，点这里看").click()
    expect(page.get_by_text("归别的部门管").first).to_be_visible()
    expect(page.locator("[role=status] .told")).to_have_text("四楼的灯也不亮")


def test_a_page_that_nobody_looks_at_asks_nothing(open_window: Open) -> None:
    alice, _ = opened(open_window)
    asked: list[Request] = []
    alice.page.on("request", lambda request: asked.append(request))
    alice.page.evaluate("Object.defineProperty(document, 'hidden', {value: true, writable: true})")
    comes_back(alice)
    alice.page.wait_for_timeout(300)
    assert asked == []
    alice.page.evaluate(
        "document.hidden = false; document.dispatchEvent(new Event('visibilitychange'))"
    )
    with alice.page.expect_response("**/news") as answer:
        comes_back(alice)
    assert answer.value.status == 304
    assert answer.value.request.sizes()["responseBodySize"] == 0


def test_a_page_that_reaches_the_moment_asks_the_server_and_says_nothing_of_late(
    open_window: Open,
) -> None:
    alice, _ = opened(open_window)
    page = alice.page
    with page.expect_response("**/news") as answer:
        page.evaluate("""() => {
          const clock = document.querySelector("time.clock").cloneNode();
          const now = new Date();
          clock.dataset.now = now.toISOString();
          clock.dateTime = new Date(now.getTime() + 1000).toISOString();
          document.querySelector("time.clock").replaceWith(clock);
        }""")
        page.clock.run_for(5000)
    assert answer.value.status == 304
    assert page.inner_text("time.clock") == "时间到了，正在看有没有新进展"
    assert "超时" not in page.inner_text("main")
    assert page.locator(".clock-late").count() == 0


def test_a_page_left_open_over_midnight_is_put_right_without_a_word(
    open_window: Open, sign_in: SignIn
) -> None:
    alice = opened_again(open_window, sign_in)
    page = alice.page
    page.get_by_text("补充情况、加照片").click()
    page.fill("#text", "四楼的灯也不亮")
    page.evaluate("document.activeElement.blur()")
    # Yesterday's page: its day and its words are of before midnight.
    page.evaluate("""() => {
      const part = document.getElementById("news");
      part.dataset.news = part.dataset.news.replace(/^[^.]*/, "2026-01-01");
      part.querySelector("h1").textContent = "昨天的话";
    }""")
    comes_back(alice)
    expect(page.locator("h1")).to_have_text("答复您了，正在安排谁来办")
    expect(page.locator("#text")).to_have_value("四楼的灯也不亮")
    expect(page.locator("#text")).to_be_visible()
    assert page.locator("#main [role=status]:visible").count() == 0
    # What came into the page so is kept as any.
    page.fill("#text", "五楼的灯也不亮")
    with next_page(page):
        page.locator(".look-again a").click()
    expect(page.locator("#text")).to_have_value("五楼的灯也不亮")


def test_without_scripts_a_link_looks_again(open_window: Open, sign_in: SignIn) -> None:
    alice, number = opened(open_window, scripts=False)
    sign_in(LEADER).make_move(number, "opine", initial_opinion="马上去看。")
    alice.page.get_by_role("link", name="看看有没有新进展").click()
    expect(alice.page.locator("h1")).to_have_text("答复您了，正在安排谁来办")


@pytest.mark.parametrize("comes", [True, False])
def test_what_is_new_waits_for_its_styles_but_not_for_good(
    open_window: Open, sign_in: SignIn, *, comes: bool
) -> None:
    alice, number = opened(open_window)
    leader, worker = sign_in(LEADER), sign_in("worker")
    leader.make_move(
        number, "classify", severity_class="C", urgency="1", initial_opinion="马上去看。"
    )
    leader.make_move(number, "assign")
    page = alice.go(f"/issues/{number}")
    page.locator("script[data-done]").wait_for(state="attached")
    worker.make_move(number, "resolve", outcome="换了灯泡和接线。")
    held: list[Route] = []
    page.route(re.compile(r"/verdict\.css"), lambda route: held.append(route))
    comes_back(alice)
    sheet = held_one(page, held)
    page.wait_for_timeout(200)
    assert page.locator(".verdict").count() == 0
    if comes:
        sheet.continue_()
        expect(page.locator(".verdict-done > summary")).to_have_css("min-height", "64px")
    else:
        page.clock.run_for(6000)
        expect(page.locator(".verdict-done")).to_be_visible()


def test_the_buttons_of_a_ticket_that_is_shown_again_stand_apart(
    open_window: Open, sign_in: SignIn
) -> None:
    page = opened_again(open_window, sign_in).page
    page.get_by_text("再看一次查询码").click()
    boxes = [one.bounding_box() for one in page.locator(".ticket-ways button").all()]
    first, second, third, _ = [box for box in boxes if box]
    assert second["x"] - first["x"] - first["width"] >= 8
    assert third["y"] - first["y"] - first["height"] >= 8


def test_a_ticket_holds_its_words_in_letters_twice_as_large(open_window: Open) -> None:
    alice, _ = opened(open_window)
    page = alice.page
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert alice.sideways() <= 0
    assert (
        page.evaluate("""() => {
      const { right } = document.querySelector(".ticket-card").getBoundingClientRect();
      return [...document.querySelectorAll(".ticket-card *")]
        .filter((one) => one.getBoundingClientRect().right > right).length;
    }""")
        == 0
    )


def test_a_ticket_on_paper_has_nothing_to_press(open_window: Open) -> None:
    alice, number = opened(open_window)
    page = alice.page
    for path in ("", f"/issues/{number}"):
        if path:
            alice.go(path)
        page.emulate_media(media="print")
        for useless in (".ticket-ways", ".look-again", "p.way"):
            for one in page.locator(useless).all():
                expect(one).to_be_hidden()
        expect(page.locator(".ticket").first).to_be_visible()
        page.emulate_media(media="screen")

"""A press without a line: the page stays with what was written, and the same press sends it."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.conftest import Open, Watched, next_page, open_staff, windows
from tests.browser.kinds import behind
from tests.browser.test_report import SignIn, issues_saying
from tests.support.line import NO_SIGN_OF_A_LINE, Line, line
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE = (1280, 900)
WORDS = "写了很久的一段话"
NO_LINE = "现在连不上网络，还没有交。"
# What a browser itself says of a lost line.
LOST = re.compile(r"net::ERR_|Failed to (update|register) a ServiceWorker|fetching the script")


@pytest.fixture
def cable(server: Running) -> Iterator[Line]:
    with line(server.port) as opened:
        yield opened


@pytest.fixture
def open_there(browser: Browser, server: Running, cable: Line) -> Iterator[Open]:
    """Windows at the end of a line; the browser is sure that it has one all along."""
    with windows(browser, replace(server, port=cable.port)) as (open_one, opened):

        def open_sure(*given: tuple[int, int]) -> Watched:
            window = open_one(*given)
            window.context.add_init_script(NO_SIGN_OF_A_LINE)
            return window

        yield open_sure
        for window in opened:
            assert [said for said in window.complaints if not LOST.search(said)] == []


def ready(window: Watched) -> None:
    window.page.locator("script[data-done]").first.wait_for(state="attached")


def press_in_vain(window: Watched, cable: Line, field: str) -> None:
    """Writes in a field, and presses its form's last button while there is no line."""
    page = window.page
    ready(window)
    for fold in page.locator(f"details:not([open]):has({field}) > summary").all():
        fold.click()
    written = page.locator(field).first
    written.fill(WORDS)
    cable.cut()
    written.locator("xpath=ancestor::form").locator("button[type=submit]").last.click()
    expect(page.get_by_text(NO_LINE)).to_be_visible()
    cable.mend()
    assert page.locator(field).first.input_value() == WORDS, page.url


STAFF = [
    ("worker", "/staff/meetings/new", "[name=place]"),
    ("community_leader", "/staff/incidents/new", "[name=told]"),
    ("street_leader", "/staff/two-way/new/unit", "main textarea"),
    ("editor", "/staff/pages/new", "main textarea"),
    ("editor", "/staff/records/services/new", "main textarea"),
    ("admin", "/staff/accounts/new", "[name=display_name]"),
]


@pytest.mark.parametrize(("role", "path", "field"), STAFF)
def test_what_staff_wrote_stays_where_the_line_drops_at_the_press(
    open_there: Open, cable: Line, role: str, path: str, field: str
) -> None:
    window = open_staff(open_there(WIDE), role)
    window.go(path)
    press_in_vain(window, cable, field)


def test_what_a_resident_wrote_stays_and_the_same_press_sends_it_once(
    open_there: Open, cable: Line
) -> None:
    window = open_there()
    number = window.report("断线的时候按过：楼道灯不亮")
    page = window.go(f"/issues/{number}")
    press_in_vain(window, cable, "form[action$='/reply'] textarea")
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if one.method == "POST" else None)
    with next_page(page):
        page.locator("form[action$='/reply'] button[type=submit]").dblclick()
    expect(page.get_by_text(WORDS)).to_be_attached()
    assert len(sent) == 1
    window.go(f"/issues/{number}/withdraw")
    press_in_vain(window, cable, "main textarea")
    behind("/rate/", "main a[href*='ratings/new']")(window)
    press_in_vain(window, cable, "main textarea")
    assert page.locator(".notice-warning").count() == 1


def test_no_way_back_asks_whether_to_send_a_refused_form_again(sign_in: SignIn) -> None:
    window = sign_in("community_leader", WIDE)
    page = window.go("/staff/")
    case = page.locator("td.stack-head a", has_text="路灯杆歪了").first.get_attribute("href") or ""
    window.go(case)
    for words in ("", "问一句：是哪一根？"):
        ready(window)
        box = page.locator("#move-ask")
        if box.get_attribute("open") is None:
            box.locator("> summary").click()
        box.locator("[name=question]").fill(words)
        with next_page(page):
            box.locator("button[type=submit]").click()
    expect(page.get_by_text("已经保存")).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).to_have_text(re.compile("问题"))
    assert window.path() == case


def test_a_report_pressed_again_at_the_way_back_is_the_same_and_other_words_are_another(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    window.go("/issues/new")
    ready(window)
    window.page.fill("#description", "回退以后又按了一次")
    window.page.select_option("#community_id", "jingui")
    number = window.submit_report()
    window.page.go_back()
    ready(window)
    expect(window.page.locator("#description")).to_have_value("回退以后又按了一次")
    window.submit_report()
    assert issues_saying(server, "回退以后又按了一次") == [number]
    window.page.go_back()
    ready(window)
    window.page.fill("#description", "是另一件事")
    window.submit_report()
    assert len(issues_saying(server, "是另一件事")) == 1


def test_an_addition_of_staff_pressed_again_at_the_way_back_counts_once(sign_in: SignIn) -> None:
    window = sign_in("community_leader", WIDE)
    page = window.go("/staff/")
    case = page.locator("td.stack-head a", has_text="路灯杆歪了").first.get_attribute("href") or ""
    window.go(case)
    for turn in range(2):
        ready(window)
        box = page.locator("#move-note")
        if box.get_attribute("open") is None:
            box.locator("> summary").click()
        if not turn:
            box.locator("[name=note]").fill("回退以后又按了一次的备注")
        with next_page(page):
            box.locator("button[type=submit]").click()
        if not turn:
            page.go_back()
    window.go(case)
    assert page.locator(".case-rest").get_by_text("回退以后又按了一次的备注").count() == 1

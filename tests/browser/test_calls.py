"""A call by keyboard: its number tells what it reported before while they still speak."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Open, Watched, open_staff
from tests.browser.reporting import held_one

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SignIn = Callable[..., Watched]
CALL = "/staff/issues/new?channel=phone"


def _call(worker: Watched, words: str, number: str) -> None:
    page = worker.go(CALL)
    page.fill("#reporter_phone", number)
    page.fill("#description", words)
    page.check("#consent")
    worker.press("登记")
    expect(page.locator(".ticket").first).to_be_visible()


def test_enter_behind_the_number_tells_what_it_reported_and_leads_to_the_words(
    sign_in: SignIn,
) -> None:
    worker = sign_in("worker")
    _call(worker, "（示例）扶手松了", "13800000177")
    page = worker.go(CALL)
    assert page.evaluate("document.activeElement.id") == "reporter_phone"
    page.keyboard.type("138 0000 0177")
    page.keyboard.press("Enter")
    said = page.locator(".intake-earlier [role=status]")
    expect(said).to_have_text("这个号码反映过1件，1件还没办完。")
    assert page.evaluate("document.activeElement.id") == "description"
    assert worker.path() == CALL
    page.keyboard.type("又松了")
    # Enter in another line neither looks again nor registers.
    page.fill("#location", "3栋")
    page.press("#location", "Enter")
    expect(said).to_have_text("这个号码反映过1件，1件还没办完。")
    assert page.input_value("#description") == "又松了"
    assert worker.sideways() <= 0
    page.get_by_role("link", name="就是问这件").click()
    expect(page.locator(".case-words")).to_contain_text("扶手松了")


def test_a_number_alone_leaves_no_draft_behind(sign_in: SignIn) -> None:
    worker = sign_in("worker")
    page = worker.go(CALL)
    page.fill("#reporter_phone", "13800000188")
    page.press("#reporter_phone", "Tab")
    expect(page.locator(".intake-earlier [role=status]")).to_contain_text("没有反映过")
    worker.go("/staff/")
    expect(page.locator("[data-unsent]")).to_be_hidden()


def test_a_number_written_before_the_script_came_is_looked_for_when_it_does(
    sign_in: SignIn,
) -> None:
    worker, held = sign_in("worker", worker=False), list[Route]()
    worker.page.route(re.compile(r"/collect\.js"), lambda route: held.append(route))
    page = worker.go(CALL)
    page.fill("#reporter_phone", "13800000166")
    page.press("#reporter_phone", "Tab")
    held_one(page, held).continue_()
    expect(page.locator(".intake-earlier [role=status]")).to_contain_text("没有反映过")


def test_without_scripts_the_form_comes_back_with_what_was_found(open_window: Open) -> None:
    window = open_window(scripts=False)
    open_staff(window, "worker")
    _call(window, "（示例）水管漏了", "13800000199")
    page = window.go(CALL)
    page.fill("#reporter_phone", "13800000199")
    page.fill("#description", "还在漏")
    window.press("看这个号码反映过什么")
    assert "这个号码反映过1件，1件还没办完" in page.inner_text("main")
    assert page.input_value("#description") == "还在漏"

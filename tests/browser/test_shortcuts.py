"""Single keys: the staff work the board and a case by them, and can switch them off."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import next_page
from tests.browser.reporting import SignIn, ready_form

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE = (1280, 800)


def test_the_board_and_a_case_are_worked_by_single_keys_that_can_be_switched_off(
    sign_in: SignIn,
) -> None:
    window = sign_in("community_leader", WIDE)
    page = window.go("/staff/")
    expect(page.locator(".keys > summary")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_text("下一件")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    rows = page.locator(".stack-head a")
    first = rows.first.get_attribute("href")
    assert page.evaluate("document.activeElement.getAttribute('href')") == first
    page.keyboard.press("/")
    page.keyboard.type("g?j1")
    assert page.evaluate("document.activeElement.value") == "g?j1"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    with page.expect_navigation(url=f"**{first}"):
        page.keyboard.press("o")
    ready_form(page)
    assert page.locator("details.move kbd").first.inner_text() == "1"
    # There are as many keys as digits.
    place = min(page.locator("details.move").count(), 9)
    last = page.locator("details.move").nth(place - 1)
    page.keyboard.press(str(place))
    expect(last).to_have_attribute("open", "")
    assert last.evaluate("box => box.contains(document.activeElement)")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    with page.expect_navigation(url="**/staff/"):
        page.keyboard.press("b")
    ready_form(page)
    page.locator(".keys > summary").click()
    page.get_by_role("button", name="关掉快捷键").click()
    page.reload()
    ready_form(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    expect(page.get_by_text("（已关）")).to_be_visible()
    page.locator(".keys > summary").click()
    page.get_by_role("button", name="打开快捷键").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.getAttribute('href')") == first


def test_on_a_phone_no_shortcut_is_shown(sign_in: SignIn) -> None:
    window = sign_in("worker")
    ready_form(window.go("/staff/"))
    expect(window.page.locator(".keys")).to_be_hidden()
    assert window.sideways() <= 0


def test_a_call_is_taken_and_registered_without_a_pointer(sign_in: SignIn) -> None:
    window = sign_in("worker", WIDE)
    page = window.go("/staff/")
    ready_form(page)
    with page.expect_navigation(url="**/staff/issues/new?channel=phone"):
        page.keyboard.press("n")
    ready_form(page)
    assert page.evaluate("document.activeElement.id") == "reporter_phone"
    page.keyboard.press("Enter")  # who calls is not shown
    page.keyboard.type("（示例）扶手又松了")
    with next_page(page):
        page.keyboard.press("Control+Enter")
    assert "已经登记" in page.inner_text("h1")
    assert page.locator(".ticket").count()


def test_ctrl_and_enter_press_nothing_where_keys_are_off_or_nobody_writes(
    sign_in: SignIn,
) -> None:
    window = sign_in("worker", WIDE)
    page = window.go("/staff/issues/new")
    ready_form(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    assert window.path() == "/staff/issues/new"
    assert not page.locator(".error-summary").count()
    page.locator(".keys > summary").click()
    page.get_by_role("button", name="关掉快捷键").click()
    page.fill("#description", "一半")
    page.press("#description", "Control+Enter")
    page.wait_for_timeout(300)
    assert page.input_value("#description") == "一半"
    assert not page.locator("[role=status]", has_text="正在登记").count()

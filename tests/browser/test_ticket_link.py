"""A ticket is kept in many ways, and its link is what messengers make of it: cut short, a form."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Watched, next_page
from tests.browser.kinds import report
from tests.browser.test_elder import CHINESE, with_voices

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_is_no_ticket_behind_the_sign_is_ignored(open_window: Open) -> None:
    window = open_window()
    for rest in ("%E0%A4%A", "%", "260001-%ZZ", "main"):
        window.page.goto("about:blank")  # or the page that is open stays
        window.go(f"/issues/#{rest}")
        assert window.path() == f"/issues/#{rest}"
        assert window.page.input_value("#ticket") == "", rest


def shown(window: Watched) -> str:
    """The ticket of a new report, once the page has all its scripts."""
    report(window)
    window.page.locator("script[data-done]").wait_for(state="attached")
    return window.page.inner_text(".ticket")


def test_a_ticket_is_copied_saved_as_a_picture_and_shown_again_after_a_reload(
    open_window: Open,
) -> None:
    window = open_window()
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ticket = shown(window)
    page = window.page
    page.get_by_role("button", name="复制", exact=True).click()
    expect(page.get_by_text("查询码已经复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == ticket
    with page.expect_download() as saved:
        page.get_by_role("button", name="存成图片").click()
    assert saved.value.suggested_filename == f"{ticket[:6]}.png"
    expect(page.get_by_role("img", name="查询码的图片")).to_be_visible()
    page.reload()
    assert not page.locator(".ticket").is_visible()
    page.get_by_text("再看一次查询码").click()
    assert page.inner_text(".ticket") == ticket


def test_the_private_link_opens_the_problem_on_another_phone(open_window: Open) -> None:
    window = open_window()
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ticket = shown(window)
    window.page.get_by_role("button", name="自己的链接").click()
    expect(window.page.get_by_text("链接已经复制")).to_be_visible()
    link = window.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{window.server.url}/issues/#{ticket}"
    other = open_window()
    other.page.goto(link)
    other.page.wait_for_url(f"**/issues/{ticket[:6]}")
    assert "马上给您答复" in other.page.inner_text("h1")


def test_this_phone_remembers_until_it_is_told_to_forget(open_window: Open) -> None:
    window = open_window()
    number = shown(window)[:6]
    window.context.clear_cookies()  # the browser was closed
    page = window.go(f"/issues/{number}")  # as a message or a bookmark leads to it
    expect(page.get_by_text(f"点下面的“问题 {number}”就能看")).to_be_visible()
    assert "请先填写查询码" not in page.inner_text("main")
    page = window.go("/issues/")
    again = page.get_by_role("button", name=f"问题 {number}")
    with page.expect_navigation(url=f"**/issues/{number}"):
        again.click()
    page = window.go("/issues/")
    # The browser has it open as well: it stands there once, behind the button.
    expect(page.get_by_role("button", name=f"问题 {number}")).to_be_visible()
    assert page.inner_text("main").count(number) == 1
    with next_page(page):
        page.get_by_role("button", name="擦掉这台手机上的记录").click()
    page.locator("script[data-done]").wait_for(state="attached")
    assert number not in page.inner_text("main")
    assert (
        page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('tickets'))") == []
    )


def test_without_scripts_the_ticket_stands_there_with_all_that_is_needed(
    open_window: Open,
) -> None:
    window = open_window(scripts=False)
    report(window)
    page = window.page
    assert page.locator(".ticket").is_visible()
    assert "打印这一页" in page.inner_text(".ticket-card")
    code = page.locator(".ticket-code")
    expect(code).to_be_visible()
    assert code.evaluate("e => e.decode().then(() => e.naturalWidth > 0)")


def test_the_elder_version_reads_the_ticket_in_groups(open_window: Open) -> None:
    window = open_window(elder=True)
    window.page.add_init_script(with_voices(CHINESE))
    ticket = shown(window)
    window.page.get_by_role("button", name="念查询码").click()
    said = window.page.evaluate("said.map(s => s.text)")
    assert said == [" ".join(group) for group in ticket.split("-")]
    box = window.page.locator(".ticket").bounding_box()
    read = window.page.get_by_role("button", name="念给我听").bounding_box()
    assert box is not None
    assert read is not None
    assert box["y"] < read["y"]

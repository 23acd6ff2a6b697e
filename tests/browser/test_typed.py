"""What was typed and not sent: at the way back, after a look for news, where the line breaks."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Locator, Playwright, expect

from tests.browser.conftest import PHONE, Open, Watched, next_page, open_staff, windows
from tests.browser.kinds import case_path
from tests.browser.test_press import LOST, WIDE, ready
from tests.support.running import PASSWORD, Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SignIn = Callable[..., Watched]
WORDS = "补充一句：三楼的灯也不亮"
NOT_SENT = "上次填的还在这里，还没有交。"
NO_ANSWER = "上次按了按钮，没有等到回音，内容还在。"
ADDITION = "form[action$='/reply'] textarea"
KEPT = "Object.keys(sessionStorage).filter((name) => name.startsWith('typed ')).length"


@pytest.fixture(params=["a page kept whole", "a page asked for again"])
def open_phone(
    request: pytest.FixtureRequest,
    playwright: Playwright,
    server: Running,
    chromium: str,
    chromium_arguments: list[str],
) -> Iterator[Open]:
    """A phone that, at the way back, has a page as it was left, or its address alone."""
    against = ["--disable-back-forward-cache"] if request.param == "a page kept whole" else None
    started = playwright.chromium.launch(
        executable_path=chromium, args=chromium_arguments, ignore_default_args=against
    )
    with windows(started, server) as (open_one, opened):
        yield open_one
        for window in opened:
            assert window.complaints == []
    started.close()


def by_ticket(open_one: Open, *, elder: bool = False) -> Watched:
    """Somebody who opens their issue by its ticket on another phone than they reported with."""
    window = open_one(elder=elder)
    number, ticket = window.reported("楼道的灯坏了，晚上看不见路")
    window.context.clear_cookies(name=re.compile(r"(?!elder$)"))
    found = window.send(window.form("/issues/", "/issues/"), ticket=ticket)
    assert found.url.endswith(f"/issues/{number}")
    window.go(f"/issues/{number}")
    ready(window)
    return window


def addition(window: Watched) -> Locator:
    box = window.page.locator(f"details:has({ADDITION})")
    if box.count() and box.get_attribute("open") is None:
        box.locator("> summary").click()
    return window.page.locator(ADDITION)


@pytest.mark.parametrize("elder", [False, True])
def test_an_addition_is_there_in_sight_at_the_way_back(open_phone: Open, elder: bool) -> None:
    window = by_ticket(open_phone, elder=elder)
    page = window.page
    addition(window).fill(WORDS)
    window.go("/services/")
    page.go_back()
    expect(page.locator(ADDITION)).to_be_visible()
    expect(page.locator(ADDITION)).to_have_value(WORDS)


def test_an_addition_outlives_a_look_for_news_until_it_is_erased(open_window: Open) -> None:
    window = by_ticket(open_window)
    page = window.page
    addition(window).fill(WORDS)
    with next_page(page):
        page.locator(".look-again a").click()
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    expect(page.locator(ADDITION)).to_have_value(WORDS)
    page.get_by_role("button", name="擦掉", exact=True).click()
    with next_page(page):
        page.locator(".look-again a").click()
    ready(window)
    expect(page.locator(ADDITION)).to_have_value("")
    assert page.evaluate(KEPT) == 0


def test_what_was_taken_does_not_come_back(open_window: Open) -> None:
    window = by_ticket(open_window)
    page = window.page
    addition(window).fill(WORDS)
    with next_page(page):
        page.locator("form[action$='/reply'] button[type=submit]").click()
    ready(window)
    expect(page.locator(ADDITION)).to_have_value("")
    assert page.evaluate(KEPT) == 0
    page.reload()
    ready(window)
    expect(page.locator(ADDITION)).to_have_value("")


@pytest.mark.parametrize("way", ["back", "address"])
def test_what_was_on_its_way_as_the_line_broke_is_there_again(open_window: Open, way: str) -> None:
    window = by_ticket(open_window)
    page = window.page
    path = window.path()
    addition(window).fill(WORDS)
    page.route("**/reply", lambda route: route.abort("internetdisconnected"))
    with page.expect_event("requestfailed", lambda one: one.method == "POST"):
        page.locator("form[action$='/reply'] button[type=submit]").click()
    page.wait_for_timeout(500)
    page.unroute_all()
    with suppress(Error):  # the browser's own page is still coming
        page.go_back() if way == "back" else window.go(path)
    ready(window)
    expect(page.locator(ADDITION)).to_be_visible()
    expect(page.locator(ADDITION)).to_have_value(WORDS)
    with next_page(page):
        page.locator("form[action$='/reply'] button[type=submit]").click()
    ready(window)
    expect(page.locator(ADDITION)).to_have_value("")
    window.complaints[:] = [said for said in window.complaints if not LOST.search(said)]


def test_what_staff_began_stays_theirs_and_goes_at_signing_out(open_window: Open) -> None:
    window = open_staff(open_window(WIDE), "community_leader")
    page = window.go("/staff/meetings/new")
    ready(window)
    page.fill("[name=place]", "党群服务中心二楼")
    window.go("/staff/")
    window.go("/staff/meetings/new")
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    expect(page.locator("[name=place]")).to_have_value("党群服务中心二楼")
    page.locator(
        ".staff-menu > summary, details:has(form[action$='/logout']) > summary"
    ).first.click()
    with next_page(page):
        page.locator("form[action$='/logout'] button").click()
    assert page.evaluate("sessionStorage.length") == 0


def test_what_a_colleague_has_changed_meanwhile_is_not_written_over(open_window: Open) -> None:
    mine, other = (open_staff(open_window(WIDE), "editor") for _ in range(2))
    page = mine.go("/staff/records/services")
    path = page.locator("main table a[href*='/records/services/']").first.evaluate(
        "e => e.pathname"
    )
    mine.go(path)
    ready(mine)
    field = "main form textarea >> visible=true"
    page.locator(field).first.fill("我写了一半的话")
    mine.go("/staff/")
    theirs = other.go(path)
    ready(other)
    theirs.locator(field).first.fill("同事已经改好的话")
    with next_page(theirs):
        theirs.locator("button[value=save]").click()
    mine.go(path)
    ready(mine)
    expect(page.locator(field).first).to_have_value("同事已经改好的话")


def test_neither_a_password_nor_a_ticket_is_kept(open_window: Open) -> None:
    window = open_window(PHONE)
    page = window.go("/staff/login")
    ready(window)
    page.fill("#username", "worker")
    page.fill("#password", "not the password")
    window.go("/issues/")
    ready(window)
    page.fill("[name=ticket]", "260017-7K2M-9QXD-4TBN")
    window.go("/")
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert not re.search("password|worker|7K2M", kept)


def test_a_move_that_signing_in_gave_back_is_not_said_to_be_unanswered(sign_in: SignIn) -> None:
    worker = sign_in("worker")
    page = worker.go(f"{case_path(worker, '楼道灯不亮')}?move=note")
    words = page.locator("#move-note textarea")
    words.fill("写了一半，登录到期")
    page.context.clear_cookies()
    with next_page(page):
        page.locator("#move-note button[type=submit]").last.click()
    page.fill("#username", "worker")
    page.fill("#password", PASSWORD)
    with next_page(page):
        page.get_by_role("button", name="登录", exact=True).click()
    page.locator("script[data-done]").wait_for(state="attached")
    assert words.input_value() == "写了一半，登录到期"
    assert page.get_by_text("您写的内容还在，请核对后再提交").is_visible()
    assert page.get_by_text("没有等到回音").count() == 0

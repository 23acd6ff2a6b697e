"""An open board learns of what is new by itself, and takes nothing from whoever works on it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Response, Route, expect

from tests.browser.conftest import Open, Watched
from tests.support.running import Running
from tests.support.served import served
from tests.support.web import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEARCH = "[name=q] >> visible=true"
# As when the line comes back; else it asks three times a minute.
ASK = "dispatchEvent(new Event('online'))"


@pytest.fixture(scope="module")
def server(own_house: House) -> Iterator[Running]:
    """One of its own: the first page of the others' board may be full of what they reported."""
    with served(own_house) as started:
        yield started


def board(sign_in: Callable[..., Watched]) -> Watched:
    """A leader's board, whose script is there: it offers the bell."""
    window = sign_in("community_leader", (1280, 800))
    page = window.go("/staff/")
    expect(page.get_by_role("button", name="提示音：关")).to_be_visible()
    return window


def test_what_is_new_comes_and_what_is_being_written_stays(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    page = board(sign_in).page
    page.locator("summary", has_text="更多条件").click()
    page.fill(SEARCH, "写了一半")
    page.evaluate("window.first = document.querySelector('[id^=issue-]')")
    page.mouse.move(5, 5)
    number = open_window().report("看板自己更新出来的一件")
    page.evaluate(ASK)
    new = page.locator(f"#issue-{number}")
    expect(new).to_contain_text("新")
    assert page.input_value(SEARCH) == "写了一半"
    assert page.evaluate("document.activeElement.name") == "q"
    assert page.locator("details[open] > summary", has_text="更多条件").count() == 1
    # The same element as before, wherever it stands now.
    assert page.evaluate("first.isConnected && first === document.getElementById(first.id)")


def test_while_nothing_changes_nothing_is_sent(sign_in: Callable[..., Watched]) -> None:
    page = board(sign_in).page
    found: list[Response] = []
    page.on("response", lambda answer: "/staff/board" in answer.url and found.append(answer))
    for _ in range(2):  # the first may bring what the minutes have changed since
        with page.expect_response(lambda answer: "/staff/board" in answer.url):
            page.evaluate(ASK)
        page.wait_for_timeout(200)
    assert found[-1].status == 304


def test_a_lost_line_is_said_and_so_is_a_session_that_ended(
    sign_in: Callable[..., Watched],
) -> None:
    window = board(sign_in)
    page = window.page

    def lost(route: Route) -> None:
        route.abort()

    page.route("**/staff/board*", lost)
    page.evaluate(ASK)
    expect(page.locator("main")).to_contain_text("现在连不上")
    page.unroute("**/staff/board*", lost)
    page.get_by_role("button", name="现在再试").click()
    expect(page.locator("main").get_by_text("现在连不上")).to_be_hidden()
    window.complaints.clear()  # the browser says of the lost line what we have just made
    window.context.clear_cookies()
    page.evaluate(ASK)
    expect(page.locator("main")).to_contain_text("登录已经结束，这一页不再更新。")
    assert page.title().startswith("（请登录）")

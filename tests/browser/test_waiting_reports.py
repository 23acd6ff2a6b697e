"""A report sent without a line: it waits on the phone, and is sent once."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Open, Watched
from tests.browser.reporting import (
    NO_ROOM_FOR_PHOTOS,
    NO_STORAGE,
    SOON_AGAIN,
    await_broken_page,
    await_ticket,
    grow_old,
    issues_saying,
    offline,
    photo,
    photos_of,
    ready_form,
    wait_with_the_page_open,
    write,
)
from tests.support.line import NO_SIGN_OF_A_LINE
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def submit_without_a_line(window: Watched, words: str, *photos: dict[str, Any]) -> Page:
    """Writes and submits where there is no line, so that the report waits."""
    page = write(window, words, *photos)
    ready_form(page)
    offline(window, True)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("还没有交上去")).to_be_visible()
    return page


def close_and_find_a_line(window: Watched) -> None:
    window.page.close()
    offline(window, False)
    window.page = window.context.new_page()


def test_what_waits_for_longer_is_neither_thrown_away_nor_sent_unasked(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    submit_without_a_line(window, "等了七天")
    close_and_find_a_line(window)
    grow_old(window)
    page = window.go("/issues/new")
    expect(page.get_by_text("当时没有交上去")).to_be_visible()
    assert page.input_value("#description") == "等了七天"
    page.wait_for_timeout(1000)
    assert issues_saying(server, "等了七天") == []
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, "等了七天") == [number]


@pytest.mark.parametrize("elder", [False, True])
def test_without_a_line_the_report_waits_and_is_sent_once(
    open_window: Open, server: Running, elder: bool
) -> None:
    words = f"没有网络{elder}"
    window = open_window(elder=elder)
    page = submit_without_a_line(window, words, photo(1), photo(2))
    assert issues_saying(server, words) == []
    assert window.sideways() <= 0
    page.get_by_role("button", name="现在再试").click()
    expect(page.get_by_text("还没有交上去")).to_be_visible()
    offline(window, False)
    number = await_ticket(page)
    assert issues_saying(server, words) == [number]
    assert len(photos_of(server, number)) == 2
    window.go("/issues/new")
    page.wait_for_timeout(500)
    assert issues_saying(server, words) == [number]


def test_where_the_browser_does_not_tell_that_the_line_is_back_it_is_asked_again(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    window.context.add_init_script(NO_SIGN_OF_A_LINE)
    window.page.clock.install()
    page = submit_without_a_line(window, "连着无线也没有网", photo(1))
    again = page.get_by_role("button", name="现在再试")
    again.focus()
    with page.expect_event("requestfailed"):
        page.clock.fast_forward(SOON_AGAIN)
    expect(again).to_be_focused()  # asked in vain, the notice is not drawn anew
    offline(window, False)
    page.clock.fast_forward(SOON_AGAIN)
    number = await_ticket(page)
    assert issues_saying(server, "连着无线也没有网") == [number]


def test_what_is_taken_back_while_a_line_is_looked_for_is_not_sent(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = submit_without_a_line(window, "我再改改")
    held: list[Route] = []
    page.route(re.compile(r"/issues/new$"), lambda route: held.append(route))
    offline(window, False)
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(100)
    page.get_by_role("button", name="先不交，我再改改").click()
    for route in held:
        route.continue_()
    page.wait_for_timeout(1000)
    assert issues_saying(server, "我再改改") == []
    page.unroute_all()
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, "我再改改") == [number]


def test_a_report_that_waits_is_sent_at_the_next_visit(open_window: Open, server: Running) -> None:
    window = open_window()
    submit_without_a_line(window, "下次再交", photo(1))
    close_and_find_a_line(window)
    # Long enough for the session to be over.
    window.context.clear_cookies()
    page = window.go("/issues/new")
    number = await_ticket(page)
    assert issues_saying(server, "下次再交") == [number]
    assert len(photos_of(server, number)) == 1


def test_an_answer_that_was_lost_does_not_make_two_issues(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "回音丢了", photo(1))

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile(r"/issues/new$"), lose)
    page.get_by_role("button", name="提交", exact=True).click()
    await_broken_page(page)
    window.complaints.clear()
    page.unroute_all()
    page = window.go("/issues/new")
    expect(page.get_by_text("没有等到回音")).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, "回音丢了") == [number]
    assert len(photos_of(server, number)) == 1


def test_a_line_lost_between_two_photos_goes_on_where_it_was(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "传到一半", photo(1), photo(2))
    asked: list[Request] = []

    def second_fails(route: Route) -> None:
        asked.append(route.request)
        if len(asked) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile("/issues/new/photos"), second_fails)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("还没有交上去")).to_be_visible(timeout=20_000)
    window.complaints.clear()
    page.get_by_role("button", name="现在再试").click()
    number = await_ticket(page)
    assert len(asked) == 3
    assert len(photos_of(server, number)) == 2


def test_where_nothing_may_be_kept_the_form_works_and_says_so(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    window.context.add_init_script(NO_STORAGE)
    number = wait_with_the_page_open(window, "不让存")
    assert len(photos_of(server, number)) == 1


@pytest.mark.parametrize("room", ["undefined", "{ open: () => ({}) }"])
def test_photos_that_are_kept_nowhere_are_not_said_to_be(
    open_window: Open, server: Running, room: str
) -> None:
    window = open_window()
    window.context.add_init_script(NO_ROOM_FOR_PHOTOS % room)
    words = f"照片没处存：{room}"
    number = wait_with_the_page_open(window, words)
    assert issues_saying(server, words) == [number]
    assert len(photos_of(server, number)) == 1

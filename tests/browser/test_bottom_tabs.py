"""On a phone the tabs of a list are at the thumb; where something is to be pressed they are not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SignIn = Callable[..., Watched]
PLACE = """() => {
  const bar = document.querySelector(".staff-bar").getBoundingClientRect();
  return bar.top === 0 ? "top" : bar.bottom === innerHeight ? "bottom" : "elsewhere";
}"""
# What has the focus and is not of the bar, and is lower than the bar's upper edge.
HIDDEN = """() => {
  const one = document.activeElement;
  const bar = document.querySelector(".staff-bar");
  if (!one || one === document.body || bar.contains(one) || one.matches(".table-scroll")) return "";
  const isUnder = one.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1;
  return isUnder ? one.textContent : "";
}"""


def place(page: Page, path: str) -> str:
    page.goto(path)
    found: str = page.evaluate(PLACE)
    return found


def test_the_tabs_of_a_list_are_at_the_bottom_of_a_phone_and_those_of_a_form_are_not(
    sign_in: SignIn,
) -> None:
    window = sign_in("community_leader", worker=False)
    url, page = window.server.url, window.page
    assert place(page, f"{url}/staff/") == "bottom"
    case = page.locator(".stack-head a").first.get_attribute("href")
    page.evaluate("scrollTo(0, 900)")
    assert page.evaluate(PLACE) == "bottom"
    assert place(page, f"{url}/staff/register") == "bottom"
    assert place(page, f"{url}{case}") == "top"
    assert place(page, f"{url}/staff/issues/new?channel=phone") == "top"
    desk = sign_in("community_leader", (1280, 800), worker=False)
    assert place(desk.page, f"{url}/staff/") == "top"
    elder = sign_in("community_leader", elder=True, worker=False)
    assert place(elder.page, f"{url}/staff/") == "top"


def test_by_keyboard_nothing_is_hidden_by_them_and_what_is_folded_opens_above(
    sign_in: SignIn,
) -> None:
    window = sign_in("community_leader", worker=False)
    page = window.go("/staff/")
    hidden = []
    for _ in range(60):
        page.keyboard.press("Tab")
        hidden.append(page.evaluate(HIDDEN))
    assert [words for words in hidden if words] == []
    page.locator(".staff-more summary").focus()
    page.keyboard.press("Enter")
    menu, bar = (page.locator(one).bounding_box() for one in (".staff-more ul", ".staff-bar"))
    assert menu
    assert bar
    assert menu["y"] >= 0
    assert menu["y"] + menu["height"] <= bar["y"] + 1
    assert window.sideways() <= 0


def test_a_list_begins_on_the_first_screen(sign_in: SignIn) -> None:
    first = "e => e.getBoundingClientRect().top"
    for size, most in (((360, 740), 440), ((1280, 800), 380)):
        page = sign_in("community_leader", size, worker=False).go("/staff/register")
        assert page.locator(".stack tbody tr").first.evaluate(first) < most
        page.locator("summary", has_text="更多条件").click()
        page.locator("#f-class").wait_for()
    page = sign_in("community_leader", worker=False).go("/staff/")
    assert page.locator(".board-clock").first.evaluate(first) < 120


def test_no_count_pushes_the_board_sideways_in_a_longer_language(sign_in: SignIn) -> None:
    window = sign_in("community_leader", (320, 640), worker=False)
    window.go("/language?to=en")
    window.go("/staff/")
    assert "Waiting for me" in window.page.inner_text("main")
    assert window.sideways() <= 0

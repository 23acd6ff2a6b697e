"""Joining by keyboard on a phone, without scripts, in both versions."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open, next_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def report(page: Page, words: str, *, elder: bool = False) -> str:
    page.fill("#description", words)
    page.select_option("#community_id", "jingui")
    page.select_option("#estate_id", "guiyuan")
    if not elder:  # nobody asks an elder for a kind
        page.check("[name=category][value=elevator]")
    with page.expect_navigation(url="**/issues/2*"):
        page.locator("main button[type=submit]").click()
    return page.inner_text(".ticket")


@pytest.mark.parametrize("elder", [False, True])
def test_a_neighbour_joins_with_the_keyboard_alone_and_without_scripts(
    open_window: Open, elder: bool
) -> None:
    floor = "十六" if elder else "十二"
    first = open_window()
    report(first.go("/issues/new"), f"电梯困人，{floor}楼的老人下不来")
    second = open_window(scripts=False, elder=elder)
    page = second.go("/issues/new")
    ticket = report(page, f"电梯又困人了，{floor}楼老人下不来", elder=elder)
    assert second.sideways() <= 0
    smallest = 60 if elder else 44
    for button in page.locator(".alike-offers button").all():
        assert (button.bounding_box() or {"height": 0})["height"] >= smallest
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(".alike-offers li:first-child button:focus").count():
            break
    else:
        raise AssertionError("no Tab leads to the offer")
    with next_page(page):
        page.keyboard.press("Enter")
    assert "户反映这件事" in page.inner_text("main")
    assert page.inner_text(".ticket") == ticket
    assert second.sideways() <= 0

"""Handing over in a real browser: with the keyboard alone, and the sheet on paper."""

from collections.abc import Callable, Iterator

import pytest

from forms_app import casework
from forms_app.rules.steps import Role
from tests.browser.conftest import Watched, pages_of
from tests.support.running import PASSWORD, Running
from tests.support.served import served
from tests.support.web import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESKTOP = (1280, 900)


@pytest.fixture(scope="module")
def server(own_house: House) -> Iterator[Running]:
    """One of its own: where all of somebody's work has moved, other files miss it."""
    casework.add_account(
        own_house.circle,
        username="wu",
        display_name="吴干事",
        role=Role.WORKER,
        community_id="jingui",
        organization_id="",
        password=PASSWORD,
        now=own_house.now,
        at_least=1,
    )
    with served(own_house) as started:
        yield started


def tab_to(window: Watched, selector: str) -> None:
    """Presses Tab until the control has the focus, as somebody without a mouse does."""
    for _ in range(80):
        if window.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        window.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_all_is_handed_over_with_the_keyboard_alone(sign_in: Callable[..., Watched]) -> None:
    leader = sign_in("community_leader", DESKTOP)
    page = leader.go("/staff/handover/worker")
    count = page.locator(".held [name=numbers]").count()
    assert count >= 3
    number = page.locator(".held [name=numbers]").first.get_attribute("value")
    tab_to(leader, "#everything")
    page.keyboard.press("Space")
    tab_to(leader, "#taker")
    while page.input_value("#taker") != "wu":
        page.keyboard.press("ArrowDown")
    tab_to(leader, "#reason")
    page.keyboard.type("工作调动")
    tab_to(leader, "form.handover-form button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="核对移交").wait_for()
    assert f"{count}件，从" in page.inner_text("main")
    tab_to(leader, "form[action$='/confirm'] button.btn-primary")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="交接单").wait_for()
    assert f"{count}件已经移交给吴干事（wu）" in page.inner_text("main")
    leader.go(f"/staff/issues/{number}")
    assert page.inner_text("main").count("改为 吴干事（wu）") == 1
    leader.go("/staff/handover/wu")
    assert page.locator(".held [name=numbers]").count() == count


@pytest.mark.parametrize("size", [(360, 740), DESKTOP])
def test_the_sheet_fits_the_window_and_few_pages(
    sign_in: Callable[..., Watched], size: tuple[int, int]
) -> None:
    leader = sign_in("community_leader", size)
    page = leader.go("/staff/handover/community_leader")
    held = page.locator(".held > li").count()
    assert held >= 5
    assert leader.sideways() == 0
    # A page of paper takes at least four.
    assert pages_of(page.pdf(format="A4", prefer_css_page_size=True)) <= 1 + held / 4
    page.emulate_media(media="print")
    for hidden in ("#everything", "#taker", ".staff-bar", "#reason"):
        assert not page.locator(hidden).is_visible(), hidden
    assert page.locator(".signatures").is_visible()
    assert page.locator(".signatures span").count() == 4


def test_the_elder_version_of_the_sheet_stays_within_the_window(
    sign_in: Callable[..., Watched],
) -> None:
    leader = sign_in("community_leader", (360, 740), elder=True)
    for path in ("/staff/handover", "/staff/handover/community_leader"):
        leader.go(path)
        assert leader.sideways() == 0

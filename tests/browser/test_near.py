"""Choosing an estate: remembered in this browser alone, and never needed."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Open, Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ESTATE = "桂园小区"
LAST = f"上次看的：{ESTATE}"


def choose(window: Watched) -> None:
    window.go("/near/")
    window.page.locator("main").get_by_role("link", name=ESTATE, exact=True).click()
    window.page.wait_for_url("**/near/guiyuan/")
    assert window.page.inner_text("h1") == f"{ESTATE}附近"


def test_the_chosen_estate_is_remembered_until_it_is_forgotten(open_window: Open) -> None:
    window = open_window()
    window.go("/near/")
    assert not window.page.locator("#near-last").is_visible()
    choose(window)
    for path in ("/", "/near/"):
        window.go(path)
        window.page.reload()
        link = window.page.get_by_role("link", name=LAST)
        link.click()
        assert window.path() == "/near/guiyuan/"
    window.go("/near/")
    assert window.page.locator("main a").nth(1).inner_text() == LAST  # after the way home
    window.page.get_by_role("button", name="不再记住").click()
    assert not window.page.locator("#near-last").is_visible()
    window.page.reload()
    assert not window.page.locator("#near-last").is_visible()


def test_an_estate_that_is_gone_is_forgotten(open_window: Open) -> None:
    window = open_window()
    choose(window)
    window.page.evaluate(
        'localStorage.setItem(Object.keys(localStorage)[0], \'{"id":"gone","name":"x"}\')'
    )
    window.go("/near/")
    assert not window.page.locator("#near-last").is_visible()
    assert window.page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize(
    "broken",
    [
        "Storage.prototype.setItem = () => { throw new DOMException('no room left') }",
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })",
        "Object.defineProperty(window, 'localStorage', { value: undefined })",
        "localStorage.setItem('near /near/', '{')",
        "localStorage.setItem('near /near/', 'null')",
        'localStorage.setItem(\'near /near/\', \'{"id":"../x","name":"x"}\')',
    ],
    ids=["full", "blocked", "absent", "cut off", "null", "somebody else's"],
)
def test_a_browser_that_cannot_remember_still_shows_everything(
    open_window: Open, broken: str
) -> None:
    window = open_window()
    window.page.add_init_script(broken)
    choose(window)
    window.go("/near/")
    window.go("/")


def test_everything_works_without_scripts(open_window: Open) -> None:
    window = open_window(scripts=False)
    choose(window)
    assert window.page.locator("svg.sketch").is_visible()
    window.go("/near/")
    assert not window.page.locator("#near-last").is_visible()


@pytest.mark.parametrize("elder", [False, True], ids=["ordinary", "elder"])
def test_no_estates_page_scrolls_sideways(open_window: Open, elder: bool) -> None:
    window = open_window(elder=elder)
    window.go("/near/")
    paths: list[str] = window.page.eval_on_selector_all(
        "[data-estate-id]", "es => es.map(e => e.pathname)"
    )
    assert len(paths) == 6
    for path in ["/near/", *paths]:
        window.go(path)
        window.page.eval_on_selector_all("main details", "es => es.forEach(e => e.open = true)")
        assert window.sideways() == 0, path


def test_numbers_on_the_sketch_are_large_enough_on_a_phone(open_window: Open) -> None:
    window = open_window()
    window.go("/near/guiyuan/")
    drawn = "svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
    scale = window.page.locator("svg.sketch").evaluate(drawn)
    sizes = window.page.eval_on_selector_all(
        "svg.sketch text", "es => es.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) * scale >= 14


def test_the_position_is_never_asked_for(open_window: Callable[..., Watched]) -> None:
    window = open_window()
    window.page.add_init_script(
        "for (const way of ['getCurrentPosition', 'watchPosition'])"
        " Geolocation.prototype[way] = () => { throw new Error('asked for the position') }"
    )
    choose(window)
    window.go("/near/")

"""Choosing an estate: remembered in this browser alone, and never needed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Open, Watched
from tests.browser.reporting import held_one

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ESTATE = "桂园小区"


def choose(window: Watched) -> None:
    window.go("/near/")
    window.page.locator("main").get_by_role("link", name=ESTATE, exact=True).click()
    window.page.wait_for_url("**/near/guiyuan/")
    assert window.page.inner_text("h1") == f"{ESTATE}附近"


def own(window: Watched) -> Locator:
    """The half of the page's line that knows an estate."""
    return window.page.locator(".my-estate > span:nth-child(2)").first


def test_the_chosen_estate_is_remembered_until_it_is_forgotten(open_window: Open) -> None:
    window = open_window()
    window.go("/near/")
    expect(own(window)).to_be_hidden()
    choose(window)
    for path in ("/", "/near/", "/venues/", "/services/", "/venues/jingui_square/"):
        window.go(path)
        window.page.reload()
        expect(own(window).get_by_role("link", name=ESTATE)).to_be_visible()
    own(window).get_by_role("link", name=ESTATE).click()
    assert window.path() == "/near/guiyuan/"
    window.go("/venues/")
    expect(window.page.locator(".walk").first).to_have_text("走6分钟，实地走过")
    window.page.get_by_role("button", name="不再记住").click()
    expect(own(window)).to_be_hidden()
    assert window.page.locator(".walk").count() == 0
    assert window.page.evaluate("localStorage.length") == 0
    window.go("/")
    expect(own(window)).to_be_hidden()


def test_what_comes_after_an_estate_was_forgotten_is_neither_kept_nor_shown(
    open_window: Open,
) -> None:
    window = open_window()
    choose(window)
    held: list[Route] = []
    window.page.route("**/near/guiyuan.json", lambda route: held.append(route))
    page = window.go("/venues/")
    with page.expect_response("**/near/guiyuan.json"):
        page.get_by_role("button", name="不再记住").click()
        held_one(page, held).continue_()
    page.wait_for_timeout(500)
    assert page.evaluate("localStorage.length") == 0
    assert page.locator(".walk").count() == 0


def test_an_estate_that_is_changed_while_its_ways_come_is_shown_once(open_window: Open) -> None:
    window = open_window()
    choose(window)
    held: list[Route] = []
    window.page.route("**/near/guiyuan.json", lambda route: held.append(route))
    page = window.go("/venues/")
    page.evaluate("Estate.choose('cuihu', '翠湖新村')")  # as another tab does
    with page.expect_response("**/near/guiyuan.json"):
        held_one(page, held).continue_()
    page.wait_for_timeout(500)
    assert page.locator(".walk").count() == 0
    assert "guiyuan" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_page_of_another_estate_changes_nothing_before_it_is_pressed(open_window: Open) -> None:
    window = open_window()
    window.go("/near/cuihu/")
    assert window.page.evaluate("localStorage.length") == 0
    choose(window)
    window.go("/near/cuihu/")
    expect(own(window).get_by_role("link", name=ESTATE)).to_be_visible()
    window.page.get_by_role("button", name="我住翠湖新村，记住").click()
    expect(own(window).get_by_role("link", name="翠湖新村")).to_be_visible()
    window.go("/venues/")
    expect(own(window).get_by_role("link", name="翠湖新村")).to_be_visible()


def test_the_minutes_hang_on_the_gate_that_is_open_then(open_window: Open) -> None:
    window = open_window()
    choose(window)
    window.page.evaluate(
        "localStorage.setItem('near /near/ walks', JSON.stringify({id: 'guiyuan', at: Date.now(),"
        " walks: {gates: [[], [[390, 1290]]], ways: {jingui_hall: [[1, 6, 'walked', 0, 55],"
        " [0, 9, 'walked', 18, 85]]}}}))"
    )
    page = window.go("/venues/jingui_hall/")
    expect(page.locator("h1 .walk")).to_have_text("走6分钟，实地走过")
    page.evaluate("document.querySelector('h1 [data-walk]').dataset.at = '22:00'")
    page.evaluate("document.querySelectorAll('.walk').forEach(e => e.remove())")
    page.add_script_tag(url="/static/near.js")
    expect(page.locator("h1 .walk")).to_have_text("走9分钟，实地走过，有18级台阶")


def test_home_shows_what_is_near_today(open_window: Open) -> None:
    window = open_window()
    choose(window)
    page = window.go("/")
    cards = page.locator(".acts > li").all()
    assert cards
    for card in cards:
        expect(card.locator(".walk")).to_have_count(1)
    lists = page.evaluate(
        """[...document.querySelectorAll("[data-far]:has(.acts), ol[data-far]")].map(list => {
          const coming = [...list.querySelectorAll("[data-near]:not(.is-past)")];
          const far = coming.filter(card => card.querySelector(".walk-far")).length;
          const note = list.nextElementSibling;
          const is_shown = note && note.matches(".far-note:not([hidden])");
          return [coming.length - far, far, is_shown ? note.textContent : ""];
        })"""
    )
    assert lists
    for near, far, note in lists:
        said = "走10分钟到不了" if near else "下面"
        assert (f"{far}场" in note and said in note) if far else note == "", (near, far, note)


def test_a_phone_whose_clock_is_a_year_ahead_calls_nothing_over(open_window: Open) -> None:
    window = open_window()
    page = window.go("/")
    ends = page.eval_on_selector_all("[data-until]", "all => all.map(one => one.dataset.until)")
    latest = max(map(datetime.fromisoformat, ends))
    for passed, is_over in ((timedelta(minutes=1), True), (timedelta(days=366), False)):
        page.clock.set_fixed_time(latest + passed)
        window.go("/")
        assert (page.locator("[data-until].is-past").count() > 0) is is_over


def test_the_report_form_knows_the_estate_and_a_link_knows_better(open_window: Open) -> None:
    window = open_window()
    choose(window)
    page = window.go("/issues/new")
    expect(page.get_by_text("小区是您选过的")).to_be_visible()
    assert page.input_value("#estate_id") == "guiyuan"
    assert "issues/new?estate_id=cuihu" in window.go("/near/cuihu/").content()
    page = window.go("/issues/new?estate_id=cuihu")
    page.wait_for_selector("script[data-done]", state="attached")
    assert page.input_value("#estate_id") == "cuihu"
    page = window.go("/issues/new?estate_id=nowhere")
    expect(page.get_by_text("小区是您选过的")).to_be_visible()
    page.get_by_role("button", name="不要记住").click()
    assert page.input_value("#estate_id") == ""
    window.go("/venues/")
    expect(own(window)).to_be_hidden()


def test_an_estate_that_is_gone_is_forgotten(open_window: Open) -> None:
    window = open_window()
    choose(window)
    window.page.evaluate('localStorage.setItem(\'near /near/\', \'{"id":"gone","name":"x"}\')')
    window.go("/near/")
    expect(own(window)).to_be_hidden()
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
    expect(own(window)).to_be_hidden()


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


@pytest.mark.parametrize("width", [320, 360])
def test_home_and_report_begin_on_the_first_screen(open_window: Open, width: int) -> None:
    window = open_window((width, 740))
    page = window.go("/")
    say = page.locator(".home-say").bounding_box()
    call = page.locator(".home-call").bounding_box()
    assert say is not None
    assert call is not None
    assert say["y"] <= 344
    assert call["y"] + call["height"] <= (740 if width == 360 else 760)
    header = page.locator(".site-header").bounding_box()
    assert header is not None
    assert header["height"] <= 104
    field = window.go("/issues/new").locator("#description").bounding_box()
    assert field is not None
    assert field["y"] <= (290 if width == 360 else 330)

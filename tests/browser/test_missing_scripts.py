"""Scripts that are late or do not come: on a poor line a form is sent all the same, or stays."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, Watched, next_page, open_staff
from tests.browser.reporting import await_ticket, issues_saying, offline, photo, photos_of, write
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STATIC = Path(__file__).parents[2] / "forms_app" / "static"
# What the browser says of a lost file, and of a script that ends for want of it.
LOST = re.compile(
    r"net::ERR_FAILED|(Said|Elements|Device|Estate|Line|Controls|Draft|Kept) is not defined"
)


def names_of(page: Page) -> list[str]:
    """The scripts that a page brings, in their order."""
    addresses: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("script[src]")].map((one) => one.src)
          .concat(document.querySelector("script[data-then]").dataset.then.trim().split(/\\s+/))"""
    )
    return list(dict.fromkeys(re.findall(r"/static/([\w.]+\.js)", " ".join(addresses))))


# Said of a script that did not come, in its turn: they run in their order.
SAID_OF_LOST = """addEventListener("error", ({ target }) => {
  if (target !== window) target.dataset.lost = "";
}, true)"""


def go_without(window: Watched, name: str, names: list[str], path: str) -> Page:
    """Opens a page, and waits for all its scripts but one, which does not come to it."""
    window.page.add_init_script(SAID_OF_LOST)
    window.page.route(f"**/static/{name}*", lambda route: route.abort())
    page = window.go(path)
    if name != "later.js":  # it brings those that come after the page
        of_last = "data-lost" if name == names[-1] else "data-done"
        page.locator(f"script[{of_last}]").wait_for(state="attached")
    page.unroute_all()
    return page


def look_at_complaints(window: Watched) -> None:
    assert [said for said in window.complaints if not LOST.search(said)] == []
    window.complaints.clear()


def test_a_report_and_its_photo_arrive_whichever_script_is_lost(
    open_window: Open, server: Running
) -> None:
    names = names_of(open_window().go("/issues/new"))
    assert {"later.js", "said.js", "device.js", "photos.js", "report.js"} <= set(names)
    for name in names:
        window = open_window()
        page = go_without(window, name, names, "/issues/new")
        page.fill("#description", f"{name}没有到")
        page.select_option("#estate_id", "guiyuan")
        page.set_input_files("#photos", [photo(4, 600, 450)])
        page.get_by_role("button", name="提交", exact=True).click()
        number = await_ticket(page)
        assert issues_saying(server, f"{name}没有到") == [number], name
        assert len(photos_of(server, number)) == 1, name
        look_at_complaints(window)


# One that is there already has all of them from then on.
NO_WORKER = "delete Navigator.prototype.serviceWorker"


def test_a_worker_registers_with_a_photo_whichever_script_is_lost(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    window.context.add_init_script(NO_WORKER)
    open_staff(window, "worker")
    names = names_of(window.go("/staff/issues/new"))
    assert {"later.js", "said.js", "kept.js", "collect.js", "controls.js"} <= set(names)
    for name in names:
        page = go_without(window, name, names, "/staff/issues/new")
        page.select_option("#channel", index=1)
        page.fill("#description", f"登记时{name}没有到")
        page.set_input_files("#photos", [photo(5, 600, 450)])
        page.get_by_role("button", name="登记", exact=True).click()
        page.locator(".ticket").wait_for()
        (number,) = issues_saying(server, f"登记时{name}没有到")
        assert len(photos_of(server, number)) == 1, name
        look_at_complaints(window)


def write_before(window: Watched, name: str, words: str) -> tuple[Page, Route]:
    """Writes and presses while one of the scripts is on its way; the page, and that script."""
    held: list[Route] = []
    coming: set[str] = set()
    window.page.on("request", lambda one: coming.add(one.url))
    window.page.on("requestfinished", lambda one: coming.discard(one.url))
    window.page.route(f"**/static/{name}*", lambda route: held.append(route))
    page = write(window, words)
    for _ in range(100):  # until it alone is on its way
        if held and len(coming) == 1:
            break
        page.wait_for_timeout(100)
    page.get_by_role("button", name="提交", exact=True).dblclick()
    return page, held[0]


def test_a_press_waits_for_the_scripts_that_are_on_their_way(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page, late = write_before(window, "report.js", "脚本还没到就按了")
    assert page.input_value("#description") == "脚本还没到就按了"
    offline(window, True)
    late.fulfill(path=STATIC / "report.js")
    expect(page.get_by_text("还没有交上去")).to_be_visible()
    offline(window, False)
    number = await_ticket(page)
    assert issues_saying(server, "脚本还没到就按了") == [number]


def test_a_press_without_a_line_and_without_its_scripts_waits_for_the_line(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page, lost = write_before(window, "report.js", "脚本和网络都没有")
    offline(window, True)
    lost.abort()
    page.wait_for_timeout(500)
    assert page.input_value("#description") == "脚本和网络都没有"
    window.context.set_offline(False)
    number = await_ticket(page, scripts=False)
    assert issues_saying(server, "脚本和网络都没有") == [number]
    look_at_complaints(window)


def test_a_script_that_never_comes_holds_a_press_up_for_ten_seconds(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    window.page.clock.install()
    sent: list[str] = []
    window.page.on("request", lambda one: sent.append(one.method))
    page, _ = write_before(window, "said.js", "脚本一直不来")
    page.clock.run_for(5_000)
    page.wait_for_timeout(300)
    assert "POST" not in sent
    with next_page(page):
        page.clock.run_for(5_000)
    number = await_ticket(page, scripts=False)
    assert issues_saying(server, "脚本一直不来") == [number]

"""A script that did not come: on a poor line one is lost, and the form is sent all the same."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open, Watched, open_staff
from tests.browser.reporting import await_ticket, issues_saying, photo, photos_of
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

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

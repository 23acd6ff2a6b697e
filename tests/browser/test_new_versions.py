"""A new version of the program beside pages and workers of the one before."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from forms_app.files.locks import holding
from tests.browser.lines import (
    SOON,
    Office,
    await_worker,
    behind_a_line,
    is_soon,
    until,
    write_without_a_line,
)
from tests.browser.reporting import ready_form
from tests.support.running import Running, running
from tests.support.told import copy_demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(copy_demo(tmp_path_factory.mktemp("versions"))) as server:
        yield server


@pytest.fixture
def office(started: Running, browser: Browser) -> Iterator[Office]:
    with behind_a_line(started, browser) as opened:
        yield opened


@contextmanager
def another_version(office: Office, change: Callable[[Path], None], folder: Path) -> Iterator[None]:
    """Leads the line to a server of the same data whose program was changed before it started."""
    change(copy_demo(folder))
    # The site is not asked for, and none is made.
    nobody_publishes = holding(folder / "build" / "publish.lock")
    with nobody_publishes, running(folder, demo=False, data=office.server.data) as second:
        office.line.to = second.port
        office.line.drop()
        yield


def other_script(folder: Path) -> None:
    """A script of the kept page is another one."""
    script = folder / "forms_app" / "static" / "collect.js"
    script.write_text(script.read_text(encoding="utf-8") + "\nwindow.version = 'second';\n")


def version_of(page: Page) -> object:
    ready_form(page)
    return page.evaluate("window.version || 'first'")


def test_a_new_version_strands_no_open_page_and_is_what_new_pages_get(
    tmp_path: Path, office: Office
) -> None:
    window = office.sign_in()
    old = write_without_a_line(office, window, "旧版写的")
    with another_version(office, other_script, tmp_path):
        # The old page lives on by itself: reloaded without a line, it has all its files.
        old.reload()
        assert version_of(old) == "first"
        expect(old.get_by_role("heading", name="等着交上去：1")).to_be_visible()
        office.mend(window)
        expect(old.get_by_text("已经交上去")).to_be_visible(timeout=SOON)
        assert len(office.issues_saying("旧版写的")) == 1
        # A page opened now is of the new version, and the old worker waits for the old page.
        new = window.context.new_page()
        new.goto(f"{window.server.url}/staff/issues/new")
        assert version_of(new) == "second"
        until(
            new,
            "navigator.serviceWorker.getRegistration('/staff/').then((r) => Boolean(r.waiting))",
        )
        new.reload()
        assert version_of(new) == "second"
        office.cut(window)
        old.goto(f"{window.server.url}/staff/offline")
        assert version_of(old) == "first"
        office.mend(window)
        # With the old page gone, the new version takes over at one of the next pages: each asks
        # once, and the browser may still count the page that has just been closed.
        old.close()
        taken_over = (
            "navigator.serviceWorker.getRegistration('/staff/')"
            ".then((r) => !r.waiting && r.active.state === 'activated')"
        )
        for _ in range(10):
            new.reload()
            ready_form(new)
            if is_soon(new, taken_over):
                break
        until(new, taken_over)
        office.cut(window)
        new.goto(f"{window.server.url}/staff/offline")
        assert version_of(new) == "second"
        until(new, "caches.keys().then((names) => names.length === 1)")


def without_worker(folder: Path) -> None:
    """The worker's address is another one."""
    source = folder / "forms_app" / "web" / "staff" / "offline.py"
    source.write_text(source.read_text(encoding="utf-8").replace('"/sw.js"', '"/gone.js"'))


def test_where_the_workers_address_is_gone_it_ends_itself(tmp_path: Path, office: Office) -> None:
    window = office.sign_in()
    await_worker(window.page)
    with another_version(office, without_worker, tmp_path):
        # As any phone does with a worker that has nothing to do: it asks once in a life.
        session = window.context.new_cdp_session(window.page)
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")
        gone = "navigator.serviceWorker.getRegistrations().then((all) => all.length === 0)"
        for _ in range(10):  # a line that was just cut may fail once more
            page = window.go("/staff/")
            if is_soon(page, gone):
                break
        until(page, gone)
        until(page, "caches.keys().then((names) => names.length === 0)")

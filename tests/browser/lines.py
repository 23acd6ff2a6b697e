"""An office whose line can be cut and mended, for tests of what is written without one."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Watched, open_staff, windows
from tests.browser.reporting import ask, ready_form
from tests.support.line import Line, line
from tests.support.running import Running

# Milliseconds, for a busy machine; well before the half minute after which all is tried anyway.
SOON = 15_000
# On a slow machine a request may hang for 20 s as the line comes back; all is tried again then.
LATER = 4 * SOON
# What a browser itself says of a lost line, and of a worker that is not there any more.
LOST = re.compile(r"net::ERR_|ERR_FAILED|Failed to (update|register) a ServiceWorker")


@dataclass
class Office:
    """A product behind a line; windows know the line's address."""

    server: Running
    line: Line
    stack: ExitStack
    browser: Browser

    def sign_in(self, role: str = "worker", size: tuple[int, int] = PHONE) -> Watched:
        known = replace(self.server, port=self.line.port)
        open_one, _ = self.stack.enter_context(windows(self.browser, known))
        window = open_one(size)
        self.stack.callback(self.look_at_complaints, window)
        open_staff(window, role).go("/staff/")
        return window

    def look_at_complaints(self, window: Watched) -> None:
        assert [said for said in window.complaints if not LOST.search(said)] == []

    def cut(self, *opened: Watched) -> None:
        self.line.cut()
        for window in opened:
            window.context.set_offline(True)

    def mend(self, *opened: Watched) -> None:
        self.line.mend()
        for window in opened:
            window.context.set_offline(False)

    def issues_saying(self, words: str) -> list[tuple[str, str]]:
        """Number and time of receipt."""
        return ask(
            self.server, "SELECT number, received_at FROM issue WHERE description = ?", words
        )


@contextmanager
def behind_a_line(server: Running, browser: Browser) -> Iterator[Office]:
    with line(server.port) as opened, ExitStack() as stack:
        yield Office(server, opened, stack, browser)


def await_worker(page: Page) -> None:
    """Waits until the worker runs, and the page's own scripts have come."""
    until(page, "navigator.serviceWorker.getRegistration().then((r) => Boolean(r && r.active))")
    until(page, "typeof Kept === 'object'")


def until(page: Page, question: str) -> None:
    """Waits until what the page is asked, a promise or not, is true."""
    for _ in range(150):
        if page.evaluate(question):
            return
        page.wait_for_timeout(100)
    raise AssertionError(question)


def is_soon(page: Page, question: str) -> bool:
    """Whether it is true within a second."""
    for _ in range(10):
        if page.evaluate(question):
            return True
        page.wait_for_timeout(100)
    return False


def write(page: Page, words: str, *photos: dict[str, Any]) -> None:
    """Fills in the form that is open."""
    ready_form(page)
    page.select_option("#channel", index=1)
    page.fill("#description", words)
    if photos:
        page.set_input_files("#photos", list(photos))
        expect(page.locator(".photo-words", has_text="KB")).to_have_count(len(photos))


def write_without_a_line(office: Office, window: Watched, words: str, *photos: Any) -> Page:
    page = window.page
    await_worker(page)
    office.cut(window)
    page = window.go("/staff/issues/new")
    expect(page.get_by_role("heading", name="没有网络时登记")).to_be_visible()
    write(page, words, *photos)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="等着交上去：1")).to_be_visible()
    return page

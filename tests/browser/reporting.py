"""Forms in a browser: writing in them, losing the line, and what came of it."""

import sqlite3
from collections.abc import Callable
from functools import cache
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Watched
from tests.support.pictures import phone_photo
from tests.support.running import Running

SignIn = Callable[..., Watched]
SOON_AGAIN = 2_000  # milliseconds, after which what was asked in vain is asked again
NO_STORAGE = """
  Object.defineProperty(window, "localStorage", { get() { throw new Error("forbidden"); } });
  Object.defineProperty(window, "indexedDB", { value: undefined });
"""
# What is large is kept elsewhere than words: there is no such place, or it never answers.
NO_ROOM_FOR_PHOTOS = """
  Object.defineProperty(window, "indexedDB", { value: %s });
"""
OLD_PHONE = """
  delete window.DataTransfer; delete window.createImageBitmap;
  CSS.supports = () => false;
"""


@cache
def photo(seed: int = 0, width: int = 1200, height: int = 900, **options: Any) -> dict[str, Any]:
    content = phone_photo(width, height, seed=seed, **options)
    return {"name": f"IMG_{seed}.jpg", "mimeType": "image/jpeg", "buffer": content}


def ask(server: Running, question: str, *values: str) -> list[Any]:
    database = sqlite3.connect(f"file:{server.data / 'private' / 'forms.db'}?mode=ro", uri=True)
    try:
        return database.execute(question, values).fetchall()
    finally:
        database.close()


def issues_saying(server: Running, words: str) -> list[str]:
    found = ask(server, "SELECT number FROM issue WHERE description = ?", words)
    return [number for (number,) in found]


def photos_of(server: Running, number: str) -> list[tuple[int, int]]:
    return ask(
        server,
        "SELECT width, height FROM photo JOIN issue ON issue.id = issue_id"
        " WHERE number = ? ORDER BY photo.id",
        number,
    )


def write(window: Watched, words: str, *photos: dict[str, Any]) -> Page:
    """Opens the form, writes, chooses the photos and agrees."""
    page = window.go("/issues/new")
    page.fill("#description", words)
    page.select_option("#estate_id", "guiyuan")
    if photos:
        page.set_input_files("#photos", list(photos))
        expect(page.locator(".photo-chosen canvas")).to_have_count(len(photos))
        expect(page.locator(".photo-words", has_text="KB")).to_have_count(len(photos))
    return page


def await_ticket(page: Page, *, scripts: bool = True) -> str:
    """Waits for the page with the ticket, and all that it brings; the issue's number."""
    expect(page.locator(".ticket")).to_be_visible(timeout=20_000)
    page.wait_for_load_state()
    if scripts:
        page.locator("script[data-done]").first.wait_for(state="attached")
    return page.url.rsplit("/", 1)[-1]


def ready_form(page: Page) -> None:
    """Waits until the form keeps what is written: its script was the last to come."""
    page.locator("script[data-done]").first.wait_for(state="attached")


def held_one(page: Page, held: list[Route]) -> Route:
    """The first of the requests that a test holds, once it is asked."""
    for _ in range(150):
        if held:
            return held[0]
        page.wait_for_timeout(100)
    raise AssertionError("nothing was asked for")


def await_broken_page(page: Page) -> None:
    """Waits for the browser's own page in the place of an answer."""
    for _ in range(200):
        if page.url.startswith("chrome-error:"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.url)


def await_draft(page: Page, words: str) -> None:
    page.wait_for_function(
        "words => Object.values(localStorage).some(kept => kept.includes(words))", arg=words
    )


def offline(window: Watched, is_off: bool) -> None:
    window.context.set_offline(is_off)
    if not is_off:
        # What the browser itself said of the lost line.
        lost = [said for said in window.complaints if "ERR_INTERNET_DISCONNECTED" in said]
        assert window.complaints == lost
        window.complaints.clear()


def kept_on_the_phone(page: Page) -> tuple[list[str], int]:
    """What localStorage holds of the form, and how many photos IndexedDB does."""
    names = page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('report'))")
    count = page.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("report /issues/");
          opening.onupgradeneeded = () =>
            opening.result.createObjectStore("photos", {keyPath: "id"});
          opening.onsuccess = () => {
            const store = opening.result.transaction("photos").objectStore("photos").count();
            store.onsuccess = () => { opening.result.close(); resolve(store.result); };
          };
        })"""
    )
    return sorted(names), count


def await_kept_photos(page: Page, count: int) -> None:
    """Waits until the phone keeps as many photos: it may be in no hurry."""
    for _ in range(150):
        if kept_on_the_phone(page)[1] == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(kept_on_the_phone(page))


def grow_old(window: Watched) -> None:
    """Leaves the form, and makes its draft more than seven days old."""
    # Not by the page itself, which would write it anew as it is left.
    window.go("/issues/")
    window.page.evaluate(
        """() => {
          const draft = JSON.parse(localStorage.getItem("report /issues/"));
          draft.saved_at -= 7 * 86400000 + 1000;
          localStorage.setItem("report /issues/", JSON.stringify(draft));
        }"""
    )


def wait_with_the_page_open(window: Watched, words: str) -> str:
    """Writes where not all is kept, is told so, and waits for a line; the issue's number."""
    page = write(window, words, photo(1))
    expect(page.get_by_text("这个浏览器不让暂存")).to_be_visible()
    ready_form(page)
    offline(window, True)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("请不要关掉这一页")).to_be_visible()
    offline(window, False)
    return await_ticket(page)

"""How long a trained member of staff needs from a resident's report to its first answer.

A real browser makes the journey on the started product: every press and every wait for a page is
counted there. What a person adds by looking, pointing and typing follows the keystroke-level model
of Card, Moran and Newell (Communications of the ACM 23(7), 1980).
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from tests.support.running import PASSWORD, copy_checkout, running

LOOK_S, POINT_S, PRESS_S, KEY_S = 1.35, 1.1, 0.2, 0.28
KEYS_A_LETTER = 3  # a Chinese letter by pinyin, its choice included
OPINION = "今天下午派人到现场看，晚上告诉您结果。"


class Trained:
    """Somebody who knows the pages: what they press and type, and how long the pages took."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.clicks = self.letters = self.digits = 0
        self.waited_s = 0.0

    def press(self, what: Any) -> None:
        """One press, and the page that it opens."""
        began = time.perf_counter()
        # A form is sent once there is a line, which its page asks for.
        sends = what.evaluate("e => e.type === 'submit' && e.form.method === 'post'")
        with self.page.expect_navigation() if sends else nullcontext():
            what.click()
        self.page.wait_for_load_state()
        self.waited_s += time.perf_counter() - began
        self.clicks += 1

    def write(self, what: Any, text: str) -> None:
        """One press into the field, and the letters."""
        self.press(what)
        what.fill(text)
        self.letters += len(text)

    def dial(self, what: Any, number: str) -> None:
        """One press into the field, and the digits, a key each."""
        self.press(what)
        what.fill(number)
        self.digits += len(number)

    @property
    def seconds(self) -> float:
        """The pages' time with the person's: look, point and press, and the keys."""
        a_press = LOOK_S + POINT_S + PRESS_S
        keys = self.letters * KEYS_A_LETTER + self.digits
        return self.waited_s + self.clicks * a_press + keys * KEY_S


def chromium() -> str:
    """Where the browser is."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("没有 Chromium，先运行一次 scripts/test。")
    return path


@contextmanager
def sample_in_browser() -> Iterator[tuple[Any, str]]:
    """A browser, and the address of a sample of its own that is served as long."""
    from playwright.sync_api import sync_playwright

    with (
        tempfile.TemporaryDirectory() as folder,
        running(copy_checkout(Path(folder) / "checkout")) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser, server.url
        browser.close()


def signed_in(browser: Any, url: str, username: str) -> Any:
    """A wide page on the board of a sample account."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{url}/staff/login")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/staff/")
    return page


def first_answer() -> dict[str, dict[str, float]]:
    """Clicks, letters and seconds: with prepared words, and with words of one's own.

    From the board, on which the report has come in, to the page that says the answer was sent.
    """
    with sample_in_browser() as (browser, url):
        return {
            way: _journey(browser, url, way == "prepared", words)
            for way, words in {"prepared": "路灯不亮，看不清路", "own": "单元门的灯一直闪"}.items()
        }


def _journey(browser: Any, url: str, prepared: bool, words: str) -> dict[str, float]:
    number = _report(browser, url, words)
    page = signed_in(browser, url, "worker")
    person = Trained(page)
    person.press(page.locator(f"a[href$='/staff/issues/{number}']").first)
    box = page.locator("#move-opine")
    if box.get_attribute("open") is None:
        person.press(box.locator("summary"))
    if prepared:
        person.press(box.locator(".starters a").first)
    else:
        person.write(box.locator("textarea"), OPINION)
    person.press(page.locator("#move-opine button[type=submit]"))
    if "已经保存" not in page.inner_text("main"):
        raise RuntimeError(page.inner_text("main")[:300])
    page.close()
    return {
        "clicks": person.clicks,
        "letters": person.letters,
        "pages_s": round(person.waited_s, 2),
        "trained_person_s": round(person.seconds, 1),
    }


def _report(browser: Any, url: str, words: str) -> str:
    """A resident's report on a phone; its number."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{url}/issues/new")
    page.fill("#description", f"（示例）{words}")
    page.select_option("#community_id", "jingui")
    page.check("[name=category][value=street_light]")
    page.get_by_role("button", name="提交", exact=True).click()
    ticket: str = page.locator(".ticket").inner_text(timeout=10_000)
    page.close()
    return ticket.split("-")[0]

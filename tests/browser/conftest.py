"""A started product and a real browser that minds every error, violation and foreign address."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import (
    APIResponse,
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
    Response,
    expect,
    sync_playwright,
)

from forms_app.community import Circle
from forms_app.store import database
from tests.conftest import NO_OPTIMIZING, missing
from tests.support.running import PASSWORD, Running, running
from tests.support.told import copy_demo
from tests.support.web import House, PageForm, forms_in, house_at

PHONE = (360, 740)
# A busy machine may take its time, for a click as for what is expected of the page.
PATIENCE = 15_000  # milliseconds
expect.set_options(timeout=PATIENCE)
# The browser itself reports a refused form (422) or a page that is not there as an error.
A_REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


@contextmanager
def next_page(page: Page, timeout: float | None = None) -> Iterator[None]:
    """Waits for the page to which the block leads, `timeout` milliseconds for its beginning.

    Playwright's own `expect_navigation` is content with a `history.replaceState` on the page that
    is there, which press.js calls before it sends a refused form once more.
    """
    with page.expect_event("domcontentloaded", timeout=timeout):
        yield
    page.wait_for_load_state()


@dataclass(eq=False)
class Watched:
    """One browser window and what went wrong in it."""

    server: Running
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.server.url + path)
        return self.page

    def press(self, words: str) -> None:
        """Presses a button that leads to another page, and waits for that."""
        with next_page(self.page):
            self.page.get_by_role("button", name=words, exact=True).click()

    def form(self, path: str, action: str) -> PageForm:
        """The form with this action on a page that is not drawn: what only leads to what a test
        looks at is asked for with the window's cookies, in a tenth of the time.
        """
        page = self.context.request.get(self.server.url + path)
        [found] = [one for one in forms_in(page.text()) if one.action.endswith(action)]
        return found

    def send(self, form: PageForm, **typed: str) -> APIResponse:
        """Sends such a form as it stands but for these fields; the page to which that leads."""
        return self.context.request.post(
            self.server.url + form.action,
            data=urlencode(form.filled(typed), doseq=True),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    def first_lead(self) -> str:
        """Whom the case that is open offers first to be assigned to."""
        options = self.page.locator("#move-assign [name=lead] option, #move-assign [name=lead]")
        leads: list[str] = options.evaluate_all("es => es.map(e => e.value).filter(Boolean)")
        return leads[0]

    def submit_report(self) -> str:
        """Sends the report form as it is filled in, and waits for the ticket; the number."""
        self.page.get_by_role("button", name="提交", exact=True).click()
        self.page.locator(".ticket").wait_for()
        self.page.wait_for_load_state()
        return self.path().rsplit("/", 1)[-1]

    def report(self, words: str) -> str:
        """Somebody's report; the number of the new issue, whose clock begins to run."""
        return self.reported(words)[0]

    def reported(self, words: str) -> tuple[str, str]:
        """The same, and its ticket."""
        form = self.form("/issues/new", "/issues/new")
        made = self.send(form, description=words, community_id="jingui")
        ticket = re.search(r'data-ticket="([^"]+)"', made.text())
        assert ticket, made.text()
        return made.url.rsplit("/", 1)[-1], ticket[1]

    def show_ticket(self, words: str) -> str:
        """The same by hand, whose page with the ticket is open then."""
        self.go("/issues/new")
        self.page.fill("#description", words)
        self.page.select_option("#community_id", "jingui")
        return self.submit_report()

    def judge(self, level: int, words: str = "") -> None:
        """Says of the ticket that is open whether it is done, and how it was."""
        box = self.page.locator(".verdict-done" if level > 2 else ".verdict-not")
        box.locator("> summary").click()
        box.locator(f"[value='{level}']").check()
        if words:
            folded = box.locator("form details:not([open]) > summary")  # in the elder version
            if folded.count():
                folded.click()
            box.locator("[name=comment]").fill(words)
        self.press("评完了" if level > 2 else "交上去，重新办")

    def path(self) -> str:
        return self.page.url.removeprefix(self.server.url)

    def sideways(self) -> int:
        """By how many pixels the page is wider than the window."""
        width: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width

    def make_move(self, number: str, move: str, **typed: str) -> None:
        """Makes a move on a case; whoever is to be given it may be left to the form."""
        form = self.form(f"/staff/issues/{number}", f"/{number}/{move}")
        if move == "assign":
            typed = {"lead": next(filter(None, form.options("lead")))} | typed
        answer = self.send(form, **typed)
        assert "已经保存" in answer.text(), answer.text()

    def press_move(self, number: str, move: str, **typed: str) -> None:
        """The same by hand: opens it on the case page, writes, chooses, presses its button."""
        self.go(f"/staff/issues/{number}")
        box = self.page.locator(f"#move-{move}")
        if box.get_attribute("open") is None:
            box.locator("> summary").click()
        folded = box.locator("details:not([open]) > summary >> visible=true")
        while folded.count():
            folded.first.click()
        for name, value in typed.items():
            control = box.locator(f"[name={name}]")
            kind = control.first.evaluate("e => e.type")
            if kind in ("radio", "checkbox"):
                box.locator(f"[name={name}][value='{value}']").check()
            elif kind == "select-one":
                control.select_option(value)
            else:
                control.fill(value)
        with next_page(self.page):
            box.locator("button[type=submit]").click()
        assert "已经保存" in self.page.inner_text("main"), self.page.inner_text("main")[:500]
        # What was kept of it is put out by scripts: whoever goes on before finds it again.
        self.page.locator("script[data-done]").first.wait_for(state="attached")


Open = Callable[..., Watched]


def pages_of(pdf: bytes) -> int:
    """How many sheets of paper a printed page takes."""
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(copy_demo(tmp_path_factory.mktemp("browser"))) as started:
        yield started


@pytest.fixture(scope="module")
def own_house(
    tmp_path_factory: pytest.TempPathFactory, sample_data: Path, sample_circle: Circle
) -> Iterator[House]:
    """The sample of one file's own, without a site; `served` brings it to a browser."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(sample_data, folder / "data", copy_function=shutil.copyfile)
    yield house_at(folder / "data", sample_circle, folder / "build")
    database.proxy.close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # The driver wants more of the system than pip brings.
    driver = [sys.executable, "-m", "playwright", "--version"]
    tried = subprocess.run(driver, capture_output=True, text=True, check=False)
    if tried.returncode:
        missing(f"Playwright's driver does not run: {tried.stderr.strip()}")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(
    playwright: Playwright, chromium: str, chromium_arguments: list[str]
) -> Iterator[Browser]:
    # A window has one process from its first blank page on, not a second for what it then opens.
    arguments = [*chromium_arguments, NO_OPTIMIZING, "--renderer-process-limit=1"]
    started = playwright.chromium.launch(executable_path=chromium, args=arguments)
    yield started
    started.close()


@contextmanager
def windows(browser: Browser, server: Running) -> Iterator[tuple[Open, list[Watched]]]:
    """A way to open windows, each with cookies of its own, and all that were opened."""
    opened: list[Watched] = []
    with ExitStack() as stack:

        def open_one(
            size: tuple[int, int] = PHONE, *, scripts: bool = True, elder: bool = False
        ) -> Watched:
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                java_script_enabled=scripts,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                reduced_motion="reduce",  # or a scrolled page is still on its way
            )
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE)
            window = Watched(server, context, context.new_page())
            watch(window)
            opened.append(window)
            if elder:
                context.request.get(f"{server.url}/elder?on=1&back=")
            return window

        yield open_one, opened


@pytest.fixture
def open_window(browser: Browser, server: Running) -> Iterator[Open]:
    """Opens windows, each with cookies of its own; nothing may have gone wrong in any of them."""
    with windows(browser, server) as (open_one, opened):
        yield open_one
        for window in opened:
            assert window.complaints == []


def watch(window: Watched) -> None:
    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not A_REFUSAL.match(message.text):
            window.complaints.append(f"console: {message.text}")

    def script_error(error: Error) -> None:
        window.complaints.append(f"script: {error}")

    def asked(request: Request) -> None:
        if not request.url.startswith((window.server.url, "data:")):
            window.complaints.append(f"asked for {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            window.complaints.append(f"{response.status} {response.url}")

    window.page.on("console", console)
    window.page.on("pageerror", script_error)
    window.page.on("request", asked)
    window.page.on("response", answered)


def without_worker(window: Watched) -> None:
    """The staff's pages leave out their worker, which each of them looks for anew: how they are
    laid out is the same, and takes two thirds of the time.
    """
    window.context.add_init_script("delete Navigator.prototype.serviceWorker")


# The cookie of whoever signed in, by the server's data and role.
_sessions: dict[tuple[Path, str], Any] = {}


def open_staff(window: Watched, role: str) -> Watched:
    """The window of this role, with the session of whoever signed in as it before, if that goes on;
    no page is open yet.
    """
    asked = window.server.data, role
    if asked in _sessions:
        window.context.add_cookies([_sessions[asked]])
    inside = f"{window.server.url}/staff/password"
    if window.context.request.get(inside).url != inside:
        form = window.form("/staff/login", "/staff/login")
        assert window.send(form, username=role, password=PASSWORD).url.endswith("/staff/")
    cookies = window.context.cookies()
    _sessions[asked] = next(one for one in cookies if one["name"].startswith("circle-"))
    return window


@pytest.fixture
def sign_in(open_window: Open) -> Callable[..., Watched]:
    def signed_in(
        role: str, size: tuple[int, int] = PHONE, *, elder: bool = False, worker: bool = True
    ) -> Watched:
        window = open_window(size, elder=elder)
        if not worker:
            without_worker(window)
        return open_staff(window, role)

    return signed_in

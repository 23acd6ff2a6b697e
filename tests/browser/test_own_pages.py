"""A page of the office's own, from a phone without scripts to everybody's menu."""

from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Open, windows
from tests.support.running import PASSWORD, Running, running
from tests.support.told import copy_demo
from tests.support.visitors import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WRONG = "白天先到先停，[价目](/nowhere/)。\n\n<script>alert(1)</script>\n"
RIGHT = (
    "## 什么时候\n\n白天**先到先停**，见[服务清单](/services/)。\n\n"
    "| 时间 | 地点 |\n|---|---|\n| 白天 | 东门 |\n\n## 找谁\n\n- 物业\n- 社区\n"
)


@pytest.fixture
def server_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(copy_demo(tmp_path_factory.mktemp("pages"))) as started:
        yield started


@pytest.fixture
def open_there(browser: Browser, server_of_its_own: Running) -> Iterator[Open]:
    with windows(browser, server_of_its_own) as (open_window, _opened):
        yield open_window


def is_there(server: Running, path: str) -> bool:
    with closing(server.connect()) as connection:
        connection.request("GET", path)
        return connection.getresponse().status == HTTPStatus.OK


def test_a_page_is_written_looked_at_saved_and_read_without_scripts(open_there: Open) -> None:
    window = open_there((360, 740), scripts=False)
    window.page.set_default_timeout(90_000)  # the site is built while it waits
    window.go("/staff/login")
    window.page.fill("#username", "editor")
    window.page.fill("#password", PASSWORD)
    window.press("登录")
    page = window.go("/staff/pages/new")
    page.fill("#title", "停车办法")
    page.fill("#name", "parking")
    page.select_option("#place", "menu")
    page.fill("#text", WRONG)
    window.press("先看样子")
    told = page.locator("#text-error").inner_text()
    assert "第1行" in told
    assert "第3行" in told
    assert window.sideways() <= 0
    assert page.input_value("#text") == WRONG.strip()
    page.fill("#text", RIGHT)
    window.press("先看样子")
    assert window.sideways() <= 0
    seen = page.locator("#looked a").first.get_attribute("href") or ""
    before = page.url
    shown = window.go(seen)
    assert shown.locator("h1").inner_text() == "停车办法"
    assert shown.locator("main table td").first.inner_text() == "白天"
    # It wears the site's own styles, though it lies elsewhere.
    assert shown.locator(".site-header").evaluate("e => getComputedStyle(e).display") == "block"
    assert window.sideways() <= 0
    shown.locator("main").get_by_role("link", name="服务清单").click()
    assert window.path() == "/services/"
    page.goto(before.partition("#")[0])
    page.fill("#title", "停车办法")
    page.fill("#name", "parking")
    page.select_option("#place", "menu")
    page.fill("#text", RIGHT)
    window.press("存好并发布")
    assert window.path() == "/staff/pages"
    assert window.sideways() <= 0
    until(lambda: is_there(window.server, "/local/parking/"))
    resident = open_there((360, 740), scripts=False)
    assert resident.go("/local/parking/").locator("h1").inner_text() == "停车办法"
    resident.go("/")
    assert resident.page.locator(".nav-more a[href$='local/parking/']").count() == 1
    elder = open_there((360, 740), elder=True, scripts=False)
    read = elder.go("/local/parking/")
    assert read.locator("main h2").count() == 2
    assert not read.get_by_text("东门").is_visible()
    read.locator(".fold-open a").first.click()
    assert read.get_by_text("东门").is_visible()
    assert elder.sideways() <= 0

"""A form where very many are sent: whoever writes once more presses once more, with and without
scripts, and what no person sees is reached by nobody.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from forms_app.community import Circle
from forms_app.limits import REPORTS
from forms_app.rules.tasks import WAIT, questions
from forms_app.store import database
from forms_app.store.models import Issue
from tests.browser.conftest import PHONE
from tests.browser.reporting import await_ticket
from tests.support.served import served
from tests.support.web import House, house_at

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser(
    playwright: Playwright, chromium: str, chromium_arguments: list[str]
) -> Iterator[Browser]:
    """One that optimizes: the task is meant for a device that does."""
    started = playwright.chromium.launch(executable_path=chromium, args=chromium_arguments)
    yield started
    started.close()


@dataclass(frozen=True)
class Limited:
    """A house with limits, and where it answers."""

    house: House
    url: str


@pytest.fixture(scope="module")
def limited(
    tmp_path_factory: pytest.TempPathFactory, sample_data: Path, sample_circle: Circle
) -> Iterator[Limited]:
    folder = tmp_path_factory.mktemp("gate")
    data = shutil.copytree(sample_data, folder / "data")
    house = house_at(data, sample_circle, folder / "build", limits="on")
    with served(house) as running:
        yield Limited(house, running.url)
    database.proxy.close()


def count_saying(words: str) -> int:
    return Issue.select().where(Issue.description == words).count()


def write(
    browser: Browser,
    limited: Limited,
    words: str,
    *,
    scripts: bool,
    before: Callable[[Page], None] = lambda _page: None,
) -> Page:
    """Somebody writes a report and presses; the page that they then see."""
    width, height = PHONE
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts
    )
    page = context.new_page()
    before(page)
    page.goto(f"{limited.url}/issues/new")
    page.fill("#description", words)
    page.select_option("#community_id", "jingui")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_load_state()
    return page


def crowd(house: House) -> None:
    """So many come from this address that the next one has a task."""
    for count in range(REPORTS.burst):
        told = {"description": f"很多人里的一个{count}", "community_id": "jingui"}
        if 'id="gate"' in house.visitor().fill("/issues/new", told).text:
            return
    raise AssertionError("nobody was asked anything")


def test_a_device_does_the_task_while_its_reader_reads(browser: Browser, limited: Limited) -> None:
    crowd(limited.house)
    page = write(
        browser, limited, "有脚本的人写的", scripts=True, before=lambda page: page.clock.install()
    )
    gate = page.locator("#gate")
    expect(gate).to_be_focused()
    expect(gate.get_by_text("核对好了")).to_be_visible()
    page.clock.run_for(60_000)
    expect(gate.get_by_text("核对好了")).to_be_visible()
    expect(gate.locator("#gate_answer")).to_be_hidden()
    assert page.locator("#description").input_value() == "有脚本的人写的"
    gate.get_by_role("button", name="提交", exact=True).press("Enter")
    await_ticket(page)
    assert count_saying("有脚本的人写的") == 1
    page.context.close()


def test_whoever_presses_before_their_device_is_ready_is_sent_as_soon_as_it_is(
    browser: Browser, limited: Limited
) -> None:
    crowd(limited.house)
    page = write(browser, limited, "等不及的人写的", scripts=True)
    page.locator("#gate").get_by_role("button", name="提交", exact=True).click(no_wait_after=True)
    await_ticket(page)
    assert count_saying("等不及的人写的") == 1
    page.context.close()


def never_answers(page: Page) -> None:
    page.route("**/static/prove.js*", lambda _route: None)
    page.clock.install()


def test_a_device_that_never_gets_ready_leaves_the_question(
    browser: Browser, limited: Limited
) -> None:
    crowd(limited.house)
    page = write(browser, limited, "核对不了的人写的", scripts=True, before=never_answers)
    gate = page.locator("#gate")
    gate.get_by_role("button", name="提交", exact=True).click(no_wait_after=True)
    expect(gate.locator("#gate_answer")).to_be_hidden()
    page.clock.run_for(60_000)
    asked = [one for one in questions() if one.chinese in gate.inner_text()]
    gate.locator("#gate_answer").fill(asked[0].answers[0])
    limited.house.now += WAIT
    gate.get_by_role("button", name="提交", exact=True).press("Enter")
    await_ticket(page)
    assert count_saying("核对不了的人写的") == 1
    page.context.close()


def test_without_scripts_an_answer_and_a_short_wait_do(browser: Browser, limited: Limited) -> None:
    crowd(limited.house)
    page = write(browser, limited, "没有脚本的人写的", scripts=False)
    gate = page.locator("#gate")
    expect(gate.get_by_text("等10秒")).to_be_visible()
    asked = [one for one in questions() if one.chinese in gate.inner_text()]
    gate.locator("#gate_answer").fill(asked[0].answers[0])
    limited.house.now += WAIT
    gate.get_by_role("button", name="提交", exact=True).press("Enter")
    await_ticket(page, scripts=False)
    assert count_saying("没有脚本的人写的") == 1
    page.context.close()


def test_nobody_sees_or_reaches_the_field_for_programs(browser: Browser, limited: Limited) -> None:
    for path in ("/issues/new", "/ratings/new?about=service:streetlight_repair"):
        page = browser.new_page()
        page.goto(limited.url + path)
        field = page.locator("[name=website]")
        expect(field).to_have_count(1)
        expect(field).to_be_hidden()
        assert "这一栏请空着" not in page.locator("main").aria_snapshot()
        first = page.evaluate("document.activeElement.name || ''")
        seen = {first}
        for _ in range(80):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("document.activeElement.name || ''"))
        assert "website" not in seen
        page.close()

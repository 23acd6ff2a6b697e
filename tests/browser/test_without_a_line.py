"""Grid workers without a line, and drafts of moves."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Watched
from tests.browser.lines import (
    LATER,
    SOON,
    Office,
    await_worker,
    behind_a_line,
    until,
    write,
    write_without_a_line,
)
from tests.browser.reporting import SOON_AGAIN, ask, held_one, photo, ready_form
from tests.support.line import NO_SIGN_OF_A_LINE
from tests.support.running import PASSWORD, Running, running
from tests.support.told import copy_demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE = (1280, 800)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(copy_demo(tmp_path_factory.mktemp("offline"))) as server:
        yield server


@pytest.fixture
def office(started: Running, browser: Browser) -> Iterator[Office]:
    with behind_a_line(started, browser) as opened:
        yield opened


HAS_ENGLISH = """caches.match("/staff/offline?language=en").then((found) => Boolean(found))"""
# A worker that is there clears what the one before had kept.
HAS_ENGLISH_ALONE = f"""caches.keys().then(async (names) => await {HAS_ENGLISH}
  && names.filter((name) => name.startsWith("staff ")).length === 1)"""


def log_in(window: Watched, role: str) -> None:
    if not window.path().startswith("/staff/login"):
        window.go("/staff/login")
    window.page.fill("#username", role)
    window.page.fill("#password", PASSWORD)
    window.press("登录")
    window.page.wait_for_url(lambda url: "/staff/login" not in url)


KEPT = """new Promise((resolve) => {
  const opening = indexedDB.open("staff /staff/", 1);
  opening.onupgradeneeded = () =>
    opening.result.createObjectStore("reports", { keyPath: "form_key" });
  opening.onsuccess = () => {
    const all = opening.result.transaction("reports").objectStore("reports").getAll();
    all.onsuccess = () => { opening.result.close(); resolve(all.result.map(
      ({ form_key, state, photos }) => ({ form_key, state, photos: photos.length }))); };
  };
})"""


def kept_reports(page: Page) -> list[dict[str, Any]]:
    reports: list[dict[str, Any]] = page.evaluate(KEPT)
    return reports


def test_what_was_written_in_a_basement_is_sent_once_and_says_when_it_was_told(
    office: Office,
) -> None:
    window = office.sign_in()
    told = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=37)
    await_worker(window.page)
    window.context.clock.set_fixed_time(told)
    page = write_without_a_line(office, window, "地下车库积水", photo(1))
    assert window.sideways() <= 0
    assert kept_reports(page)[0]["photos"] == 1
    page.close()
    window.page = page = window.context.new_page()
    window.go("/staff/")
    expect(page.get_by_text("地下车库积水")).to_be_visible()
    expect(page.get_by_text("现在连不上网络")).to_be_visible()
    window.context.clock.set_fixed_time(datetime.now(UTC))
    office.mend(window)
    expect(page.get_by_text("已经交上去")).to_be_visible(timeout=SOON)
    [(number, received_at)] = office.issues_saying("地下车库积水")
    assert abs(datetime.fromisoformat(received_at).replace(tzinfo=UTC) - told) < timedelta(
        minutes=1
    )
    assert len(ask(office.server, "SELECT 1 FROM photo JOIN issue ON issue.id = issue_id"
                   " WHERE number = ?", number)) == 1  # fmt: skip
    window.go("/staff/")
    expect(page.get_by_text(f"编号 {number}")).to_be_visible()
    page.get_by_role("button", name="看回执").click()
    expect(page.locator(".ticket")).to_be_visible()
    page.wait_for_load_state()
    ready_form(page)
    until(page, f"{KEPT}.then((all) => all.length === 0)")
    assert len(office.issues_saying("地下车库积水")) == 1


def test_where_the_browser_does_not_tell_that_the_line_is_back_it_is_asked_again(
    office: Office,
) -> None:
    window = office.sign_in()
    window.context.add_init_script(NO_SIGN_OF_A_LINE)
    window.context.clock.install()
    page = write_without_a_line(office, window, "连着无线也没有网")
    again = page.get_by_role("button", name="现在再试")
    again.focus()
    with page.expect_event("requestfailed"):
        page.clock.fast_forward(SOON_AGAIN)
    expect(again).to_be_focused()  # asked in vain, the page is not drawn anew
    office.mend(window)
    page.clock.fast_forward(SOON_AGAIN)
    expect(page.get_by_text("已经交上去")).to_be_visible(timeout=SOON)
    assert len(office.issues_saying("连着无线也没有网")) == 1


def test_an_expired_session_leads_to_the_sign_in_page_and_nothing_is_lost(office: Office) -> None:
    window = office.sign_in()
    page = write_without_a_line(office, window, "登录过期也不丢", photo(2))
    window.context.clear_cookies()
    office.mend(window)
    expect(page.get_by_text("登录过期了")).to_be_visible()
    page.get_by_role("link", name="去登录").click()
    page.wait_for_load_state()
    log_in(window, "worker")
    assert window.path() == "/staff/offline"
    expect(page.get_by_text("已经交上去")).to_be_visible(timeout=SOON)
    assert len(office.issues_saying("登录过期也不丢")) == 1


def test_a_lost_answer_makes_no_second_issue(office: Office) -> None:
    window = office.sign_in()
    page = write_without_a_line(office, window, "回音丢了")
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.fallback()
            return
        lost.append(route.fetch().status)
        route.abort()

    window.context.route("**/staff/issues/new", lose)
    # What was asked in vain as the line came back gives up first; then it is sent.
    failed = "requestfailed"
    with window.context.expect_event(failed, lambda one: one.method == "POST", timeout=LATER):
        office.mend(window)
    assert lost == [200]
    expect(page.get_by_role("button", name="现在再试")).to_be_visible()
    assert len(office.issues_saying("回音丢了")) == 1
    page.get_by_role("button", name="现在再试").click()
    expect(page.get_by_text("已经交上去")).to_be_visible(timeout=SOON)
    assert len(office.issues_saying("回音丢了")) == 1


def test_what_is_erased_while_another_is_sent_is_not_sent_after_it(office: Office) -> None:
    window = office.sign_in()
    page = write_without_a_line(office, window, "先写的一件")
    write(page, "后写的一件")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="等着交上去：2")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.fallback()

    window.context.route("**/staff/issues/new", hold)
    with page.expect_request(lambda one: one.method == "POST", timeout=LATER):
        office.mend(window)
    sent, erased = "先写的一件", "后写的一件"
    if erased.encode() in (held_one(page, held).request.post_data_buffer or b""):
        sent, erased = erased, sent
    page.locator("li", has_text=erased).get_by_role("button", name="擦掉").click()
    page.get_by_role("status").get_by_role("button", name="擦掉").click()
    expect(page.locator("li", has_text=erased)).to_have_count(0)
    held_one(page, held).continue_()
    expect(page.get_by_text("已经交上去")).to_be_visible(timeout=SOON)
    page.wait_for_timeout(1000)
    assert len(office.issues_saying(sent)) == 1
    assert office.issues_saying(erased) == []


def test_an_english_reader_writes_in_english_without_a_line(office: Office) -> None:
    window = office.sign_in()
    window.go("/language?to=en&back=staff/")
    page = window.page
    await_worker(page)
    # The worker of the language that was chosen has all its files, and takes over at the next page.
    until(page, HAS_ENGLISH)
    until(page, "navigator.serviceWorker.getRegistration().then((r) => !r.installing)")
    window.go("/staff/")
    until(page, HAS_ENGLISH_ALONE)
    office.cut(window)
    window.go("/staff/register")
    expect(page.get_by_role("heading", name="Register without a line")).to_be_visible()
    write(page, "The lamp is dark")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("heading", name="Waiting to be sent: 1")).to_be_visible()
    office.mend(window)
    expect(page.get_by_text("Sent", exact=True)).to_be_visible(timeout=SOON)
    assert len(office.issues_saying("The lamp is dark")) == 1


def test_another_account_neither_sees_nor_sends_it(office: Office) -> None:
    window = office.sign_in()
    page = write_without_a_line(office, window, "不是他写的")
    window.context.clear_cookies()
    office.line.mend()
    window.context.set_offline(False)
    log_in(window, "community_leader")
    window.go("/staff/")
    await_worker(page)
    expect(page.get_by_text("还有1件是别的账号")).to_be_visible()
    assert page.get_by_text("不是他写的").count() == 0
    assert office.issues_saying("不是他写的") == []


def test_pages_that_come_through_the_worker_are_opened_by_somebody(office: Office) -> None:
    # Passed on by the worker they were taken for a script's: whoever only read was signed out.
    window = office.sign_in()
    await_worker(window.page)
    asked = "SELECT max(active_at) FROM session"
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with sqlite3.connect(office.server.data / "private" / "forms.db") as database:
        database.execute("UPDATE session SET active_at = ?", [f"{long_ago:%Y-%m-%dT%H:%M:%SZ}"])
    window.page.evaluate("fetch('/staff/issues/new').then((answer) => answer.text())")
    assert ask(office.server, asked) == [(f"{long_ago:%Y-%m-%dT%H:%M:%SZ}",)]
    window.go("/staff/")
    assert ask(office.server, asked) > [(f"{long_ago:%Y-%m-%dT%H:%M:%SZ}",)]


def test_the_phone_keeps_no_case_no_board_and_no_register(office: Office) -> None:
    window = office.sign_in()
    page = window.page
    await_worker(page)
    seen = page.locator("td.stack-head a").first
    case = seen.get_attribute("href") or ""
    words = seen.inner_text().partition("　")[2][:6]
    for path in (case, "/staff/register", "/staff/issues/new", "/staff/"):
        window.go(path)
        await_worker(page)
    kept: list[str] = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
          (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)
        ))).flat()"""
    )
    assert "/staff/offline" in kept
    assert [path for path in kept if not path.startswith("/static/")] == ["/staff/offline"]
    office.cut(window)
    window.go(case)
    expect(page.get_by_role("heading", name="没有网络时登记")).to_be_visible()
    assert words not in page.content()


def test_what_is_written_in_a_move_is_there_again_until_the_move_is_taken(office: Office) -> None:
    window = office.sign_in("community_leader", WIDE)
    page = window.page
    case = page.locator("td.stack-head a", has_text="路灯杆歪了").first.get_attribute("href") or ""
    window.go(case)
    ready_form(page)
    page.locator("#move-correct summary").click()
    box = page.locator("#move-correct")
    box.locator("[name=reason]").fill("写到一半")
    until(page, "Object.values(localStorage).some((kept) => kept.includes('写到一半'))")
    page.close()
    window.page = page = window.context.new_page()
    window.go(case)
    box = page.locator("#move-correct")
    expect(box.get_by_text("上次没写完的内容还在")).to_be_visible()
    assert box.locator("[name=reason]").input_value() == "写到一半"
    office.cut(window)
    box.locator("button[type=submit]").click()
    expect(box.get_by_text("现在连不上网络，还没有交")).to_be_visible()
    office.mend(window)
    page.reload()
    ready_form(page)
    assert box.locator("[name=reason]").input_value() == "写到一半"
    box.locator("[name=location]").fill("东门第三根")
    box.locator("button[type=submit]").click()
    expect(page.get_by_text("已经保存")).to_be_visible()
    until(page, "!Object.keys(localStorage).some((name) => name.startsWith('staff move'))")
    ready_form(page)
    assert page.get_by_text("上次没写完").count() == 0


def test_signing_out_says_what_would_be_lost_and_erases_it_all(office: Office) -> None:
    window = office.sign_in()
    write_without_a_line(office, window, "退出就没有了", photo(3))
    office.line.mend()  # but the browser still believes it has none
    page = window.page
    window.context.route("**/staff/issues/new", lambda route: route.abort())
    window.context.set_offline(False)
    window.go("/staff/")
    ready_form(page)
    page.locator(".staff-more > details > summary").click()
    page.get_by_role("button", name="退出", exact=True).click()
    expect(page.get_by_text("1件登记没有交上去或没看回执")).to_be_visible()
    page.get_by_role("button", name="擦掉并退出").click()
    page.wait_for_url("**/staff/login")
    assert kept_reports(page) == []
    names = page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('staff '))")
    assert names == []


GROW_OLD = """new Promise((resolve) => {
  const opening = indexedDB.open("staff /staff/", 1);
  opening.onsuccess = () => {
    const change = opening.result.transaction("reports", "readwrite");
    const store = change.objectStore("reports");
    store.getAll().onsuccess = ({ target }) => target.result.forEach((report) => {
      const old = report.saved_at - 8 * 86400000;
      store.put({ ...report, saved_at: old, written_at: old });
      store.put({ ...report, saved_at: old, form_key: "unfinished", state: "draft" });
    });
    change.oncomplete = () => { opening.result.close(); resolve(true); };
  };
})"""


def test_what_waits_is_sent_however_long_it_waited_and_the_unfinished_is_forgotten(
    office: Office,
) -> None:
    window = office.sign_in()
    page = write_without_a_line(office, window, "等了八天")
    until(page, GROW_OLD)
    assert len(kept_reports(page)) == 2
    office.mend(window)
    window.go("/staff/")
    expect(page.get_by_text("已经交上去")).to_be_visible(timeout=SOON)
    page.reload()  # its receipt is as new as the issue
    expect(page.get_by_role("button", name="看回执")).to_be_visible()
    assert [report["state"] for report in kept_reports(page)] == ["sent"]
    [(_, received_at)] = office.issues_saying("等了八天")
    waited = datetime.now(UTC) - datetime.fromisoformat(received_at).replace(tzinfo=UTC)
    assert timedelta(days=7, hours=23) < waited < timedelta(days=8, hours=1)

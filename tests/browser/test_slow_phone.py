"""A slow phone: what takes its time is waited for, and a quick hand loses nothing by it."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import lines
from tests.browser.conftest import Open, Watched, next_page, open_staff
from tests.browser.reporting import (
    await_draft,
    await_kept_photos,
    await_ticket,
    held_one,
    issues_saying,
    photo,
    photos_of,
    ready_form,
    write,
)
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A phone that takes as long for a picture as the test wants.
PICTURES_WAIT = """{
  const read = FileReader.prototype.readAsDataURL;
  window.undeveloped = [];
  FileReader.prototype.readAsDataURL = function (file) {
    window.undeveloped.push(() => read.call(this, file));
  };
}"""
NO_WORKER = """Object.defineProperty(navigator, "serviceWorker", { value: undefined });"""
KEPT_PHOTOS = """new Promise((resolve) => {
  const opening = indexedDB.open("staff /staff/", 1);
  opening.onsuccess = () => {
    const all = opening.result.transaction("reports").objectStore("reports").getAll();
    all.onsuccess = () => {
      opening.result.close();
      resolve(all.result.reduce((sum, { photos }) => sum + photos.length, 0));
    };
  };
})"""


def develop(page: Page, count: int) -> None:
    """Has so many pictures of the page come, the newest first."""
    done = 0
    for _ in range(100):
        done += page.evaluate("undeveloped.length ? (undeveloped.pop()(), 1) : 0")
        if done == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{done} of {count} photos")


def open_slowly(window: Watched, path: str) -> Page:
    """The page in a new tab, where pictures take long."""
    window.page.close()
    window.page = window.context.new_page()
    window.page.add_init_script(PICTURES_WAIT)
    page = window.go(path)
    ready_form(page)
    return page


def leave_unfinished(window: Watched, words: str, *photos: dict[str, Any]) -> None:
    page = write(window, words, *photos)
    ready_form(page)
    await_draft(page, words)


def test_a_press_waits_for_the_kept_photos_that_are_still_brought(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    leave_unfinished(window, "照片还没拿出来就按了", photo(1), photo(2))
    page = open_slowly(window, "/issues/new")
    page.get_by_role("button", name="提交", exact=True).click()
    develop(page, 2)
    number = await_ticket(page)
    assert issues_saying(server, "照片还没拿出来就按了") == [number]
    assert len(photos_of(server, number)) == 2


def test_a_photo_chosen_while_the_kept_ones_are_brought_is_kept_beside_them(
    open_window: Open,
) -> None:
    window = open_window()
    leave_unfinished(window, "又加一张", photo(1), photo(2))
    page = open_slowly(window, "/issues/new")
    page.set_input_files("#photos", [photo(3)])
    develop(page, 3)
    await_kept_photos(page, 3)
    page = open_slowly(window, "/issues/new")
    develop(page, 3)
    expect(page.locator(".photo-chosen canvas")).to_have_count(3)


def test_a_photo_chosen_before_the_form_keeps_anything_is_kept(open_window: Open) -> None:
    window = open_window()
    held: list[Route] = []
    window.page.route("**/report.js*", lambda route: held.append(route))
    page = window.go("/issues/new")
    page.set_input_files("#photos", [photo(3)])
    expect(page.locator(".photo-words", has_text="KB")).to_have_count(1)
    held_one(page, held).continue_()
    ready_form(page)
    page.fill("#description", "先选的照片")
    await_draft(page, "先选的照片")
    await_kept_photos(page, 1)
    page = open_slowly(window, "/issues/new")
    develop(page, 1)


def test_words_written_before_the_kept_ones_come_stand_behind_them(open_window: Open) -> None:
    window = open_window()
    leave_unfinished(window, "昨天写的")
    held: list[Route] = []
    window.page.route("**/report.js*", lambda route: held.append(route))
    page = window.go("/issues/new")
    page.fill("#description", "今天写的")
    held_one(page, held).continue_()
    expect(page.get_by_text("上次没写完的内容还在")).to_be_visible()
    assert page.input_value("#description") == "昨天写的\n今天写的"


def test_a_press_before_the_kept_words_come_is_asked_for_again(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    leave_unfinished(window, "昨天没写完")
    held: list[Route] = []
    window.page.route("**/report.js*", lambda route: held.append(route))
    page = window.go("/issues/new")
    page.fill("#description", "今天急着交")
    page.get_by_role("button", name="提交", exact=True).click()
    held_one(page, held).continue_()
    expect(page.get_by_text("上次没写完的内容还在")).to_be_in_viewport()
    page.wait_for_timeout(1000)
    assert page.input_value("#description") == "昨天没写完\n今天急着交"
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, "昨天没写完\n今天急着交") == [number]


def test_photos_that_are_still_made_smaller_go_with_an_addition(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    number = window.report("补充的照片还在处理")
    page = open_slowly(window, f"/issues/{number}")
    page.get_by_text("补充情况、加照片").click()
    form = page.locator("form[action$='/reply']")
    form.locator("textarea").fill("补两张照片")
    form.locator("#photos").set_input_files([photo(1), photo(2)])
    with next_page(page):
        form.locator("button[type=submit]").click()
        page.wait_for_timeout(500)
        develop(page, 2)
    assert len(photos_of(server, number)) == 2


def write_down(window: Watched, words: str, *photos: dict[str, Any]) -> None:
    page = window.go("/staff/issues/new")
    lines.write(page, words, *photos)
    for _ in range(100):
        if page.evaluate(KEPT_PHOTOS) == len(photos):
            break
        page.wait_for_timeout(100)


def go_on_writing(window: Watched) -> Page:
    page = open_slowly(window, "/staff/")
    with next_page(page):
        page.get_by_role("button", name="接着写").click()
    return page


def test_a_worker_who_goes_on_and_presses_at_once_sends_the_kept_photos(
    open_window: Open, server: Running
) -> None:
    window = open_staff(open_window(), "worker")
    write_down(window, "接着写马上登记", photo(1), photo(2))
    page = go_on_writing(window)
    expect(page.locator("#description")).to_have_value("接着写马上登记")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_timeout(500)
    develop(page, 2)
    expect(page.locator("[data-taken]")).to_be_visible()
    [number] = issues_saying(server, "接着写马上登记")
    assert len(photos_of(server, number)) == 2


def test_a_worker_who_writes_before_the_kept_words_come_loses_neither(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    window.context.add_init_script(NO_WORKER)
    open_staff(window, "worker")
    write_down(window, "昨天登记的", photo(1))
    held: list[Route] = []
    window.context.route("**/collect.js*", lambda route: held.append(route))
    page = go_on_writing(window)
    page.fill("#description", "今天接着写")
    page.get_by_role("button", name="登记", exact=True).click()
    held_one(page, held).continue_()
    window.context.unroute_all()
    expect(page.locator("#description")).to_have_value("昨天登记的\n今天接着写")
    expect(page.get_by_text("上次没写完的内容还在")).to_be_visible()
    page.fill("#location", "三号楼")
    page.wait_for_timeout(1000)  # it is kept meanwhile, before its photo is in the list
    page = go_on_writing(window)
    expect(page.locator("#location")).to_have_value("三号楼")
    expect(page.locator("#description")).to_have_value("昨天登记的\n今天接着写")
    develop(page, 1)
    assert issues_saying(server, "今天接着写") == []


def test_a_worker_who_comes_back_to_the_form_can_send_it_again(open_window: Open) -> None:
    window = open_staff(open_window(), "worker")
    write_down(window, "回退以后再登记")
    page = window.page
    # As where the browser keeps the page as it was left.
    page.route(
        "**/staff/issues/new",
        lambda route: (
            route.fulfill(status=204) if route.request.method == "POST" else route.continue_()
        ),
    )
    for _ in range(2):
        with page.expect_request(lambda one: one.method == "POST"):
            page.get_by_role("button", name="登记", exact=True).click()
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")


def test_what_was_just_chosen_in_a_move_stays_and_what_was_not_seen_is_not_sent(
    open_window: Open,
) -> None:
    window = open_staff(open_window(), "community_leader")
    alice = open_window()
    case = f"/staff/issues/{alice.report('上次选了乙类')}"
    page = window.go(case)
    ready_form(page)
    box = page.locator("#move-classify")
    if box.get_attribute("open") is None:
        box.locator("> summary").click()
    box.locator("[name=severity_class][value=B]").check()
    box.locator("[name=urgency][value='2']").check()
    await_draft(page, "urgency")
    held: list[Route] = []
    page.route("**/moves.js*", lambda route: held.append(route))
    window.go(case)
    if box.get_attribute("open") is None:
        box.locator("> summary").click()
    box.locator("[name=severity_class][value=C]").check()
    box.locator("button[type=submit]").click()
    held_one(page, held).continue_()
    expect(box.get_by_text("上次没写完的内容还在")).to_be_visible()
    assert box.locator("[name=severity_class][value=C]").is_checked()
    assert box.locator("[name=urgency][value='2']").is_checked()
    page.wait_for_timeout(1000)
    assert window.path() == case
    with next_page(page):
        box.locator("button[type=submit]").click()

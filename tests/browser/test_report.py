"""The report form on a phone: closed tabs, lost lines, large photos, no storage, no scripts."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Open, Watched
from tests.support.line import NO_SIGN_OF_A_LINE
from tests.support.pictures import phone_photo
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

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


def test_what_was_typed_survives_a_closed_tab_and_is_gone_after_sending(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "关掉再打开", photo(1))
    page.click("#part-who > summary")
    page.fill("#reporter_phone", "0797-0000-199")
    page.check("#consent")
    await_draft(page, "0797-0000-199")
    page.close()
    window.page = window.context.new_page()
    page = window.go("/issues/new")
    expect(page.get_by_text("上次没写完的内容还在")).to_be_visible()
    assert page.input_value("#description") == "关掉再打开"
    assert page.input_value("#reporter_phone") == "0797-0000-199"
    assert page.input_value("#estate_id") == "guiyuan"
    expect(page.locator(".photo-chosen canvas")).to_have_count(1)
    assert window.sideways() <= 0
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, "关掉再打开") == [number]
    assert len(photos_of(server, number)) == 1
    page.wait_for_function("() => !localStorage.getItem('report /issues/')")
    assert kept_on_the_phone(page) == (["report /issues/ place"], 0)
    page = window.go("/issues/new")
    assert page.input_value("#description") == ""
    assert page.get_by_text("上次没写完").count() == 0


def test_on_a_shared_computer_one_button_erases_it_all(open_window: Open) -> None:
    window = open_window((1280, 800))
    page = write(window, "图书馆的电脑", photo(1))
    await_draft(page, "图书馆的电脑")
    page.reload()
    page.get_by_role("button", name="全部擦掉，重新写").click()
    expect(page.locator("#description")).to_have_value("")
    expect(page.locator(".photo-chosen li")).to_have_count(0)
    assert kept_on_the_phone(page) == ([], 0)


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


def test_a_draft_is_forgotten_after_seven_days(open_window: Open) -> None:
    window = open_window()
    page = write(window, "旧的")
    await_draft(page, "旧的")
    grow_old(window)
    page = window.go("/issues/new")
    assert page.input_value("#description") == ""
    assert kept_on_the_phone(page) == ([], 0)


def submit_without_a_line(window: Watched, words: str, *photos: dict[str, Any]) -> Page:
    """Writes and submits where there is no line, so that the report waits."""
    page = write(window, words, *photos)
    offline(window, True)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("还没有交上去")).to_be_visible()
    return page


def close_and_find_a_line(window: Watched) -> None:
    window.page.close()
    offline(window, False)
    window.page = window.context.new_page()


def test_what_waits_for_longer_is_neither_thrown_away_nor_sent_unasked(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    submit_without_a_line(window, "等了七天")
    close_and_find_a_line(window)
    grow_old(window)
    page = window.go("/issues/new")
    expect(page.get_by_text("当时没有交上去")).to_be_visible()
    assert page.input_value("#description") == "等了七天"
    page.wait_for_timeout(1000)
    assert issues_saying(server, "等了七天") == []
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, "等了七天") == [number]


@pytest.mark.parametrize("elder", [False, True])
def test_without_a_line_the_report_waits_and_is_sent_once(
    open_window: Open, server: Running, elder: bool
) -> None:
    words = f"没有网络{elder}"
    window = open_window(elder=elder)
    page = submit_without_a_line(window, words, photo(1), photo(2))
    assert issues_saying(server, words) == []
    assert window.sideways() <= 0
    page.get_by_role("button", name="现在再试").click()
    expect(page.get_by_text("还没有交上去")).to_be_visible()
    offline(window, False)
    number = await_ticket(page)
    assert issues_saying(server, words) == [number]
    assert len(photos_of(server, number)) == 2
    window.go("/issues/new")
    page.wait_for_timeout(500)
    assert issues_saying(server, words) == [number]


def test_where_the_browser_does_not_tell_that_the_line_is_back_it_is_asked_again(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    window.context.add_init_script(NO_SIGN_OF_A_LINE)
    window.page.clock.install()
    page = submit_without_a_line(window, "连着无线也没有网", photo(1))
    again = page.get_by_role("button", name="现在再试")
    again.focus()
    with page.expect_event("requestfailed"):
        page.clock.fast_forward(SOON_AGAIN)
    expect(again).to_be_focused()  # asked in vain, the notice is not drawn anew
    offline(window, False)
    page.clock.fast_forward(SOON_AGAIN)
    number = await_ticket(page)
    assert issues_saying(server, "连着无线也没有网") == [number]


def test_what_is_taken_back_while_a_line_is_looked_for_is_not_sent(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = submit_without_a_line(window, "我再改改")
    held: list[Route] = []
    page.route(re.compile(r"/issues/new$"), lambda route: held.append(route))
    offline(window, False)
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(100)
    page.get_by_role("button", name="先不交，我再改改").click()
    for route in held:
        route.continue_()
    page.wait_for_timeout(1000)
    assert issues_saying(server, "我再改改") == []
    page.unroute_all()
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, "我再改改") == [number]


def test_a_report_that_waits_is_sent_at_the_next_visit(open_window: Open, server: Running) -> None:
    window = open_window()
    submit_without_a_line(window, "下次再交", photo(1))
    close_and_find_a_line(window)
    # Long enough for the session to be over.
    window.context.clear_cookies()
    page = window.go("/issues/new")
    number = await_ticket(page)
    assert issues_saying(server, "下次再交") == [number]
    assert len(photos_of(server, number)) == 1


def test_an_answer_that_was_lost_does_not_make_two_issues(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "回音丢了", photo(1))

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile(r"/issues/new$"), lose)
    page.get_by_role("button", name="提交", exact=True).click()
    await_broken_page(page)
    window.complaints.clear()
    page.unroute_all()
    page = window.go("/issues/new")
    expect(page.get_by_text("没有等到回音")).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, "回音丢了") == [number]
    assert len(photos_of(server, number)) == 1


def test_a_line_lost_between_two_photos_goes_on_where_it_was(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "传到一半", photo(1), photo(2))
    asked: list[Request] = []

    def second_fails(route: Route) -> None:
        asked.append(route.request)
        if len(asked) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile("/issues/new/photos"), second_fails)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("还没有交上去")).to_be_visible(timeout=20_000)
    window.complaints.clear()
    page.get_by_role("button", name="现在再试").click()
    number = await_ticket(page)
    assert len(asked) == 3
    assert len(photos_of(server, number)) == 2


def test_a_large_photo_is_made_smaller_before_it_is_sent(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    big = photo(1, 4000, 3000, turn=6)
    page = write(window, "大照片", big)
    with page.expect_request("**/issues/new/photos") as sent:
        page.get_by_role("button", name="提交", exact=True).click()
    size = int(sent.value.all_headers()["content-length"])
    number = await_ticket(page)
    assert photos_of(server, number) == [(1200, 1600)]
    assert 10_000 < size < len(big["buffer"]) / 2


def test_a_phone_that_cannot_turn_photos_sends_them_as_they_are(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    window.context.add_init_script(OLD_PHONE)
    page = write(window, "老手机", photo(1, 2000, 1000, turn=6))
    page.get_by_role("button", name="提交", exact=True).click()
    assert photos_of(server, await_ticket(page)) == [(800, 1600)]


def wait_with_the_page_open(window: Watched, words: str) -> str:
    """Writes where not all is kept, is told so, and waits for a line; the issue's number."""
    page = write(window, words, photo(1))
    expect(page.get_by_text("这个浏览器不让暂存")).to_be_visible()
    offline(window, True)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("请不要关掉这一页")).to_be_visible()
    offline(window, False)
    return await_ticket(page)


def test_where_nothing_may_be_kept_the_form_works_and_says_so(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    window.context.add_init_script(NO_STORAGE)
    number = wait_with_the_page_open(window, "不让存")
    assert len(photos_of(server, number)) == 1


@pytest.mark.parametrize("room", ["undefined", "{ open: () => ({}) }"])
def test_photos_that_are_kept_nowhere_are_not_said_to_be(
    open_window: Open, server: Running, room: str
) -> None:
    window = open_window()
    window.context.add_init_script(NO_ROOM_FOR_PHOTOS % room)
    words = f"照片没处存：{room}"
    number = wait_with_the_page_open(window, words)
    assert issues_saying(server, words) == [number]
    assert len(photos_of(server, number)) == 1


def test_without_scripts_photos_go_with_the_form(open_window: Open, server: Running) -> None:
    window = open_window(scripts=False)
    page = window.go("/issues/new")
    page.fill("#description", "没有脚本")
    page.select_option("#estate_id", "guiyuan")
    page.click("#part-who > summary")
    page.fill("#reporter_phone", "13800000000")
    page.set_input_files("#photos", [photo(1), photo(2)])
    page.get_by_role("button", name="提交", exact=True).click()
    assert "已经收下2张照片" in page.inner_text("main")
    page.check("#consent")
    page.get_by_role("button", name="提交", exact=True).click()
    assert len(photos_of(server, await_ticket(page, scripts=False))) == 2
    assert page.locator(".photos img").count() == 2


def test_an_expired_session_costs_nothing(open_window: Open, server: Running) -> None:
    window = open_window()
    page = write(window, "放了很久", photo(1))
    window.context.clear_cookies()
    page.get_by_role("button", name="提交", exact=True).click()
    assert len(photos_of(server, await_ticket(page))) == 1


def test_what_is_missing_is_told_at_once_and_the_photos_stay(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "忘了打勾", photo(1))
    page.click("#part-who > summary")
    page.fill("#reporter_phone", "13800000000")
    page.uncheck("#consent")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator(".photo-chosen canvas")).to_have_count(1)
    page.check("#consent")
    page.get_by_role("button", name="提交", exact=True).click()
    assert len(photos_of(server, await_ticket(page))) == 1


def test_a_photo_that_is_none_is_refused_beside_it_and_can_be_taken_out(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "不是照片", photo(1))
    page.set_input_files(
        "#photos", [{"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"nothing"}]
    )
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".photo-words.field-error")).to_contain_text("这不是照片")
    assert issues_saying(server, "不是照片") == []
    page.locator(".photo-chosen li", has_text="这不是照片").get_by_role("button").click()
    # The first one is on the server already; now it is not wanted any more either.
    page.locator(".photo-chosen li").get_by_role("button").click()
    page.get_by_role("button", name="提交", exact=True).click()
    assert photos_of(server, await_ticket(page)) == []


def test_a_photo_that_went_ahead_and_was_swept_meanwhile_goes_again(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "隔了几天", photo(1), photo(2))
    page.route(
        re.compile("/issues/new$"),
        lambda route: (
            route.abort("connectionreset") if route.request.method == "POST" else route.continue_()
        ),
    )
    page.get_by_role("button", name="提交", exact=True).click()
    await_broken_page(page)
    window.complaints.clear()
    page.unroute_all()
    shutil.rmtree(server.data / "private" / "photos")
    page = window.go("/issues/new")
    expect(page.locator(".photo-chosen canvas")).to_have_count(2)
    page.locator(".photo-chosen button").first.click()
    page.get_by_role("button", name="提交", exact=True).click()
    assert len(photos_of(server, await_ticket(page))) == 1


def test_more_photos_than_six_are_not_added(open_window: Open) -> None:
    page = open_window().go("/issues/new")
    page.set_input_files("#photos", [photo(n, 60, 40) for n in range(8)])
    expect(page.get_by_text("一次最多6张")).to_be_visible()
    expect(page.locator(".photo-chosen canvas")).to_have_count(6)


def test_the_place_is_remembered_and_can_be_forgotten(open_window: Open) -> None:
    window = open_window()
    page = write(window, "记住地点")
    page.fill("#location", "3栋")
    page.get_by_role("button", name="提交", exact=True).click()
    await_ticket(page)
    window.go("/venues/")  # an estate told once is known everywhere
    expect(page.get_by_text("走6分钟，实地走过").first).to_be_visible()
    page = window.go("/issues/new")
    assert (page.input_value("#estate_id"), page.input_value("#location")) == ("guiyuan", "3栋")
    page.get_by_role("button", name="不要记住").click()
    assert page.input_value("#location") == ""
    page = window.go("/issues/new")
    assert page.input_value("#estate_id") == ""
    assert kept_on_the_phone(page)[0] == []


def test_leaving_a_shared_computer_forgets_the_place_too(open_window: Open) -> None:
    window = open_window()
    page = write(window, "离开")
    page.get_by_role("button", name="提交", exact=True).click()
    await_ticket(page)
    window.go("/issues/")
    window.press("擦掉这台手机上的记录")
    assert kept_on_the_phone(page)[0] == []
    assert page.evaluate("localStorage.length") == 0


def test_nothing_is_kept_of_a_form_in_which_nobody_wrote(open_window: Open) -> None:
    window = open_window()
    window.go("/issues/new")
    page = window.go("/issues/")
    assert kept_on_the_phone(page) == ([], 0)
    assert json.loads(page.evaluate("JSON.stringify(localStorage)")) == {}


def test_staff_show_what_was_done_with_a_photo_made_smaller(
    open_window: Open, sign_in: SignIn, server: Running
) -> None:
    alice = open_window()
    write(alice, "扶手歪了，请扶正")
    number = alice.submit_report()
    leader, worker = sign_in("community_leader"), sign_in("worker")
    leader.make_move(
        number, "classify", severity_class="C", urgency="2", initial_opinion="下午去看。"
    )
    leader.make_move(number, "assign", lead=leader.first_lead())
    page = worker.go(f"/staff/issues/{number}")
    box = page.locator("#move-progress")
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    box.locator("[name=note]").fill("扶正了")
    big = photo(1, 3000, 2000)
    box.locator("#progress-photos").set_input_files(big)
    expect(box.locator(".photo-words", has_text="KB")).to_have_count(1)
    with page.expect_request(re.compile("/progress$")) as sent:
        box.locator("button[type=submit]").click()
    assert 10_000 < int(sent.value.all_headers()["content-length"]) < len(big["buffer"]) / 2
    page.wait_for_load_state()
    assert "已经保存" in page.inner_text("main")
    assert photos_of(server, number) == [(1600, 1067)]
    image = page.locator(".history .photos img").first
    image.scroll_into_view_if_needed()
    page.wait_for_function(
        "image => image.complete && image.naturalWidth", arg=image.element_handle()
    )


def test_what_was_written_before_the_scripts_came_is_kept_too(open_window: Open) -> None:
    window = open_window()
    held: list[Route] = []
    window.page.route("**/report.js*", lambda route: held.append(route))
    page = window.go("/issues/new")
    page.fill("#description", "网很慢，先写着")
    page.set_input_files("#photos", [photo(3)])
    expect(page.locator(".photo-chosen canvas")).to_have_count(1)
    held[0].continue_()
    await_draft(page, "网很慢，先写着")


# A phone that rings hides the page, and may then need its memory: nobody tells the page of that.
TAKEN_AWAY = "addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true)"
RINGS = """() => {
  Object.defineProperty(document, "hidden", { value: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.mark.parametrize("elder", [False, True])
def test_a_phone_that_rings_and_loads_the_page_anew_has_all_that_was_typed(
    open_window: Open, server: Running, elder: bool
) -> None:
    words = "写到一半来电话了，" + ("长辈" if elder else "普通")
    window = open_window(elder=elder)
    window.page.add_init_script(TAKEN_AWAY)
    page = write(window, "", photo(5), photo(6))
    page.click("#part-who > summary")
    page.fill("#reporter_phone", "0797-0000-198")
    page.check("#consent")
    page.fill("#description", words)
    page.evaluate(RINGS)  # before any pause in typing
    page.reload()
    expect(page.locator("#description")).to_have_value(words)
    expect(page.locator(".photo-chosen canvas")).to_have_count(2)
    assert page.input_value("#reporter_phone") == "0797-0000-198"
    assert page.input_value("#estate_id") == "guiyuan"
    assert page.is_checked("#consent")
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, words) == [number]
    assert len(photos_of(server, number)) == 2

"""Photos of forms without a draft of their own: there again with the words, and gone with them."""

import sqlite3
from contextlib import closing, suppress

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.conftest import PHONE, Open, Watched, next_page, open_staff
from tests.browser.lines import until
from tests.browser.reporting import NO_ROOM_FOR_PHOTOS, OLD_PHONE, ask, photo, photos_of
from tests.browser.test_press import LOST, WIDE, ready
from tests.browser.test_typed import ADDITION, NO_ANSWER, NOT_SENT, addition, by_ticket
from tests.support.running import PASSWORD, Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STILL_THERE = "上次选的照片还在。"
LOTS = """() => new Promise((resolve) => {
  const opening = indexedDB.open("chosen", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("photos", {keyPath: "id"});
  opening.onsuccess = () => {
    const all = opening.result.transaction("photos").objectStore("photos").getAll();
    all.onsuccess = () => {
      opening.result.close();
      resolve(all.result.map(({ photos }) => photos.length));
    };
  };
})"""


def await_lots(page: Page, *counts: int) -> None:
    """Waits until the phone keeps such lots of photos."""
    for _ in range(150):
        if (found := page.evaluate(LOTS)) == [*counts]:
            return
        page.wait_for_timeout(100)
    raise AssertionError(found)


def chosen(form: Locator, count: int) -> None:
    """Waits until so many are in the form's list."""
    expect(form.locator(".photo-words", has_text="KB")).to_have_count(count)
    expect(form.locator(".photo-chosen li")).to_have_count(count)


def choose(window: Watched, form: Locator, *seeds: int) -> None:
    ready(window)
    form.locator("[name=photos]").last.set_input_files([photo(seed) for seed in seeds])
    chosen(form, len(seeds))


def adding(window: Watched) -> Locator:
    """The form for an addition, open."""
    addition(window)
    return window.page.locator("form[action$='/reply']")


def send(window: Watched, form: Locator) -> None:
    with next_page(window.page, timeout=60_000):
        form.locator("button:not([type=button])").last.click(no_wait_after=True)
    ready(window)


def break_the_line(window: Watched, form: Locator) -> None:
    """Sends the form, and the line breaks while it is on its way."""
    page = window.page
    page.route(
        "**/*",
        lambda route: (
            route.abort("internetdisconnected")
            if route.request.method == "POST"
            else route.fallback()
        ),
    )
    with page.expect_event("requestfailed", lambda one: one.method == "POST"):
        form.locator("button[type=submit]").last.click()
    page.wait_for_timeout(500)
    page.unroute_all()


def forget_the_broken_line(window: Watched) -> None:
    window.complaints[:] = [said for said in window.complaints if not LOST.search(said)]


@pytest.mark.parametrize("way", ["back", "address"])
@pytest.mark.parametrize("elder", [False, True])
@pytest.mark.parametrize("words", ["", "又拍了两张"])
def test_photos_that_were_on_their_way_as_the_line_broke_are_there_again(
    open_window: Open, server: Running, way: str, elder: bool, words: str
) -> None:
    window = by_ticket(open_window, elder=elder)
    page, path = window.page, window.path()
    number = path.rpartition("/")[2]
    form = adding(window)
    form.locator("textarea").fill(words)
    choose(window, form, 11, 12)
    await_lots(page, 2)
    break_the_line(window, form)
    with suppress(Error):  # the browser's own page is still coming
        page.go_back() if way == "back" else window.go(path)
    ready(window)
    expect(page.get_by_text(NO_ANSWER)).to_be_visible()
    expect(page.get_by_text(STILL_THERE)).to_be_visible()
    chosen(form, 2)
    assert window.sideways() == 0
    send(window, form)
    assert len(photos_of(server, number)) == 2
    expect(page.locator(".photo-chosen li")).to_have_count(0)
    await_lots(page)
    forget_the_broken_line(window)


def test_photos_outlive_a_look_for_news_until_they_are_erased_or_taken_out(
    open_window: Open,
) -> None:
    window = by_ticket(open_window)
    page, form = window.page, adding(window)
    choose(window, form, 13, 14)
    await_lots(page, 2)
    with next_page(page):
        page.locator(".look-again a").click()
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    chosen(form, 2)
    form.get_by_role("button", name="去掉", exact=True).first.click()
    await_lots(page, 1)
    with next_page(page):
        page.locator(".look-again a").click()
    chosen(form, 1)
    page.get_by_role("button", name="擦掉", exact=True).click()
    chosen(form, 0)
    expect(page.get_by_text(STILL_THERE)).to_have_count(0)
    await_lots(page)
    with next_page(page):
        page.locator(".look-again a").click()
    ready(window)
    expect(page.locator(".photo-chosen li")).to_have_count(0)
    expect(page.get_by_text(NOT_SENT)).to_have_count(0)


def test_another_tab_of_the_phone_is_shown_none_of_them(open_window: Open) -> None:
    window = by_ticket(open_window)
    form = adding(window)
    choose(window, form, 15)
    await_lots(window.page, 1)
    other = window.context.new_page()
    other.goto(window.page.url)
    other.locator("script[data-done]").first.wait_for(state="attached")
    expect(other.locator(".photo-chosen li")).to_have_count(0)
    expect(other.get_by_text(STILL_THERE)).to_have_count(0)
    other.close()


def test_whoever_leaves_a_shared_computer_leaves_none_of_them_there(open_window: Open) -> None:
    window = by_ticket(open_window)
    page = window.page
    choose(window, adding(window), 16)
    await_lots(page, 1)
    window.go("/issues/")
    ready(window)
    window.press("擦掉这台手机上的记录")
    assert page.evaluate(LOTS) == []


def test_they_are_erased_after_a_day_though_nobody_comes_back_for_them(open_window: Open) -> None:
    window = by_ticket(open_window)
    page = window.page
    choose(window, adding(window), 17)
    await_lots(page, 1)
    other = window.context.new_page()
    other.clock.install()
    other.clock.fast_forward("23:00:00")
    other.goto(page.url)
    other.locator("script[data-done]").first.wait_for(state="attached")
    other.wait_for_timeout(300)
    assert other.evaluate(LOTS) == [1]
    other.clock.fast_forward("02:00:00")
    other.reload()
    other.locator("script[data-done]").first.wait_for(state="attached")
    await_lots(other)
    other.close()


@pytest.mark.parametrize(
    ("way", "words"),
    [("sent again", ""), *((way, "存不下也不丢") for way in ("sent again", "back", "by links"))],
)
def test_photos_that_the_server_could_not_take_are_there_when_it_can(
    open_window: Open, server: Running, way: str, words: str
) -> None:
    window = by_ticket(open_window)
    page, path = window.page, window.path()
    number = path.rpartition("/")[2]
    form = adding(window)
    form.locator("textarea").fill(words)
    choose(window, form, 18, 19)
    await_lots(page, 2)
    with closing(sqlite3.connect(server.data / "private" / "forms.db", timeout=30)) as database:
        database.execute("BEGIN IMMEDIATE")
        send(window, form)
        expect(page.get_by_text("2张照片也在，会一起交。")).to_be_visible()
        database.execute("ROLLBACK")
    if way == "back":
        page.go_back()
        ready(window)
        form = adding(window)
        chosen(form, 2)
    elif way == "by links":
        with next_page(page):
            page.get_by_role("link", name="查进度", exact=True).first.click()
        ready(window)
        with next_page(page):
            page.locator(f"main a[href$='/issues/{number}']").click()
        ready(window)
        form = adding(window)
        expect(form.locator("textarea")).to_have_value(words)
        chosen(form, 2)
    else:
        form = page.locator("form[data-again]")
    send(window, form)
    assert len(photos_of(server, number)) == 2
    notes = ask(server, "SELECT note FROM entry JOIN issue ON issue.id = issue_id"
                " WHERE number = ? AND move = 'reply'", number)  # fmt: skip
    assert notes == [(words,)]
    expect(page.locator(ADDITION)).to_have_value("")
    await_lots(page)
    forget_the_refusals(window)


def forget_the_refusals(window: Watched) -> None:
    window.complaints[:] = [
        said for said in window.complaints if not said.startswith(("503 ", "console: Failed to"))
    ]


def progress(window: Watched) -> Locator:
    """The form of a case that is being handled, to say how far it is, open."""
    box = window.page.locator("#move-progress")
    if box.get_attribute("open") is None:
        box.locator("> summary").click()
    return box.locator("form")


def handled(window: Watched, words: str) -> str:
    """The path of a case that whoever has signed in here handles."""
    number = window.report(words)
    leader = open_staff(window, "community_leader")
    leader.make_move(number, "classify", severity_class="C", urgency="2", initial_opinion="去看")
    leader.make_move(number, "assign")
    return f"/staff/issues/{number}"


def test_photos_of_a_move_outlive_a_closed_tab_and_go_with_its_draft(
    open_window: Open, server: Running
) -> None:
    path = handled(open_window(WIDE), "井盖松了，车一过就响")
    window = open_staff(open_window(PHONE), "community_leader")
    window.go(path)
    choose(window, progress(window), 21, 22)
    await_lots(window.page, 2)
    window.page.close()
    window.page = window.context.new_page()
    window.go(path)
    ready(window)
    expect(window.page.get_by_text(STILL_THERE)).to_be_visible()
    chosen(progress(window), 2)
    progress(window).locator("textarea").first.fill("换了一块")
    send(window, progress(window))
    assert len(photos_of(server, path.rpartition("/")[2])) == 2
    await_lots(window.page)
    assert window.page.evaluate("Object.keys(localStorage).join()").count("staff move") == 0


def sign_out(window: Watched) -> None:
    """Presses it; what would be lost is said first, where something was kept by then."""
    page = window.page
    page.locator("details:has(form[action$='/logout']) > summary").first.click()
    page.locator("form[action$='/logout'] button").click(no_wait_after=True)


@pytest.mark.parametrize("is_kept", [True, False])
def test_whoever_signs_out_leaves_nothing_of_a_move_on_the_phone(
    open_window: Open, is_kept: bool
) -> None:
    path = handled(open_window(WIDE), f"井盖又松了，半夜也响{is_kept}")
    window = open_staff(open_window(WIDE), "community_leader")
    page = window.go(path)
    drafts = "Object.keys(localStorage).filter((name) => name.startsWith('staff move')).length"
    choose(window, progress(window), 23)
    if is_kept:
        await_lots(page, 1)
        progress(window).locator("textarea").first.fill("写了一半，走了")
        until(page, drafts)
        sign_out(window)
        with next_page(page):
            page.get_by_role("button", name="擦掉并退出").click()
    else:
        progress(window).locator("textarea").first.fill("写了一半，走了")
        page.evaluate("document.querySelector(\"form[action$='/logout'] button\").click()")
        button = page.get_by_role("button", name="擦掉并退出")
        expect(button.or_(page.locator("#username"))).to_be_visible()
        if button.count():
            button.click()
    expect(page.locator("#username")).to_be_visible()
    assert page.evaluate(LOTS) == []
    assert page.evaluate(drafts) == 0


def test_a_photo_that_is_not_ready_as_somebody_signs_out_is_not_kept_behind_them(
    open_window: Open,
) -> None:
    path = handled(open_window(WIDE), "井盖第三次松了，绊倒过人")
    window = open_staff(open_window(WIDE), "community_leader")
    page = window.go(path)
    ready(window)
    form = progress(window)
    page.evaluate(
        """() => {
          const { toBlob } = HTMLCanvasElement.prototype;
          HTMLCanvasElement.prototype.toBlob = function (...given) {
            setTimeout(() => toBlob.apply(this, given), 3000);
          };
          HTMLFormElement.prototype.submit = () => null; // it takes as long, and the page is open
        }"""
    )
    form.locator("[name=photos]").last.set_input_files([photo(28)])
    expect(form.locator(".photo-words", has_text="正在处理")).to_have_count(1)
    sign_out(window)
    expect(form.locator(".photo-words", has_text="KB")).to_have_count(1)
    page.wait_for_timeout(500)
    assert page.evaluate(LOTS) == []


def test_whoever_signs_out_leaves_nothing_of_an_intake_on_the_phone(open_window: Open) -> None:
    window = open_staff(open_window(WIDE), "worker")
    page = window.go("/staff/issues/new")
    ready(window)
    page.fill("#description", "写了一半，退出了")
    reports = LOTS.replace('"chosen"', '"staff /staff/"').replace("id", "form_key")
    reports = reports.replace('"photos"', '"reports"')
    until(page, f"({reports})().then((all) => all.length)")
    sign_out(window)
    with next_page(page):
        page.get_by_role("button", name="擦掉并退出").click()
    page.wait_for_timeout(500)
    assert page.evaluate(reports) == []


def test_another_accounts_photos_do_not_go_along_with_what_is_sent_again(
    open_window: Open, server: Running
) -> None:
    path = handled(open_window(WIDE), "井盖第四次松了，换过的又裂了")
    window = open_staff(open_window(WIDE), "community_leader")
    page = window.go(path)
    choose(window, progress(window), 29, 30)
    await_lots(page, 2)
    window.context.clear_cookies()  # the session is over; nobody signed out
    window.go("/staff/login")
    page.fill("#username", "worker")
    page.fill("#password", PASSWORD)
    window.press("登录")
    window.go(path)
    ready(window)
    expect(page.locator(".photo-chosen li")).to_have_count(0)
    assert page.evaluate(LOTS) == [2]  # the other's still, who may come back
    form = progress(window)
    form.locator("textarea").first.fill("换了井圈")
    choose(window, form, 31)
    with closing(sqlite3.connect(server.data / "private" / "forms.db", timeout=30)) as database:
        database.execute("BEGIN IMMEDIATE")
        send(window, form)
        database.execute("ROLLBACK")
    expect(page.get_by_text("1张照片也在，会一起交。")).to_be_visible()
    assert page.locator("form[data-again] [type=file]").count() == 1
    page.go_back()
    chosen(progress(window), 1)
    forget_the_refusals(window)


def test_photos_of_a_rating_are_there_again(open_window: Open) -> None:
    window = open_window()
    page = window.go("/rate/")
    link = page.locator("main a[href*='/ratings/new?about=service']").first
    window.go(link.evaluate("e => e.pathname + e.search"))
    ready(window)
    form = page.locator("form.rating")
    form.locator("[name=satisfaction][value='2']").check()
    form.locator("details:has([name=photos]) > summary").click()
    choose(window, form, 24)
    await_lots(page, 1)
    page.reload()
    ready(window)
    chosen(form, 1)
    expect(form.locator(".photo-chosen li")).to_be_visible()


def test_a_refused_page_keeps_what_its_server_holds_for_the_next(open_window: Open) -> None:
    window = by_ticket(open_window)
    page, path = window.page, window.path()
    form = adding(window)
    no_photo = {"name": "IMG_0.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"}
    ready(window)
    form.locator("[name=photos]").last.set_input_files([photo(25), no_photo])
    await_lots(page, 2)
    send(window, form)
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.get_by_text("已经收下1张照片")).to_be_visible()
    choose(window, form, 26)
    await_lots(page, 3)
    window.go(path)
    ready(window)
    chosen(adding(window), 3)


@pytest.mark.parametrize("phone", [NO_ROOM_FOR_PHOTOS % "undefined", OLD_PHONE])
def test_where_a_browser_keeps_none_the_words_and_the_press_are_as_before(
    open_window: Open, server: Running, phone: str
) -> None:
    window = by_ticket(open_window)
    window.context.add_init_script(phone)
    page = window.go(window.path())
    number = window.path().rpartition("/")[2]
    form = adding(window)
    form.locator("textarea").fill("只有字")
    ready(window)
    form.locator("[name=photos]").last.set_input_files([photo(27)])
    page.wait_for_timeout(500)
    send(window, form)
    assert len(photos_of(server, number)) == 1
    expect(page.locator(ADDITION)).to_have_value("")

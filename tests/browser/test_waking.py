"""A browser is asked only at a press, says what it cannot do, and is woken by what is pushed."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Watched, next_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PRESS = "在这个浏览器里告诉我"
FOLD = "有进展时手机响一声"
# What a push service gives is a stand-in; that, and no other part, is missing on this machine.
GIVEN = """
PushManager.prototype.subscribe = async () => ({ toJSON: () => ({
  endpoint: "https://push.example.com/1",
  keys: {
    p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUz" +
      "ORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth: "BTBZMqHH6r4Tts7J_aSIgg",
  },
}) });
Notification.requestPermission = async () => "granted";
"""


def follow(window: Watched) -> Page:
    """The page of an issue just reported, with its scripts."""
    number = window.report("楼道里堆了杂物")
    for _ in range(50):  # the first tick of a server makes the key
        page = window.go(f"/issues/{number}")
        if page.locator("form[data-wake]").count():
            page.locator("script[data-done]").first.wait_for(state="attached")
            return page
        time.sleep(0.2)
    raise AssertionError("no browser may be woken")


def status(page: Page) -> str:
    said = page.locator("form[data-wake] [role=status]")
    expect(said).not_to_be_empty()
    return said.inner_text()


LESS = [
    ("delete window.PushManager", "收不到这样的消息"),
    ("delete window.Notification", "收不到这样的消息"),
    ("Notification.requestPermission = async () => 'denied'", "不许我们发消息"),
    ("Notification.requestPermission = async () => 'default'", "不许我们发消息"),
    (
        "Notification.requestPermission = async () => 'granted';"
        "PushManager.prototype.subscribe = () => Promise.reject(new Error('no service')); 0",
        "连不上它厂家的消息服务",
    ),
]


def test_what_it_cannot_do_is_a_sentence_and_the_other_ways_remain(open_window: Open) -> None:
    window = open_window()
    page = follow(window)
    for made_so, says in LESS:
        page.reload()
        page.locator("script[data-done]").first.wait_for(state="attached")
        page.evaluate(made_so)
        page.get_by_text(FOLD).click()
        page.get_by_role("button", name=PRESS).click()
        told = status(page)
        assert says in told, made_so
        assert "别的办法照旧" in told
        expect(page.get_by_role("button", name=PRESS)).to_be_enabled()
        assert window.sideways() <= 0


def test_nothing_is_asked_before_the_press(open_window: Open) -> None:
    window = open_window()
    asked = (
        "Notification.requestPermission = () => { window.asked = 1; return new Promise(() => 0); }"
    )
    window.context.add_init_script(asked)
    page = follow(window)
    page.wait_for_timeout(500)
    assert page.evaluate("[window.asked, navigator.serviceWorker.controller]") == [None, None]
    page.get_by_text(FOLD).click()
    page.get_by_role("button", name=PRESS).dblclick()
    page.wait_for_function("() => window.asked === 1")


@pytest.mark.parametrize("elder", [False, True])
def test_pressed_with_the_keyboard_it_is_on_and_off_again(open_window: Open, elder: bool) -> None:
    window = open_window(elder=elder)
    window.context.add_init_script(GIVEN)
    page = follow(window)
    fold = page.get_by_text(FOLD)
    fold.click()
    page.get_by_role("button", name=PRESS).focus()
    with next_page(page):
        page.keyboard.press("Enter")
    assert "在这个浏览器里告诉您" in page.inner_text("main .notice-ok")
    off = page.get_by_role("button", name="不用再告诉了")
    expect(off).to_be_visible()  # what follows is so at once, and opens it
    assert (off.bounding_box() or {"height": 0})["height"] >= (60 if elder else 44)
    assert window.sideways() <= 0
    # The stand-in is known to the page alone: asked itself, the browser has nothing.
    expect(page.locator("form[data-wake] p").first).to_contain_text("收不到消息了")
    with next_page(page):
        off.click()
    fold.click()
    assert page.get_by_role("button", name=PRESS).count() == 1


def test_without_scripts_the_press_says_so(open_window: Open) -> None:
    window = open_window(scripts=False)
    number = window.report("楼道灯坏了")
    page = window.go(f"/issues/{number}")
    page.get_by_text(FOLD).click()
    with next_page(page):
        page.get_by_role("button", name=PRESS).click()
    assert "收不到这样的消息" in page.inner_text("main")


def test_woken_it_shows_that_there_is_news(open_window: Open) -> None:
    window = open_window()
    window.context.grant_permissions(["notifications"], origin=window.server.url)
    page = follow(window)
    session = window.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.evaluate(
        "navigator.serviceWorker.register('/issues/sw.js', { scope: '/issues/' })"
        ".then(() => navigator.serviceWorker.ready)"
    )
    for _ in range(50):
        if found and window.context.service_workers:
            break
        page.wait_for_timeout(100)
    (worker,) = window.context.service_workers
    # This browser has no desktop to show it on.
    worker.evaluate(
        "self.shown = []; self.registration.showNotification = "
        "async (title, more) => { self.shown.push([title, more.body, more.tag]); }; 0"
    )
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": window.server.url, "registrationId": found[-1], "data": "news"},
    )
    for _ in range(50):
        if worker.evaluate("self.shown.length"):
            break
        page.wait_for_timeout(100)
    ((title, body, tag),) = worker.evaluate("self.shown")
    assert (title in page.title(), body, tag) == (True, "您反映的事有新进展，点开看看。", "news")

"""A desk's width is used: what to do stands left, what there is to know beside it."""

from urllib.parse import unquote

import pytest

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESK = (1280, 800)
PAGES = ["/services/street_order/", "/venues/jingui_hall/", "/figures/"]
# Left and right edge of both columns, and the upper edges.
COLUMNS = """[...document.querySelectorAll(".columns > *")].map((column) => {
  const { left, right, top } = column.getBoundingClientRect();
  return [left, right, top];
})"""


def test_two_columns_at_a_desk_and_one_on_a_phone_and_for_elders(open_window: Open) -> None:
    desk = open_window(DESK)
    for path in PAGES:
        (_, middle, top), (begins, ends, beside) = desk.go(path).evaluate(COLUMNS)
        assert middle < begins, path
        assert top == beside, path
        frame = desk.page.locator(".site-top").evaluate("e => e.getBoundingClientRect().right")
        assert ends > frame - 60, path  # nearly as far as the frame reaches
    for window in (open_window(), open_window(DESK, elder=True)):
        for path in PAGES:
            first, second = window.go(path).evaluate(COLUMNS)
            assert first[0] == second[0], path
            assert first[2] < second[2], path


def test_the_drawn_door_is_seen_at_a_desk_and_asked_for_on_a_phone(open_window: Open) -> None:
    path = "/services/street_order/"
    desk = open_window(DESK).go(path)
    assert desk.locator(".doors img").first.is_visible()
    asked: list[str] = []
    phone = open_window()
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.go(path)
    assert not phone.page.locator(".doors img").first.is_visible()
    assert not [url for url in asked if "/doors/" in url]


def test_the_head_is_one_line_at_a_desk_in_either_language(open_window: Open) -> None:
    window = open_window(DESK)
    for path in ("/", "/en/", "/language?to=en&back=issues/new"):
        window.go(path)
        for width in (1056, 1078, 1100, 1134, 1180, 1280, 1400):
            window.page.set_viewport_size({"width": width, "height": 800})
            header = window.page.locator(".site-header").bounding_box()
            assert header is not None
            assert header["height"] <= 60, (path, width)
            assert window.sideways() == 0, (path, width)
            field = window.page.locator("#site-search").bounding_box()
            assert field is not None
            assert field["width"] >= 120, (path, width)


INVITED = "window.told = []; navigator.share = async (what) => window.told.push(what)"
COPIED = """window.told = []; navigator.share = undefined;
const clipboard = { writeText: async (words) => told.push(words) };
Object.defineProperty(navigator, "clipboard", { value: clipboard })"""


def test_a_neighbour_is_invited_by_what_the_phone_has(open_window: Open) -> None:
    # Not one of today, to which nobody is invited once it is over.
    coming = open_window().go("/calendar/").locator(".occ:not([data-until]) a:not(:has(s))").first
    path = coming.evaluate("a => a.pathname")
    window = open_window()
    window.page.add_init_script(INVITED)
    page = window.go(path)
    page.get_by_role("button", name="约邻居").click()
    (told,) = page.evaluate("told")
    assert told["url"].endswith(path)
    assert page.inner_text("h1") in told["text"]
    other = open_window()
    other.page.add_init_script(COPIED)
    page = other.go(path)
    page.get_by_role("button", name="约邻居").click()
    page.get_by_role("button", name="复制好了，发给邻居").wait_for()
    assert path in page.evaluate("told")[0]
    assert not page.locator(".invite").is_visible()
    plain = open_window(scripts=False).go(path)
    assert not plain.locator("[data-share]").is_visible()
    plain.locator(".invite > summary").click()
    words = plain.locator(".invite .told").inner_text()
    assert told["text"] in words
    message = plain.get_by_role("link", name="发短信").get_attribute("href") or ""
    assert message.startswith("sms:?&body=")
    assert unquote(message.partition("body=")[2]) == words
    assert plain.get_by_role("link", name="打电话问").is_visible()

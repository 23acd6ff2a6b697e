"""The elder version's own helps: a voice where the device has one, and the telephone at hand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Watched
from tests.browser.kinds import LEADER
from tests.support.pictures import phone_photo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A browser on this machine has no voices: this one has, and notes what it is told to say.
VOICES = """() => {
  const said = [];
  const device = new EventTarget();
  device.getVoices = () => device.late ? [] : VOICES;
  device.speak = (spoken) => said.push(spoken);
  device.cancel = () => { device.cancelled = said.length };
  Object.defineProperty(window, "speechSynthesis", { value: device });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } };
  window.said = said;
}"""
CHINESE = '[{lang: "en-US", localService: true}, {lang: "zh-CN", localService: true}]'
FROM_THE_NETWORK = '[{lang: "en-US", localService: true}, {lang: "zh-CN", localService: false}]'
READ = "念给我听"


def with_voices(voices: str) -> str:
    return f"({VOICES.replace('VOICES', voices)})()"


@pytest.mark.parametrize("path", ["/", "/services/", "/issues/new", "/issues/"])
def test_a_page_is_read_aloud_only_when_asked_and_stops_when_told(
    open_window: Open, path: str
) -> None:
    window = open_window(elder=True)
    window.page.add_init_script(with_voices(CHINESE))
    page = window.go(path)
    button = page.get_by_role("button", name=READ)
    assert page.evaluate("said.length") == 0
    button.click()
    said: list[str] = page.evaluate("said.map(s => s.text)")
    assert page.inner_text("h1") in said
    assert READ not in said
    assert page.evaluate("said.every(s => s.lang === 'zh-CN')")
    page.get_by_role("button", name="停下不念").click()
    assert page.evaluate("speechSynthesis.cancelled") == len(said)
    assert button.is_visible()
    button.click()
    page.evaluate("said.at(-1).onend()")
    assert button.is_visible()


def test_nobody_is_offered_what_the_device_cannot_do(open_window: Open) -> None:
    for voices, elder in (("[]", True), (FROM_THE_NETWORK, True), (CHINESE, False)):
        window = open_window(elder=elder)
        window.page.add_init_script(with_voices(voices))
        for path in ("/", "/issues/new"):
            window.go(path)
            assert window.page.get_by_role("button", name=READ).count() == 0, (voices, elder)
    window = open_window(elder=True)
    window.page.add_init_script(
        "Object.defineProperty(window, 'speechSynthesis', {value: undefined})"
    )
    window.go("/")
    assert window.page.get_by_role("button", name=READ).count() == 0


def test_voices_that_come_late_are_found(open_window: Open) -> None:
    window = open_window(elder=True)
    window.page.add_init_script(with_voices(CHINESE) + "; speechSynthesis.late = true")
    window.go("/issues/new")
    assert window.page.get_by_role("button", name=READ).count() == 0
    window.page.evaluate("speechSynthesis.late = false; speechSynthesis.onvoiceschanged()")
    assert window.page.get_by_role("button", name=READ).is_visible()


def test_the_telephone_at_hand_calls_each_community_and_hides_nothing(open_window: Open) -> None:
    window = open_window(elder=True, scripts=False)
    page = window.go("/issues/new")
    page.get_by_text("打电话找社区").click()
    numbers = page.locator(".elder-hotline a").all()
    assert len(numbers) > 1
    for number in numbers:
        assert (number.get_attribute("href") or "").startswith("tel:")
        assert number.bounding_box()
    # Nor does a name that is long, or written large, push its number off the window.
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 740})
        for number in page.locator(".elder-hotline a, .elder-hotline a strong").all():
            box = number.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width - 8
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_text("打电话找社区").click()
    # The last link of the page still comes out from behind the bar.
    page.evaluate("document.body.scrollTop = document.body.scrollHeight")
    last = page.locator(".site-footer a:visible").last.bounding_box()
    bar = page.locator(".elder-hotline").bounding_box()
    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] <= bar["y"]


def test_the_elders_home_is_four_tiles_on_the_first_screen_and_short(open_window: Open) -> None:
    ordinary = open_window().go("/").evaluate("document.documentElement.scrollHeight")
    window = open_window((360, 740), elder=True)
    page = window.go("/")
    assert page.evaluate("document.documentElement.scrollHeight") <= ordinary / 2
    header = page.locator(".site-header").bounding_box()
    assert header is not None
    assert header["height"] <= 90
    bar = page.locator(".elder-hotline").bounding_box()
    assert bar is not None
    for tile in page.locator(".tile").all():
        box = tile.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= bar["y"]
    page.locator(".tile-call summary").click()
    assert page.locator(".tile-call a").first.get_attribute("href") == "tel:07970000101"


PHONE = (360, 740)


def test_what_elders_find_folded_opens_without_a_script_and_is_open_where_it_is_wrong(
    open_window: Open,
) -> None:
    window = open_window(PHONE, elder=True, scripts=False)
    page = window.go("/ratings/new?about=service:streetlight_repair")
    said = page.locator("#comment")
    assert not said.is_visible()
    page.get_by_text("还想说几句").click()
    said.evaluate("field => { field.removeAttribute('maxlength') }")
    said.fill("字" * 1001)
    window.press("提交评价")
    assert said.is_visible()
    assert page.locator("#comment-error").is_visible()


@pytest.mark.parametrize("path", ["/near/guiyuan/", "/figures/"])
def test_near_and_figures_are_half_as_long_and_begin_with_something_to_press(
    open_window: Open, path: str
) -> None:
    main = "document.querySelector('main').getBoundingClientRect().height"
    ordinary = open_window(PHONE).go(path).evaluate(main)
    page = open_window(PHONE, elder=True).go(path)
    assert page.evaluate(main) <= ordinary / 2
    bar = page.locator(".elder-hotline").bounding_box()
    first = page.locator("main a:visible, main summary:visible, main button:visible").first
    box = first.bounding_box()
    assert bar is not None
    assert box is not None
    assert box["y"] + box["height"] <= bar["y"]


def test_a_section_is_opened_by_its_address_without_a_script(open_window: Open) -> None:
    window = open_window(PHONE, elder=True, scripts=False)
    page = window.go("/services/")
    first = page.locator(".fold").first
    assert not first.locator(".fold-rest").is_visible()
    first.locator(".fold-open a").click()
    assert first.locator(".fold-rest").is_visible()
    assert not first.locator(".fold-open").is_visible()
    page.goto(page.url.partition("#")[0] + "#before-you-go")
    assert page.locator(".fold-rest:has-text('带齐材料')").is_visible()
    plain = open_window(PHONE, scripts=False).go("/services/")
    assert plain.locator(".fold-rest").first.is_visible()
    assert not plain.locator(".fold-open").first.is_visible()


@pytest.mark.parametrize("path", ["/calendar/", "/en/calendar/"])
def test_each_day_of_a_list_is_shown_or_has_what_opens_it(open_window: Open, path: str) -> None:
    page = open_window(PHONE, elder=True, scripts=False).go(path)
    # From a week's second day on there are days that are over.
    for over in page.locator("details:has(.day-list) > summary").all():
        over.click()
    days = page.locator(".day-list > li")
    assert days.count() > 3
    for day in days.all():
        if not day.locator("ul").is_visible():
            day.locator(".fold-open a").click()
        assert day.locator("ul").is_visible()


BELOW_THE_HEAD = """() => {
  const box = document.activeElement.getBoundingClientRect();
  const bar = document.querySelector(".elder-hotline").getBoundingClientRect().top;
  const name = document.activeElement.outerHTML.slice(0, 80);
  return [name, Math.round(box.top), Math.round(box.bottom),
          box.top >= 0 && (box.bottom <= bar || box.top < bar - 60)];
}"""


def tab_through_main(window: Watched) -> dict[str, bool]:
    """Whether each control of the main part, as Tab comes to it, stands clear of the fixed bar."""
    page, seen = window.page, dict[str, bool]()
    page.locator("main").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("!document.activeElement.closest('main')"):
            return seen
        name, top, bottom, is_clear = page.evaluate(BELOW_THE_HEAD)
        seen[f"{name} {top}-{bottom}"] = is_clear
    raise AssertionError(seen)


def lower(window: Watched, selector: str) -> float:
    """The lower edge of an element, from the top of the window; it has not been scrolled."""
    box = window.page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box["y"] + box["height"]


def test_an_elder_reports_judges_with_a_photo_and_joins_with_nothing_below_the_bar(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    alice = open_window(PHONE, elder=True)
    alice.go("/issues/new")
    telephone = alice.page.locator(".elder-hotline").bounding_box()
    assert telephone is not None
    bar = telephone["y"]
    field = alice.page.locator("#description").bounding_box()
    assert field is not None
    assert field["y"] <= 236
    danger = alice.page.locator("main > .danger a").all_inner_texts()
    assert danger == ["119", "120", "110"]
    assert lower(alice, ".photo-pick:not(.photo-camera)") <= bar
    words = "六楼的电梯关不上门"
    number = alice.show_ticket(words)
    assert lower(alice, ".ticket") <= bar

    leader, worker = sign_in(LEADER), sign_in("worker")
    leader.make_move(
        number, "classify", severity_class="C", urgency="1", initial_opinion="马上去看。"
    )
    leader.make_move(number, "assign")
    worker.make_move(number, "resolve", outcome="门机调好了。")
    page = alice.go(f"/issues/{number}")
    assert lower(alice, ".verdict-not > summary") <= bar
    page.click(".verdict-not > summary")
    first = page.locator("#comment").bounding_box()
    assert first is not None
    assert first["y"] < bar
    flaws = {name for name, is_clear in tab_through_main(alice).items() if not is_clear}
    assert flaws == set()
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": phone_photo(900, 1200, seed=4)}
    page.set_input_files("#not-done-photos", [picture])
    expect(page.locator(".photo-words", has_text="KB")).to_have_count(1)
    page.check(".verdict-not [value='2']")
    page.fill("#comment", "还是关不上")
    alice.press("交上去，重新办")
    assert page.locator("main .photos img").count() == 1

    bob = open_window(PHONE, elder=True, scripts=False)
    bob.show_ticket(words + "，刚才又夹了人")
    assert bob.page.locator(".alike-offers button").count()
    assert lower(bob, ".ticket") <= bar
    flaws = {name for name, is_clear in tab_through_main(bob).items() if not is_clear}
    assert flaws == set()


@pytest.mark.parametrize("query", ["", "?q=上户口"])
def test_the_button_of_the_search_stands_beside_its_field(open_window: Open, query: str) -> None:
    for elder, width in ((False, 320), (True, 360), (True, 390)):
        page = open_window((width, 740), elder=elder).go(f"/search{query}")
        field, button = (
            page.locator(f".search-form {one}").bounding_box() for one in ("input", "button")
        )
        assert field
        assert button
        assert abs(field["y"] - button["y"]) < 2, (elder, width)
        assert field["width"] >= 120, (elder, width)  # four letters of an elder's
        assert button["x"] + button["width"] <= width

"""The elder version's own helps: a voice where the device has one, and the telephone at hand."""

import pytest

from tests.browser.conftest import Open

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
    page.get_by_text("打电话找社区").click()
    # The last link of the page still comes out from behind the bar.
    page.evaluate("document.body.scrollTop = document.body.scrollHeight")
    last = page.locator(".site-footer a").last.bounding_box()
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

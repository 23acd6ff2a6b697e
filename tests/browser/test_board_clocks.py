"""The board's clocks and the wall in real windows, with scripts and without."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Route

from forms_app.web.words import left_words
from tests.browser.conftest import Open, Watched
from tests.support.running import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIMITS = {
    "minutes": timedelta(minutes=8, seconds=30),
    "late": -timedelta(hours=1, minutes=20, seconds=30),
    "days": timedelta(days=3, hours=2, seconds=30),
}


def row_of(number: str) -> str:
    return f"[id^=issue-]:has(a[href$='/{number}']) time.clock"


def seconds_in(words: str) -> int:
    found = re.fullmatch(r"还有(\d+)分(\d\d)秒", words)
    assert found, words
    return int(found[1]) * 60 + int(found[2])


def test_a_clock_of_the_board_counts_seconds_down_and_says_nothing_aloud(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    number = open_window().report("看板上的钟")
    worker = sign_in("worker", (1280, 900))
    clock = worker.go("/staff/").locator(row_of(number))
    worker.page.wait_for_function(
        "selector => /秒/.test(document.querySelector(selector).innerText)",
        arg=row_of(number),
    )
    first = seconds_in(clock.inner_text())
    worker.page.wait_for_timeout(2200)
    assert first - 4 <= seconds_in(clock.inner_text()) <= first - 1
    assert clock.get_attribute("role") == "timer"
    assert worker.page.locator("main [aria-live]:not([aria-live=off])").count() == 0


def test_the_ring_beside_a_clock_is_as_full_as_its_words_say(
    sign_in: Callable[..., Watched],
) -> None:
    page = sign_in("worker", (1280, 900)).go("/staff/")
    page.locator("time.clock[role=timer]").first.wait_for()
    rings: list[tuple[str, str]] = page.locator(".board-clock").evaluate_all(
        """cards => cards.map((card) => [card.querySelector("time").textContent,
          card.querySelector(".ring-left").getAttribute("stroke-dasharray")])"""
    )
    assert rings
    for words, drawn in rings:
        seconds = 0 if words.startswith("超时") else 600
        if "秒" in words:
            seconds = seconds_in(words) if "分" in words else int(words[2:-1])
        percent, whole = map(int, drawn.split())
        assert whole == 100
        assert abs(percent - seconds / 6) <= 2, words


def test_without_scripts_a_clock_is_readable_words(open_window: Open) -> None:
    number = open_window().report("没有脚本的看板")
    window = open_window((1280, 900), scripts=False)
    window.go("/staff/login")
    window.page.fill("#username", "worker")
    window.page.fill("#password", PASSWORD)
    window.press("登录")
    clock = window.page.locator(row_of(number))
    assert re.fullmatch("还有(10|9)分钟", clock.inner_text())
    late = window.page.locator("time.clock-late").first
    assert late.inner_text().startswith("超时")
    assert datetime.fromisoformat(late.get_attribute("datetime") or "") < datetime.now(UTC)


def test_a_device_with_a_wrong_clock_shows_the_right_time(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    number = open_window().report("钟不准的电脑")
    worker = sign_in("worker", (1280, 900))
    # The device is three years behind, and is set right in the middle of the page.
    worker.page.add_init_script(
        "const real = Date.now; let off = -1e11; Date.now = () => real() + off;"
        "window.setBack = () => { off -= 3600000 }"
    )
    worker.go("/staff/")
    clock = worker.page.locator(row_of(number))
    worker.page.wait_for_function(
        "selector => /秒/.test(document.querySelector(selector).innerText)",
        arg=row_of(number),
    )
    first = seconds_in(clock.inner_text())
    assert 500 < first < 600
    worker.page.evaluate("window.setBack()")
    worker.page.wait_for_timeout(2200)
    assert first - 4 <= seconds_in(clock.inner_text()) <= first - 1


def test_scripts_and_server_say_the_same_words_and_colours(
    sign_in: Callable[..., Watched],
) -> None:
    worker = sign_in("worker", (1280, 900))
    worker.go("/staff/")
    now = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    for name, left in LIMITS.items():
        due = (now + left).isoformat()
        worker.page.evaluate(
            """([name, due, now]) => {
              const clock = document.createElement("time");
              clock.id = name; clock.className = "clock"; clock.dateTime = due;
              clock.dataset.now = now; clock.dataset.soon = "300";
              document.querySelector("main").append(clock);
            }""",
            [name, due, now.isoformat()],
        )
    worker.page.wait_for_function("() => document.querySelector('#days').innerText != ''")
    for name in ("late", "days"):
        said = worker.page.inner_text(f"#{name}")
        assert said == left_words(now + LIMITS[name], now), name
    assert worker.page.inner_text("#minutes").startswith("还有8分")
    assert "clock-late" in (worker.page.get_attribute("#late", "class") or "")
    assert "clock-soon" not in (worker.page.get_attribute("#minutes", "class") or "")
    assert worker.page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert worker.page.evaluate("document.getAnimations().length") == 0


def wall(sign_in: Callable[..., Watched]) -> Watched:
    window = sign_in("street_leader", (1920, 1080))
    window.page.clock.install()
    window.go("/staff/wall")
    return window


def test_the_wall_fills_a_large_screen_without_scrolling_and_is_large_enough_to_read(
    sign_in: Callable[..., Watched],
) -> None:
    window = wall(sign_in)
    assert window.sideways() == 0
    assert window.page.evaluate("document.documentElement.scrollHeight") <= 1080
    sizes: list[float] = window.page.evaluate(
        """[...document.querySelectorAll("main :is(h1, h2, p, th, td, li, time, span, strong)")]
        .filter(e => e.getClientRects().length)
        .map(e => parseFloat(getComputedStyle(e).fontSize))"""
    )
    # Four metres away, 1/200 of the way is a comfortable height: 20 mm on a 55-inch screen.
    assert min(sizes) >= 31


def test_the_wall_renews_its_counts_in_place(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    window = wall(sign_in)
    before = int(window.page.inner_text(".wall-clocks h2 strong"))
    open_window().report("大屏上多一件")
    window.page.clock.run_for(31_000)
    window.page.wait_for_function(
        "before => +document.querySelector('.wall-clocks h2 strong').innerText > before", arg=before
    )
    assert "大屏上多一件" not in window.page.content()


def test_a_wall_that_cannot_reach_the_server_keeps_its_counts_and_says_so(
    sign_in: Callable[..., Watched],
) -> None:
    window = wall(sign_in)
    gone = True

    def answer(route: Route) -> None:
        if gone:
            route.abort()
        else:
            route.continue_()

    window.page.route("**/staff/wall", answer)
    window.page.clock.run_for(31_000)
    window.page.wait_for_function("() => !document.querySelector('.wall-stale').hidden")
    assert "正在办" in window.page.inner_text("main")
    gone = False
    window.page.clock.run_for(31_000)
    window.page.wait_for_function("() => document.querySelector('.wall-stale').hidden")
    # The browser itself reports what it could not load.
    window.complaints[:] = [c for c in window.complaints if "ERR_FAILED" not in c]


def test_a_wall_whose_session_is_over_shows_the_way_to_sign_in(
    sign_in: Callable[..., Watched],
) -> None:
    window = wall(sign_in)
    window.context.clear_cookies()
    window.page.clock.run_for(31_000)
    window.page.wait_for_url(re.compile("/staff/login"))
    assert window.page.locator("#password").count() == 1

"""Whoever asks the device for more contrast, its own colours or less motion, gets them here too."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import audit
from tests.browser.conftest import Open, Watched
from tests.browser.kinds import case
from tests.conftest import missing

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SITE = ["/", "/flowchart/", "/calendar/", "/near/guiyuan/", "/figures/", "/services/street_order/",
        "/en/", "/issues/new"]  # fmt: skip
COLOURS_ONLY = {
    scheme: audit.State(scheme, 1280, 900, scheme, elder=True, only_colours=True)  # 7 : 1
    for scheme in ("light", "dark")
}
# Texts of drawings take the device's colours, and where one stands on a filled shape, its pair.
DRAWN = """() => {
  const probe = document.createElement("i");
  document.body.append(probe);
  const system = (name) => { probe.style.color = name; return getComputedStyle(probe).color };
  const known = ["CanvasText", "Canvas", "LinkText"].map(system);
  return [...document.querySelectorAll("svg text, svg rect, svg circle, svg path")]
    .flatMap((e) => [getComputedStyle(e).fill, getComputedStyle(e).stroke])
    .filter((colour) => colour !== "none" && !colour.startsWith("url") && !known.includes(colour));
}"""
# Behind words that it colours, Chromium lays Canvas: those of Canvas's own colour are not seen.
UNSEEN = """() => {
  const canvas = document.body.appendChild(document.createElement("i"));
  canvas.style.color = "Canvas";
  const { color } = getComputedStyle(canvas);
  return [...document.querySelectorAll("body *")].flatMap((e) => [null, "::before", "::after"]
    .map((part) => getComputedStyle(e, part))
    .filter((style, part) => style.color === color && style.forcedColorAdjust === "auto"
      && (part ? style.content !== "none" : e !== canvas && e.textContent.trim()))
    .map(() => e.outerHTML.slice(0, 80)));
}"""
# Where the device chooses the colours no edge is transparent: a triangle made of edges is a square.
SQUARES = """() => [...document.querySelectorAll("body *")].flatMap((e) => ["::before", "::after"]
  .map((part) => getComputedStyle(e, part))
  .map((style) => [style, (name) => parseFloat(style[name]) || 0])
  .filter(([style, length]) => style.content === '""'
    && ["Top", "Right", "Bottom", "Left"].every((side) => length(`border${side}Width`))
    && length("width") <= length("borderLeftWidth") + length("borderRightWidth"))
  .map(() => e.outerHTML.slice(0, 80)))"""
FLAT = """() => [...document.querySelectorAll("main :is(.btn, input, select, textarea, .choice)")]
  .filter((e) => e.getClientRects().length && parseFloat(getComputedStyle(e).borderWidth) < 1
    && !["radio", "checkbox", "file", "hidden"].includes(e.type))
  .map((e) => e.outerHTML.slice(0, 80))"""


def pages(resident: Watched, leader: Watched) -> Iterator[tuple[str, Page]]:
    """Pages with every colour that there is, one after another."""
    for path in SITE:
        yield path, resident.go(path)
    case("楼道灯不亮", "classify")(leader)
    yield "a case", leader.page


def test_more_contrast_is_seven_to_one(open_window: Open, sign_in: Callable[..., Watched]) -> None:
    if not audit.AXE.exists():
        missing("axe-core is not installed")
    windows = open_window((1280, 900)), sign_in("community_leader", (1280, 900), worker=False)
    for window in windows:
        audit.bring_rules(window.page)
    wrong = {}
    for name, page in pages(*windows):
        audit.prepare(page)
        for scheme, state in COLOURS_ONLY.items():
            page.emulate_media(contrast="more", color_scheme=state.scheme)
            wrong[f"{name}, {scheme}"] = audit.violations(page, state)
    assert len(wrong) == 2 * (len(SITE) + 1)
    assert audit.rows(wrong) == []


def test_the_devices_own_colours_reach_drawings_and_leave_edges_to_everything(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    windows = open_window((1280, 900)), sign_in("community_leader", (1280, 900), worker=False)
    for name, page in pages(*windows):
        audit.unfold(page)  # what is folded has no width when it is first asked for
        for scheme in COLOURS_ONLY.values():
            page.emulate_media(forced_colors="active", color_scheme=scheme.scheme)
            assert page.evaluate("matchMedia('(forced-colors: active)').matches")
            assert page.evaluate(DRAWN) == [], name
            assert page.evaluate(FLAT) == [], name
            assert page.evaluate(UNSEEN) == [], name
            assert page.evaluate(SQUARES) == [], name


def test_where_one_stands_is_seen_in_the_devices_own_colours(open_window: Open) -> None:
    page = open_window((1280, 900)).go("/issues/new")
    page.emulate_media(forced_colors="active")
    for _ in range(25):
        page.keyboard.press("Tab")
        outline: list[object] = page.evaluate(
            """() => { const s = getComputedStyle(document.activeElement);
            return [s.outlineStyle, parseFloat(s.outlineWidth) >= 2, s.outlineColor] }"""
        )
        assert outline[:2] == ["solid", True], page.evaluate("document.activeElement.outerHTML")
    current = page.locator(".site-nav [aria-current]")
    assert "underline" in current.evaluate("e => getComputedStyle(e).textDecorationLine")


def test_nothing_moves_for_whoever_wants_no_motion(open_window: Open) -> None:
    page = open_window((1280, 900)).go("/")
    asked = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(asked) == "auto"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(asked) == "smooth"
    moving = """[...document.querySelectorAll("*")].filter((e) => {
      const s = getComputedStyle(e);
      return s.animationName !== "none" || parseFloat(s.transitionDuration) > 0 }).length"""
    assert page.evaluate(moving) == 0

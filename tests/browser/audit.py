"""Looks at the page that is open, as its readers would meet it, and says what is wrong in words.

The accessibility rules are axe-core's; the tree of names is the browser's own; sizes and distances
are counted in the page by `audit.js`. Nothing here knows which page it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from weakref import WeakKeyDictionary

from playwright.sync_api import CDPSession, Page

from forms_app.web.compression import padded

HERE = Path(__file__).parent
AXE = HERE / "axe" / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Off by themselves in axe-core: WCAG 2.2 asks for the first, elders need the second.
TARGET_SIZE = {"target-size": {"enabled": True}}
SEVEN_TO_ONE = {"color-contrast-enhanced": {"enabled": True}}
COLOURS = ["color-contrast", "link-in-text-block"]


@dataclass(frozen=True)
class State:
    """How the page is looked at: the window in CSS pixels and the colours that are asked for."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    elder: bool = False
    only_colours: bool = False


# 320 by 256 is a window of 1280 by 1024 at 400 %. Dark pages differ in their colours alone.
ORDINARY = (
    State("ordinary", 1280, 900),
    State("dark", 1280, 900, "dark", only_colours=True),
    State("zoom", 320, 256),
)
ELDER = (
    State("elder", 320, 740, elder=True),
    State("elder, dark", 320, 740, "dark", elder=True, only_colours=True),
)
# What is asked of what stays in its place: phones of some years ago, and of today.
PHONES = (State("old phone", 360, 640), State("phone", 360, 740))


def prepare(page: Page) -> None:
    """Loads the questions into the page, and opens what can be folded out."""
    load(page)
    unfold(page)


def load(page: Page) -> None:
    """Loads the questions into the page, as it was opened."""
    page.evaluate(f"() => {{ {(HERE / 'audit.js').read_text(encoding='utf-8')} }}")


def unfold(page: Page) -> None:
    """Opens what can be folded out."""
    page.eval_on_selector_all("main details", "es => es.forEach(e => e.open = true)")


def bring_rules(page: Page) -> None:
    """Has axe-core come with every page that this window opens from now on, for `violations`.

    The browser keeps it: sent to each page that is open, it takes three times as much.
    """
    page.add_init_script(path=AXE)


_schemes: WeakKeyDictionary[Page, str] = WeakKeyDictionary()  # of windows that are not light


def put(page: Page, state: State) -> None:
    """Brings the window into this state."""
    page.set_viewport_size({"width": state.width, "height": state.height})
    if _schemes.get(page, "light") != state.scheme:  # what is so already would be drawn anew
        page.emulate_media(color_scheme=state.scheme)
        _schemes[page] = state.scheme


def for_elders(page: Page, *, elder: bool) -> None:
    """Makes a page of the staff what the server would have sent to those who chose this version:
    tests/web/staff/test_elders.py holds it to that.
    """
    page.evaluate(
        """(elder) => {
          document.documentElement.classList.toggle("elder", elder);
          for (const link of document.querySelectorAll(".elder-on, .elder-off")) {
            link.classList.toggle("elder-on", !elder);
            link.classList.toggle("elder-off", elder);
            link.textContent = elder ? "普通版" : "长辈版";
          }
        }""",
        elder,
    )


def violations(page: Page, state: State) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and its best practice; elders get 7 : 1."""
    only: dict[str, object] = {"type": "tag", "values": LEVELS}
    if state.only_colours:
        only = {"type": "rule", "values": [*COLOURS, *(SEVEN_TO_ONE if state.elder else ())]}
    rules = {**TARGET_SIZE, **(SEVEN_TO_ONE if state.elder else {})}
    return _asked(page, "violations(...asked)", [only, {} if state.only_colours else rules])


def out_of_view(page: Page) -> list[str]:
    """What is wider than the window, and what scrolls by itself where no key reaches it."""
    return _asked(page, "outOfView()")


def too_small(page: Page, smallest: int) -> list[str]:
    """Buttons, fields and links outside of sentences that a finger would miss; CSS pixels."""
    return _asked(page, "tooSmall(asked)", smallest)


def elder_text(page: Page) -> list[str]:
    """Texts of the elder version that are not half as large again, or set too tight."""
    return _asked(page, "elderText()")


def hotline_out_of_sight(page: Page) -> list[str]:
    """Whether the telephone can be touched wherever the page is scrolled to."""
    return _asked(page, "hotlineOutOfSight()")


def under_fixed(page: Page) -> list[str]:
    """Controls, fields and tickets that something fixed lies over, scrolled or with the focus."""
    return _asked(page, "underFixed()")


def ticket_below(page: Page) -> list[str]:
    """Whether a ticket that is shown is not whole on the first screen."""
    return _asked(page, "ticketBelow()")


@dataclass(frozen=True)
class Held:
    """How much a page asks of its reader: pixels, and letters; None is what it does not show."""

    length: float
    width: float
    letters: int
    head: float | None  # how high
    field: float | None  # where the first one begins
    bar: float | None  # where the telephone's begins


def held(page: Page) -> Held:
    """How much the page holds before anything in it is opened."""
    return Held(**page.evaluate("audit.held()"))


def _asked(page: Page, question: str, asked: object = None) -> list[str]:
    found: list[str] = page.evaluate(f"(asked) => audit.{question}", asked)
    return found


CONTROLS = {"textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "radiogroup",
            "spinbutton", "button", "link", "Date", "DateTime", "InputTime"}  # fmt: skip


def unsaid(page: Page) -> list[str]:
    """What the browser's own tree for screen readers lacks.

    A control without a name; an error that is not read with its field; a list of errors that does
    not have the focus, or leads to no field.
    """
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    found = []
    for node in nodes:
        role = node.get("role", {}).get("value", "")
        name = node.get("name", {}).get("value", "").strip()
        facts = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
        if node.get("ignored"):
            continue
        if role in CONTROLS and not name:
            found.append(f"a {role} without a name")
        described = node.get("description", {}).get("value", "")
        if facts.get("invalid") == "true" and "错误" not in described:
            found.append(f"{role} {name}: its error is not read with it")
    return found + _asked(page, "lostErrors()")


def past_worker(page: Page) -> CDPSession:
    """Has every page come from the server: what the staff's worker hands over did not come over
    the line and has no size.
    """
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setBypassServiceWorker", {"bypass": True})
    return session


# The load is awaited within the page, whose policy forbids the text that wait_for_function
# evaluates. The icon is left out: a browser fetches it when it likes, or not at all.
_BODIES = """async () => {
  const [opened] = performance.getEntriesByType("navigation");
  while (!opened.loadEventEnd) await new Promise((later) => setTimeout(later, 20));
  return [opened, ...performance.getEntriesByType("resource")]
    .filter(({ name, startTime }) => startTime <= opened.loadEventEnd
      && !name.startsWith("data:") && !name.includes("favicon.svg"))
    .map(({ name, encodedBodySize }) => [name, encodedBodySize]);
}"""


def weigh(page: Page) -> None:
    """Has every page that this window opens be a first view, whose `bodies` can be asked."""
    past_worker(page).send("Network.setCacheDisabled", {"cacheDisabled": True})


def bodies(page: Page) -> dict[str, int]:
    """Address → bytes as they came over the line, of everything that the page asked the network
    for until it had loaded; what later.js brings after that holds nothing up. The page itself
    counts with its longest padding, so that no draw of lots decides.
    """
    found: dict[str, int] = dict(page.evaluate(_BODIES))
    opened, *_ = found
    body: bytes = page.evaluate("() => fetch(location.href).then((it) => it.text())").encode()
    if found[opened] < len(body):
        found[opened] = len(padded(body, length=lambda most: most - 1))
    return found


def rows(found: Mapping[str, Sequence[str]]) -> list[str]:
    """What was found, a line for each page and flaw; nothing for the pages without one."""
    return [f"{name}: {flaw}" for name, flaws in found.items() for flaw in dict.fromkeys(flaws)]

"""A browser seven years old, a phone held sideways, and a browser that keeps no cookies.

No such browser can be installed here. What can be checked is that the scripts are written in the
language of 2019, that the styles rely on nothing newer, and that the way through the forms works
where what came later is taken away.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import Open, Watched
from tests.browser.reporting import SignIn, await_ticket, issues_saying, photo, write
from tests.conftest import missing
from tests.support.running import ROOT, Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ACORN = Path(__file__).parent / "axe" / "node_modules" / "acorn" / "dist" / "acorn.js"
STATIC = ROOT / "forms_app" / "static"
WORKER = ROOT / "forms_app" / "templates" / "staff" / "sw.js"
PARSE = """source => {
  try {
    acorn.parse(source, { ecmaVersion: 2019 });
    return "";
  } catch (wrong) {
    return wrong.message;
  }
}"""
# What Chrome 74 and Safari 12.1 do not have.
NEWER = (
    "replaceChildren", "replaceAll", "structuredClone", "allSettled", "Promise.any", "randomUUID",
    "AbortSignal.timeout", "findLast", "toSorted", "Object.groupBy", "Object.hasOwn", ".at(",
    "globalThis", "matchAll(/", "scrollend", "requestSubmit", "showPicker", "inert",
)  # fmt: skip
TAKEN_AWAY = """
  for (const kind of [Element, Document, DocumentFragment]) delete kind.prototype.replaceChildren;
  delete HTMLFormElement.prototype.requestSubmit;
  delete String.prototype.replaceAll;
  delete String.prototype.at; delete Array.prototype.at; delete Array.prototype.findLast;
  delete Promise.any; delete Promise.allSettled;
  delete window.structuredClone; delete AbortSignal.timeout; delete Object.groupBy;
  delete Object.hasOwn; delete Crypto.prototype.randomUUID;
  delete Navigator.prototype.serviceWorker; delete Navigator.prototype.storage;
"""
SIDEWAYS = (640, 360)
# Neighbours of a row that share a line without a gap; what grows has its room within.
TOUCHING = """() => [...document.querySelectorAll("main *")].filter((row) => {
    const { display, flexDirection } = getComputedStyle(row);
    return display.endsWith("flex") && flexDirection === "row";
  }).flatMap((row) => {
    const boxes = [...row.childNodes].filter((one) =>
      one.nodeType === 3 ? one.data.trim()
        : getComputedStyle(one).flexGrow === "0" && getComputedStyle(one).position !== "absolute"
    ).map((one) => {
        const range = document.createRange();
        range.selectNode(one);
        return range.getBoundingClientRect();
      }).filter((box) => box.width);
    return boxes.slice(1).some((box, index) => {
      const { right, bottom, top } = boxes[index];
      return box.top < bottom && box.bottom > top && box.left - right < 4;
    }) ? [row.outerHTML.replace(/<svg.*?<\\/svg>/s, "*").slice(0, 90)] : [];
  })"""


def test_every_script_is_written_in_the_language_of_2019(open_window: Open) -> None:
    if not ACORN.exists():
        missing("acorn is not installed")
    page = open_window().page
    page.add_script_tag(path=ACORN)
    scripts = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")}
    scripts["sw.js"] = re.sub(r"\{\{.*?\}\}", "0", WORKER.read_text(encoding="utf-8"))
    assert len(scripts) > 12
    assert {n: wrong for n, text in scripts.items() if (wrong := page.evaluate(PARSE, text))} == {}
    assert page.evaluate(PARSE, "a?.b") != ""
    used = {(n, one) for n, text in scripts.items() for one in NEWER if one in text}
    assert used == {("code.js", "requestSubmit")}  # asked for first


@pytest.mark.parametrize(
    "name",
    [
        "site.css", "tables.css", "staff.css", "board.css", "call.css", "pages.css",
        "steps.css", "ticket.css", "received.css", "verdict.css", "elder.css",
    ],
)  # fmt: skip
def test_no_rule_of_the_styles_is_lost_to_a_browser_of_2019(name: str) -> None:
    css = re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.S)
    css = css.replace("@supports not (inset: 0)", "")
    assert re.findall(r":(?:is|where)\(", css) == [], "the whole rule would go"
    assert re.findall(r"[{;\s](?:inset|(?:padding|margin)-(?:block|inline)):", css) == []
    # Where a value holds var(), none that stands before it comes into its place.
    assert re.findall(r"(?:min|max|clamp)\([^;}]*var\(", css) == []
    for rule in re.findall(r"[^{}]*:has\([^{}]*\{[^{}]*\}", css):
        selectors = re.split(r",(?![^(]*\))", rule.partition("{")[0])
        assert all(":has(" in one for one in selectors), f"{rule}: others would go with it"


def without_gaps(route: Route) -> None:
    """A sheet as a browser of 2019 reads it, which leaves gaps in grids alone."""
    answer = route.fetch()
    css = answer.text().replace("@supports not (inset: 0)", "@media all")
    rules = re.split(r"(?<=})", css)
    read = [re.sub(r"(?<![-\w])gap:[^;}]*", "", one) if "flex" in one else one for one in rules]
    route.fulfill(response=answer, body="".join(read))


@pytest.mark.parametrize("elder", [False, True])
def test_in_a_browser_of_2019_the_rows_of_a_ticket_do_not_stick_together(
    open_window: Open, sign_in: SignIn, *, elder: bool
) -> None:
    window = open_window(elder=elder)
    page = window.page
    page.route(re.compile(r"\.css"), without_gaps)
    number = window.show_ticket("图标和字不要挤在一起")
    page.locator("script[data-done]").first.wait_for(state="attached")
    assert page.evaluate(TOUCHING) == [], "ticket"
    window.go(f"/issues/{number}")
    assert page.evaluate(TOUCHING) == [], "on its way"
    leader, worker = sign_in("community_leader"), sign_in("worker")
    leader.make_move(
        number, "classify", severity_class="C", urgency="1", initial_opinion="马上去看。"
    )
    leader.make_move(number, "assign")
    worker.make_move(number, "resolve", outcome="修好了。")
    window.go(f"/issues/{number}")
    assert page.evaluate(TOUCHING) == [], "verdict"
    window.judge(5)
    window.go(f"/issues/{number}")
    assert page.evaluate(TOUCHING) == [], "closed"


def old(window: Watched) -> Page:
    window.context.add_init_script(TAKEN_AWAY)
    window.page.close()
    window.page = window.context.new_page()
    window.page.on("pageerror", lambda error: window.complaints.append(f"script: {error}"))
    return window.page


def test_in_a_browser_of_2019_a_resident_reports_follows_and_judges(
    open_window: Open, server: Running, sign_in: SignIn
) -> None:
    window = open_window()
    page = old(window)
    write(window, "旧手机也能反映", photo(7))
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, "旧手机也能反映") == [number]
    leader = sign_in("community_leader", (1280, 800))
    old(leader)
    leader.press_move(
        number, "classify", severity_class="C", urgency="1", initial_opinion="马上去看。"
    )
    leader.press_move(number, "assign", lead=leader.first_lead())
    worker = sign_in("worker")
    old(worker)
    worker.press_move(number, "resolve", outcome="修好了。")
    window.go(f"/issues/{number}")
    window.judge(5)
    assert "办完了，谢谢您" in page.inner_text("main")


def test_in_a_browser_of_2019_a_worker_registers_for_a_resident(
    sign_in: SignIn, server: Running
) -> None:
    window = sign_in("worker")
    page = old(window)
    window.go("/staff/issues/new")
    page.locator("script[data-done]").first.wait_for(state="attached")
    page.select_option("#channel", index=1)
    page.fill("#description", "旧手机代为登记")
    page.get_by_role("button", name="登记", exact=True).click()
    page.locator(".ticket").wait_for()
    assert len(issues_saying(server, "旧手机代为登记")) == 1


@pytest.mark.parametrize("elder", [False, True])
def test_a_phone_held_sideways_shows_the_whole_width_and_room_to_write(
    open_window: Open, *, elder: bool
) -> None:
    window = open_window(SIDEWAYS, elder=elder)
    for path in ("/", "/issues/", "/calendar/", "/near/guiyuan/", "/issues/new"):
        page = window.go(path)
        assert window.sideways() <= 0, path
    field = page.locator("#description")
    field.focus()
    box = field.bounding_box()
    assert box is not None
    covered = page.evaluate(
        """([x, y]) => !document.querySelector("#description")
          .contains(document.elementFromPoint(x, y))""",
        [box["x"] + 20, max(box["y"], 0) + 20],
    )
    assert not covered

"""Where lines end on a phone: what is read as one thing stays on one line."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.browser.conftest import PHONE, Open, Watched
from tests.browser.kinds import SITE, case_path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SignIn = Callable[..., Watched]
BROKEN = """es => es.filter((e) => new Set([...e.getClientRects()].map((one) => one.top)).size > 1)
  .map((e) => e.textContent)"""
# What an ideographic blank between two parts becomes at a line's end: wider than the page.
BLANKS = """es => es.flatMap((e) => [...e.childNodes])
  .filter((one) => one.nodeType === 3 && one.data.includes("\\u3000")).length"""
# The lines of each.
LINES = """es => es.map((e) => {
  const range = document.createRange();
  const texts = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
  const lines = new Map();
  for (let text; (text = texts.nextNode()); )
    for (let at = 0; at < text.length; at += 1) {
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const { width, bottom } = range.getBoundingClientRect();
      if (width <= 1) continue;
      const line = [...lines.keys()].find((one) => Math.abs(one - bottom) < 5) ?? bottom;
      lines.set(line, (lines.get(line) ?? "") + text.data[at]);
    }
  return [...lines].sort(([one], [other]) => one - other).map(([, signs]) => signs);
})"""
LONG_HEADINGS = {
    *("flowchart", "calendar month", "venue", "venues", "what may be rated", "figures"),
    *("duties on paper", "the administrators' handbook", "search results"),
    *("funds and meetings", "funds and meetings of a place"),
}
HEADINGS = "main h1:visible, main h2:visible, main h3:visible"


def test_no_heading_ends_in_a_line_of_one_character(open_window: Open) -> None:
    for window in (open_window(), open_window(elder=True)):
        for kind in SITE:
            if kind.name in LONG_HEADINGS:
                kind.open(window)
                headings: list[list[str]] = window.page.locator(HEADINGS).evaluate_all(LINES)
                assert headings
                assert [end for *_, end in headings if len(end) == 1] == [], kind.name


# What no line of Chinese begins with, and where that is looked for.
CLOSING = tuple("，。、；：！？）」』”》…")
TITLES = "h1, h2, h3, .btn, button, summary, legend, label, .chip"
# Whatever stands in the main part says a clause of so many characters, and another one.
SAY = """(es, length) => es.forEach((e) => {
  e.textContent = "办".repeat(length) + "，" + "看".repeat(length + 1) + "？";
})"""


def test_no_line_of_a_heading_or_a_button_begins_with_what_ends_a_phrase(
    open_window: Open,
) -> None:
    for window in (open_window(), open_window(elder=True)):
        for path in ("/", "/issues/new", "/handbook/evaluation/"):
            titles = window.go(path).locator(f"main :is({TITLES}):visible:not(:empty)")
            for length in range(3, 24):
                titles.evaluate_all(SAY, length)
                said: list[list[str]] = titles.evaluate_all(LINES)
                assert max(map(len, said)) > 1 or length < 8
                wrong = [lines for lines in said if any(one[0] in CLOSING for one in lines)]
                assert wrong == [], (path, length)


def test_what_a_resident_reads_first_breaks_between_its_phrases(open_window: Open) -> None:
    for window in (open_window(), open_window(elder=True)):
        number = window.report("楼道灯不亮，晚上看不清台阶")
        (lines,) = window.go(f"/issues/{number}").locator("main h1:visible").evaluate_all(LINES)
        assert "".join(lines) == "收到了，马上给您答复"
        assert lines[0] in ("收到了，", "收到了，马上给您答复")


def test_on_a_phone_the_tags_of_a_list_stand_below_one_another(sign_in: SignIn) -> None:
    for elder in (False, True):
        window = sign_in("community_leader", elder=elder, worker=False)
        for path in ("/staff/", "/staff/register"):
            tags = window.go(path).locator(".stack-tag")
            assert tags.count() > 5
            edges = tags.evaluate_all("es => es.map((e) => e.getBoundingClientRect().right)")
            assert max(edges) - min(edges) < 1, (path, elder)


def test_a_row_of_figures_is_no_taller_on_a_phone_than_at_a_desk(sign_in: SignIn) -> None:
    window = sign_in("community_leader", (1280, 900), worker=False)
    rows = window.go("/staff/reports/").locator("tbody tr")
    heights = "es => es.map((e) => e.offsetHeight)"
    at_a_desk = rows.evaluate_all(heights)
    window.page.set_viewport_size({"width": 360, "height": 740})
    assert rows.evaluate_all(heights) == at_a_desk


def test_a_telephone_number_stays_on_one_line(open_window: Open, sign_in: SignIn) -> None:
    window = open_window()
    for kind in SITE:
        if kind.name in ("duties of a unit", "near an estate"):
            kind.open(window)
            numbers = window.page.locator("main a[href^='tel:']")
            assert numbers.count()
            assert numbers.evaluate_all(BROKEN) == [], kind.name
    board = sign_in("collector", worker=False).go("/staff/")
    assert board.locator("summary .phrase").count()
    assert board.locator("summary .phrase").evaluate_all(BROKEN) == []


def test_what_residents_said_never_makes_the_board_wider_than_the_phone(
    open_window: Open, sign_in: SignIn
) -> None:
    alice = open_window()
    number = alice.report("又补充了一句：楼道灯不亮，晚上看不清台阶")
    page = alice.go(f"/issues/{number}")
    page.locator("summary", has_text="补充情况").click()
    page.locator("form[action$='/reply'] textarea").fill("是三单元")
    alice.press("交上去")
    leader = sign_in("community_leader", worker=False)
    leader.go("/staff/")
    assert leader.page.locator(".inbox li").count()
    assert leader.page.locator(".inbox li").evaluate_all(BLANKS) == 0
    assert leader.sideways() == 0


def test_what_leads_to_other_months_and_files_stands_together(sign_in: SignIn) -> None:
    page = sign_in("community_leader", (1280, 900), worker=False).go("/staff/reports/")
    boxes = page.locator(".pager a").evaluate_all(
        "es => es.map((e) => e.getBoundingClientRect()).map(({ left, right }) => [left, right])"
    )
    assert len(boxes) > 1
    gaps = [after[0] - before[1] for before, after in pairwise(boxes)]
    assert max(gaps) < 40


def test_no_telephone_breaks_where_staff_choose_whom_to_summon(sign_in: SignIn) -> None:
    leader = sign_in("community_leader", (360, 740), worker=False)
    page = leader.go(f"{case_path(leader, '下水道总堵')}?move=summon")
    told = page.locator(".party small:visible", has_text="0797-")
    assert told.count() > 3
    assert told.locator(".unbroken").count() == told.count()
    assert told.locator(".unbroken").evaluate_all(BROKEN) == []


def test_how_often_a_problem_was_taken_up_stays_in_one_piece(open_window: Open) -> None:
    window = open_window(elder=True)
    number = window.report("楼道灯又不亮了，晚上看不清台阶")
    parts = window.go(f"/issues/{number}").locator(".kicker .phrase")
    assert parts.count()
    for length in range(1, 8):
        parts.last.evaluate("(e, length) => { e.textContent = '办'.repeat(length) }", length)
        lines: list[list[str]] = parts.evaluate_all(LINES)
        assert {len(one) for one in lines} == {1}


@pytest.mark.parametrize("elder", [False, True])
def test_letters_half_as_large_again_as_the_browsers_own_stay_apart_and_readable(
    open_window: Open, *, elder: bool
) -> None:
    window = open_window(PHONE, elder=elder)
    page = window.go("/")
    # As WeChat and old phones do it: only the letters grow, the page is as narrow as before.
    page.evaluate(f"document.documentElement.style.fontSize = '{36 if elder else 24}px'")
    assert window.sideways() == 0
    head, brand = (
        page.locator(one).first.evaluate("e => e.getBoundingClientRect().bottom")
        for one in (".site-header", ".brand")
    )
    assert brand <= head
    narrow = """es => es.filter(e => e.offsetParent
        && e.clientWidth < 4 * parseFloat(getComputedStyle(e).fontSize)).map(e => e.innerText)"""
    assert page.locator(".act-what, .home-way strong, .home-way span").evaluate_all(narrow) == []

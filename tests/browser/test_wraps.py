"""Where lines end on a phone: what is read as one thing stays on one line."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.browser.conftest import Open, Watched
from tests.browser.kinds import SITE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SignIn = Callable[..., Watched]
BROKEN = """es => es.filter((e) => new Set([...e.getClientRects()].map((one) => one.top)).size > 1)
  .map((e) => e.textContent)"""
# What an ideographic blank between two parts becomes at a line's end: wider than the page.
BLANKS = """es => es.flatMap((e) => [...e.childNodes])
  .filter((one) => one.nodeType === 3 && one.data.includes("\\u3000")).length"""


def test_a_telephone_number_stays_on_one_line(open_window: Open, sign_in: SignIn) -> None:
    window = open_window()
    for kind in SITE:
        if kind.name in ("duties of a unit", "near an estate"):
            kind.open(window)
            numbers = window.page.locator("main a[href^='tel:']")
            assert numbers.count()
            assert numbers.evaluate_all(BROKEN) == [], kind.name
    board = sign_in("collector").page
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
    leader = sign_in("community_leader")
    assert leader.page.locator(".inbox li").count()
    assert leader.page.locator(".inbox li").evaluate_all(BLANKS) == 0
    assert leader.sideways() == 0


def test_what_leads_to_other_months_and_files_stands_together(sign_in: SignIn) -> None:
    page = sign_in("community_leader", (1280, 900)).go("/staff/reports/")
    boxes = page.locator(".pager a").evaluate_all(
        "es => es.map((e) => e.getBoundingClientRect()).map(({ left, right }) => [left, right])"
    )
    assert len(boxes) > 1
    gaps = [after[0] - before[1] for before, after in pairwise(boxes)]
    assert max(gaps) < 40

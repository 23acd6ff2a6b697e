"""The due move's button is in sight as its page opens, at every step; it covers nothing."""

from collections.abc import Callable, Iterator

import pytest

from forms_app.issues.awaited import WAITS
from forms_app.rules.steps import Role
from tests.browser.conftest import Watched
from tests.support.running import PASSWORD, Running, running
from tests.support.told import copy_demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"desk": (1280, 800), "phone": (360, 740)}
ROLES = ("worker", "community_leader", "street_leader", "responder", "district_office")
LONG = (
    "楼道里的灯坏了快一个月，晚上回家要摸黑上六楼，老人摔过一次，物业说要等街道，街道说归物业。" * 3
)

# On a board, what waits for its reader: the clocks that run, and the list.
DUE = ".board-clocks .board-awaited a, #s-me ~ * .board-awaited a"
# Of the form that lies open: what of its first button cannot be seen without scrolling.
OUT_OF_SIGHT = """() => {
  const form = document.querySelector(".case-due > details[open] > form");
  if (!form) return ["there is no open form"];
  return [...form.querySelectorAll(":scope > .button-row button")].filter((button) => {
    const { top, bottom, left, right } = button.getBoundingClientRect();
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return top < 0 || bottom > innerHeight || !button.contains(hit);
  }).map((button) => button.textContent);
}"""
# Of its fields: those that something lies over once the keys have come to them.
COVERED = """() => {
  const form = document.querySelector(".case-due > details[open] > form");
  const fields = [...(form ? form.elements : [])].filter((one) => one.matches(".field *")
    && one.offsetParent && one.getBoundingClientRect().width > 1
    && one.closest("details") === form.parentElement);
  return fields.filter((field) => {
    field.focus();
    // Of a text that is higher than the rest of the window, its first line: there the letters go.
    const { top, height, left, right } = field.getBoundingClientRect();
    const hit = document.elementFromPoint((left + right) / 2, top + Math.min(height / 2, 20));
    const label = field.closest("label");
    return !hit || !(field === hit || (label && label.contains(hit)));
  }).map((field) => field.name);
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One of its own: every issue stands as the sample tells it."""
    with running(copy_demo(tmp_path_factory.mktemp("due"))) as started:
        yield started


def due_on(board: Watched) -> list[tuple[str, str]]:
    """Each issue that waits for whoever reads the board, and for which move."""
    links = board.go("/staff/").locator(DUE)
    found: list[str] = links.evaluate_all("es => es.map(e => e.pathname + e.search)")
    return [(path, move) for path, _, move in (one.partition("?move=") for one in found)]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_whatever_is_due_has_its_button_in_sight_and_nothing_lies_over_a_field(
    sign_in: Callable[..., Watched], size: tuple[int, int]
) -> None:
    flaws, seen = [], set()
    for role in ROLES:
        window = sign_in(role, size, worker=False)
        for path, move in due_on(window):
            for address in (path, f"{path}?move={move}"):
                page = window.go(address)
                due = page.locator(".case-due > details[open]")
                if not due.count():
                    continue  # others' move, which stands on the board because they are late
                seen.add((due.first.get_attribute("id") or "").removeprefix("move-"))
                flaws += [(role, address, what) for what in page.evaluate(OUT_OF_SIGHT)]
                flaws += [(role, address, what) for what in page.evaluate(COVERED)]
    assert flaws == []
    # The district is asked by a street; its answer may be any of its moves.
    staffs = {wait.move.name for wait in WAITS if wait.who - {Role.RESIDENT}}
    assert seen >= staffs - {"refer_up"}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_long_words_push_no_button_out_of_sight(
    sign_in: Callable[..., Watched], open_window: Callable[..., Watched], size: tuple[int, int]
) -> None:
    open_window().report(LONG)
    window = sign_in("community_leader", size, worker=False)
    path = next(path for path, move in due_on(window) if move == "opine")
    page = window.go(f"{path}?move=opine")
    assert page.evaluate(OUT_OF_SIGHT) == []
    assert page.locator("#move-opine textarea").evaluate("e => e === document.activeElement")


def test_without_scripts_the_form_that_is_asked_for_lies_open_and_its_button_in_sight(
    open_window: Callable[..., Watched],
) -> None:
    window = open_window(SIZES["phone"], scripts=False)
    window.go("/staff/login")
    window.page.fill("#username", "community_leader")
    window.page.fill("#password", PASSWORD)
    window.press("登录")
    asked_for = set()
    for path, move in due_on(window):
        window.go(f"{path}?move={move}")
        button = window.page.locator(f"#move-{move}[open] > form > .button-row button").first
        if window.page.locator(f"#move-{move}").count():
            asked_for.add(move)
            box = button.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= SIZES["phone"][1], (path, move)
    assert "opine" in asked_for

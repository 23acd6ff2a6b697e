"""The staff's cases on a phone, whoever opens them, and what the frame of every page does.

Every kind of page is looked at in test_kinds.py; here are the many cases of one kind.
"""

from collections.abc import Callable

import pytest

from tests.browser import audit
from tests.browser.conftest import Open, Watched, next_page
from tests.browser.seen import ELDER_TARGET, TARGET

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STAFF = {
    "collector": ["/staff/", "/staff/issues/new", "/staff/password"],
    "worker": [
        "/staff/",
        "/staff/register",
        "/staff/issues/260001/print",
        "/staff/issues/new",
        "/staff/paper",
    ],
    "community_leader": [
        "/staff/",
        "/staff/?waits=others&step=handling&class=x",
        "/staff/wall",
        "/staff/register",
        "/staff/import",
    ],
    "responder": ["/staff/"],
    "street_leader": [
        "/staff/wall",
        "/staff/register?step=closed&class=C&q=灯&sort=due",
        "/staff/register?from=x",
        "/staff/reports/2026-11",
        "/staff/exports",
    ],
    "supervisor": ["/staff/"],
    "admin": ["/staff/"],
}
NARROW = [320, 360]


def mind(window: Watched, path: str, smallest: int) -> list[str]:
    """What is wrong with the page that is open, at every narrow width; the present one first."""
    wrong = []
    size = window.page.viewport_size
    for width in sorted(NARROW, key=lambda one: size is None or one != size["width"]):
        window.page.set_viewport_size({"width": width, "height": 740})
        wrong += [f"{path}, {width} px: {flaw}" for flaw in audit.out_of_view(window.page)]
    small = audit.too_small(window.page, smallest)
    return [*wrong, *(f"{path}: {flaw}" for flaw in small)]


@pytest.mark.parametrize("role", STAFF)
def test_no_page_of_the_staff_is_wider_than_a_phone(
    sign_in: Callable[..., Watched], role: str
) -> None:
    window = sign_in(role, worker=False)
    window.go("/staff/register" if role != "admin" else "/staff/")
    cases: list[str] = window.page.eval_on_selector_all(
        "main td a", "es => es.map(e => e.pathname)"
    )
    wrong: dict[str, list[str]] = {"ordinary": [], "elder": []}
    for path in (*STAFF[role], *cases[:12]):
        audit.prepare(window.go(path))
        for version, smallest in (("ordinary", TARGET), ("elder", ELDER_TARGET)):
            audit.for_elders(window.page, elder=version == "elder")
            wrong[version] += mind(window, path, smallest)
    assert audit.rows(wrong) == []


def test_the_elder_version_stays_from_the_site_into_the_forms_and_back(open_window: Open) -> None:
    window = open_window()
    window.go("/services/")
    with next_page(window.page):
        window.page.get_by_role("link", name="长辈版").click()
    assert window.path() == "/services/"
    for path in ("/", "/issues/new", "/issues/", "/calendar/", "/staff/login"):
        window.go(path)
        assert window.page.evaluate("document.documentElement.className") == "elder", path
        size = window.page.evaluate(
            "parseFloat(getComputedStyle(document.documentElement).fontSize)"
        )
        assert size == 24, path
    with next_page(window.page):
        window.page.get_by_role("link", name="普通版").click()
    assert window.page.evaluate("document.documentElement.className") == ""


def test_the_clock_of_a_page_counts_down(open_window: Open) -> None:
    window = open_window()
    window.go("/issues/new")
    window.page.fill("#description", "看时间")
    window.page.select_option("#community_id", "jingui")
    window.submit_report()
    changed = "old => document.querySelector('time.clock').innerText != old"
    clock = window.page.locator("time.clock")
    window.page.wait_for_function(changed, arg="还有10分钟")
    first = clock.inner_text()
    window.page.wait_for_function(changed, arg=first)
    assert "还有9分00秒" <= clock.inner_text() < first <= "还有9分59秒"


def test_a_ticket_page_prints_with_its_ticket(open_window: Open) -> None:
    window = open_window()
    window.go("/issues/new")
    window.page.fill("#description", "打印")
    window.page.select_option("#community_id", "jingui")
    window.submit_report()
    window.page.emulate_media(media="print")
    assert window.page.locator(".ticket").is_visible()
    assert not window.page.locator(".site-nav").is_visible()

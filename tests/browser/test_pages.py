"""Every kind of page in a real window: nothing wider than the phone, nothing too small to touch."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Open, Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SITE = [
    "/", "/handbook/", "/duties/", "/flowchart/", "/services/", "/calendar/", "/near/", "/venues/",
    "/rate/", "/figures/", "/about/", "/about/privacy/", "/about/accessibility/", "/search",
    "/search?q=养老", "/search?q=没有这个词", "/nowhere",
]  # fmt: skip
FORMS = ["/issues/new", "/issues/", "/issues/260001", "/staff/login"]
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
# What a finger needs, and an elder's; links within a sentence are as high as their line.
TARGET, ELDER_TARGET = 44, 60
TOO_SMALL = """smallest => [...document.querySelectorAll(
  "main :is(button, .btn, input:not([type=hidden]), select, summary), .site-nav a, .elder-link")]
  .map(e => [e, (e.closest("label") || e).getBoundingClientRect()])
  .filter(([e, r]) => r.width > 0 && r.height > 0 && r.height + 0.5 < smallest)
  .map(([e, r]) => `${e.tagName} ${e.innerText || e.name} ${Math.round(r.height)}`)"""
OUT_OF_VIEW = """[...document.querySelectorAll("main *")].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width > 0 && r.right > innerWidth + 1 && !e.closest(".table-scroll, pre, .chart, svg")
    && getComputedStyle(e).position !== "absolute" })
  .map(e => e.tagName + "." + e.className).slice(0, 5)"""


def mind(window: Watched, path: str, elder: bool) -> list[str]:
    """What is wrong with the page that is open, at every narrow width."""
    wrong = []
    for width in NARROW:
        window.page.set_viewport_size({"width": width, "height": 740})
        if window.sideways() > 0:
            wrong.append(f"{path} is {window.sideways()} px too wide at {width}")
        out: list[str] = window.page.evaluate(OUT_OF_VIEW)
        wrong += [f"{path}: {what} sticks out at {width}" for what in out]
    small: list[str] = window.page.evaluate(TOO_SMALL, ELDER_TARGET if elder else TARGET)
    wrong += [f"{path}: {what} px high" for what in small]
    return wrong


@pytest.fixture(params=[False, True], ids=["ordinary", "elder"])
def elder(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def inner_pages(window: Watched) -> list[str]:
    """One page behind each kind of index."""
    found = []
    for index in (
        "/duties/",
        "/services/",
        "/calendar/",
        "/near/",
        "/venues/",
        "/rate/",
        "/handbook/",
    ):
        links: list[str] = window.go(index).eval_on_selector_all(
            "main a", "es => es.map(e => e.href)"
        )
        inner = [link.removeprefix(window.server.url) for link in links
                 if link.startswith(window.server.url) and "#" not in link
                 and link.removeprefix(window.server.url) not in SITE]  # fmt: skip
        found += inner[:2]
    return found


def test_no_page_of_the_site_is_wider_than_a_phone(open_window: Open, elder: bool) -> None:
    window = open_window(elder=elder)
    wrong = []
    for path in [*SITE, *inner_pages(window)]:
        window.go(path)
        assert window.page.evaluate("document.documentElement.classList.contains('elder')") == elder
        wrong += mind(window, path, elder)
    assert wrong == []


def test_no_form_is_wider_than_a_phone(open_window: Open, elder: bool) -> None:
    window = open_window(elder=elder)
    wrong = []
    for path in FORMS:
        window.go(path)
        wrong += mind(window, path, elder)
    window.go("/issues/new")
    window.page.fill("#description", "https://example.com/" + "长地址" * 3 + "a" * 200)
    window.press("提交")
    wrong += mind(window, "a refused report", elder)
    window.page.select_option("#community_id", "jingui")
    window.page.check("#consent")
    window.press("提交")
    wrong += mind(window, "the ticket", elder)
    window.page.get_by_role("link", name="不想继续办了，撤回").click()
    wrong += mind(window, "the question before withdrawing", elder)
    window.press("确定撤回")
    wrong += mind(window, "a withdrawn issue", elder)
    window.go("/rate/")
    window.page.locator("main a[href*='ratings/new']").first.click()
    wrong += mind(window, "a rating", elder)
    window.page.check("[name=satisfaction][value='5']")
    window.press("提交评价")
    wrong += mind(window, "thanks", elder)
    assert wrong == []


@pytest.mark.parametrize("role", STAFF)
def test_no_page_of_the_staff_is_wider_than_a_phone(
    sign_in: Callable[..., Watched], role: str, elder: bool
) -> None:
    window = sign_in(role, elder=elder)
    wrong = []
    for path in STAFF[role]:
        window.go(path)
        wrong += mind(window, path, elder)
    window.go("/staff/register" if role != "admin" else "/staff/")
    cases: list[str] = window.page.eval_on_selector_all(
        "main td a", "es => es.map(e => e.pathname)"
    )
    for path in cases[:12]:
        window.go(path)
        window.page.eval_on_selector_all("details.move", "es => es.forEach(e => e.open = true)")
        wrong += mind(window, path, elder)
    assert wrong == []


def test_the_elder_version_stays_from_the_site_into_the_forms_and_back(open_window: Open) -> None:
    window = open_window()
    window.go("/services/")
    window.page.get_by_role("link", name="长辈版").click()
    assert window.path() == "/services/"
    for path in ("/", "/issues/new", "/issues/", "/calendar/", "/staff/login"):
        window.go(path)
        assert window.page.evaluate("document.documentElement.className") == "elder", path
        size = window.page.evaluate(
            "parseFloat(getComputedStyle(document.documentElement).fontSize)"
        )
        assert size == 24, path
    window.page.get_by_role("link", name="普通版").click()
    assert window.page.evaluate("document.documentElement.className") == ""


def test_the_clock_of_a_page_counts_down(open_window: Open) -> None:
    window = open_window()
    window.go("/issues/new")
    window.page.fill("#description", "看时间")
    window.page.select_option("#community_id", "jingui")
    window.page.check("#consent")
    window.press("提交")
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
    window.page.check("#consent")
    window.press("提交")
    window.page.emulate_media(media="print")
    assert window.page.locator(".ticket").is_visible()
    assert not window.page.locator(".site-nav").is_visible()

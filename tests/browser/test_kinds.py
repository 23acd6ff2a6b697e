"""Every kind of page, ordinary, dark, at 400 % and for elders: rules, names, sizes, bytes.

Each is loaded once as it is and once in the elder version, those of the staff once for both; every
test asks one question of that.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import audit
from tests.browser.conftest import windows
from tests.browser.kinds import FORMS, KEPT, SITE, Kind
from tests.browser.seen import TARGET, Flaws, Seen, look
from tests.conftest import missing
from tests.support.running import Running, running
from tests.support.told import copy_demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Bytes over the line of a first view: the page with all that it loads. A resident's form has to
# open on the slowest phone; a case of the staff holds every move and every unit that can be called.
BUDGETS = {"site": 35_000, "form": 15_000, "staff": 35_000}


# On a wall, letters follow the screen and are read from four metres; its staff stand before it.
AFAR = {"wall"}


def without_afar(flaws: Flaws) -> Flaws:
    assert set(flaws) >= AFAR
    return {name: found for name, found in flaws.items() if name not in AFAR}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One of its own: what others have reported alike is offered on the ticket's page."""
    with running(copy_demo(tmp_path_factory.mktemp("kinds"))) as started:
        yield started


@pytest.fixture(scope="module")
def seen(browser: Browser, server: Running) -> Seen:
    if not audit.AXE.exists():
        missing("axe-core is not installed")
    found = Seen()
    look(found, browser, server, elder=False)
    look(found, browser, server, elder=True)
    return found


@pytest.mark.parametrize("state", [state.name for state in (*audit.ORDINARY, *audit.ELDER)])
def test_no_page_breaks_a_rule_of_accessibility(seen: Seen, state: str) -> None:
    assert len(seen.broken[state]) > 50
    assert audit.rows(seen.broken[state]) == []


def test_no_page_scrolls_sideways_and_keys_reach_what_scrolls_by_itself(seen: Seen) -> None:
    assert audit.rows(seen.out_of_view) == []


def test_everything_to_touch_is_large_enough_and_larger_for_elders(seen: Seen) -> None:
    assert audit.rows(seen.small) == []


def test_every_control_says_its_name_and_its_error(seen: Seen) -> None:
    assert audit.rows(seen.unsaid) == []


def test_elders_read_larger_letters_in_wider_lines(seen: Seen) -> None:
    assert audit.rows(without_afar(seen.elder_text)) == []


def test_elders_always_have_the_telephone_in_sight(seen: Seen) -> None:
    # Whoever is signed in works for those who answer it.
    residents = {
        name: flaws
        for name, flaws in without_afar(seen.hotline).items()
        if seen.groups[name] != "staff" or name == KEPT
    }
    assert audit.rows(residents) == []


# The handbook, what is printed, and what only staff and builders come to are read as a whole.
NOT_RESIDENTS = {
    *("handbook", "handbook page", "duties", "duties of a unit", "flowchart", "walk list"),
    *("to print", "poster", "week on paper", "cards", "tickets on paper", "near, on paper"),
    *("rating on paper", "duties on paper", "design system", "in English", "answer by code"),
    "design system of the staff",
    *("login", "refused login", "report in English", "look up in English"),
}
# What is printed, and what only builders read as a whole.
PAPER = {
    *("poster", "week on paper", "cards", "tickets on paper", "near, on paper"),
    *("rating on paper", "duties on paper", "design system"),
    "design system of the staff",
}
SHORT = 370  # letters that nobody has to make fewer: two screens of a phone
LITTLE = 1.75 * audit.PHONES[-1].height  # nobody minds pages of less than two screens


def too_much(kind: Kind, usual: audit.Held, elder: audit.Held) -> Iterator[str]:
    """What the elder version of a page asks of its reader beyond what it may."""
    most = usual.length if kind.group == "form" else max(usual.length, LITTLE)
    if kind.name not in PAPER and elder.length > most:
        yield f"{elder.length} px long, at most {most}"
    if kind.name in NOT_RESIDENTS:
        return
    if elder.letters > max(SHORT, usual.letters / 2):
        yield f"{elder.letters} letters of {usual.letters}"
    if elder.head is None or elder.head > 90:
        yield f"its head is {elder.head} px high"
    if elder.bar is None:
        yield "no telephone at hand"
    elif kind.group == "form" and "refused" not in kind.name and (elder.field or 0) >= elder.bar:
        yield f"its first field begins at {elder.field}, the bar at {elder.bar}"
    if elder.width > audit.PHONES[-1].width:
        yield "wider than the phone"


def test_a_page_for_elders_holds_half_is_no_longer_and_its_first_field_is_seen(seen: Seen) -> None:
    usual, elder = seen.held["ordinary"], seen.held["elder"]
    flaws = {
        kind.name: [*too_much(kind, usual[kind.name], elder[kind.name])] for kind in (*SITE, *FORMS)
    }
    assert audit.rows(flaws) == []


def test_no_page_of_a_problem_on_its_way_is_longer_for_elders(seen: Seen) -> None:
    usual, elder = seen.held["ordinary"], seen.held["elder"]
    story = elder.keys() - {kind.name for kind in (*SITE, *FORMS)}
    assert {"ticket", "verdict", "closed problem"} <= story
    longer = {name: (elder[name].length, usual[name].length) for name in story
              if elder[name].length > usual[name].length}  # fmt: skip
    assert longer == {}


def test_nothing_to_press_to_fill_in_or_to_write_down_is_ever_under_a_fixed_bar(seen: Seen) -> None:
    assert {name for name in seen.covered if name.startswith("ticket, ")} == {
        f"ticket, {version}, {phone.name}"
        for version in ("ordinary", "elder")
        for phone in audit.PHONES
    }
    assert audit.rows(seen.covered) == []


def test_a_first_view_stays_within_its_budget(seen: Seen) -> None:
    grown = {}
    for name, bodies in seen.bodies.items():
        total, budget = sum(bodies.values()), BUDGETS[seen.groups[name]]
        # What comes back refused is no first view.
        if total > budget and not name.startswith("refused"):
            grown[name] = [f"{total} of {budget} bytes", *(f"{n} {of}" for of, n in bodies.items())]
    assert audit.rows(grown) == []


def test_a_file_has_one_address_on_site_and_forms_so_that_it_is_fetched_once(seen: Seen) -> None:
    files = {
        address for bodies in seen.bodies.values() for address in bodies if "/static/" in address
    }
    names = [address.partition("?")[0] for address in files]
    assert "site.css" in {name.rpartition("/")[2] for name in names}
    assert sorted(names) == sorted(set(names)), files


def test_nothing_is_fetched_from_elsewhere_and_nothing_goes_wrong(
    seen: Seen, server: Running
) -> None:
    asked = {address for bodies in seen.bodies.values() for address in bodies}
    assert [address for address in asked if not address.startswith(server.url)] == []
    assert seen.complaints == []


WRONG = """<!doctype html><html class="elder" lang="zh-CN"><title>x</title>
<style>body { font-size: 20px; line-height: 1.2 } .elder body { font-size: 24px }</style>
<main><h1>x</h1><p style="color: #666">grey on white is 5.7 to 1</p><input name="n">
<p style="color: #aaa">pale on white</p>
<div style="overflow-x: scroll; width: 90px"><pre>a line that is much too long</pre></div>
<button style="width: 20px; height: 20px">y</button><input aria-label="z" aria-invalid="true">
<div class="error-summary" id="e"><a href="#nothing">n</a></div>
<div class="table-scroll" style="overflow-x: auto; width: 90px"><pre>a table too wide</pre></div>
<p style="width: 900px">wide</p><p class="ticket" style="margin-top: 900px">260001</p></main>
<div style="position: fixed; inset: 20% 0 0">over</div>"""


def test_the_audit_itself_sees_what_is_wrong(browser: Browser, server: Running) -> None:
    if not audit.AXE.exists():
        missing("axe-core is not installed")
    with windows(browser, server) as (open_window, _):
        page = open_window().page
        audit.bring_rules(page)
        page.goto("about:blank")
        page.set_content(WRONG)
        audit.prepare(page)
        audit.put(page, audit.ELDER[0])
        told = "\n".join(
            [
                *audit.violations(page, audit.ELDER[0]),
                *audit.out_of_view(page),
                *audit.too_small(page, TARGET),
                *audit.unsaid(page),
                *audit.elder_text(page),
                *audit.hotline_out_of_sight(page),
                *audit.under_fixed(page),
                *audit.ticket_below(page),
            ]
        )
    for part in ("color-contrast-enhanced: P. grey", "color-contrast-enhanced: P. pale",
                 "label:", "px too wide", "no key reaches", "20 by 20",
                 "a textbox without a name", "its error is not read", "do not have the focus",
                 "is no field", "does not say so", "usually 20", "lines of 1.20", "no telephone",
                 "BUTTON. y is under DIV. over", "the ticket ends at"):  # fmt: skip
        assert part in told, (part, told)

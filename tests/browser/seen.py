"""What is seen of every kind of page on two rounds: as it is, and in the elder version; of those
of the staff, which differ in their class alone, on one.

The tests ask one question each of it; `scripts/bench --pages` prints it as figures.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page

from tests.browser import audit
from tests.browser.conftest import Watched, windows
from tests.browser.kinds import KEPT, Cast, visits
from tests.support.running import Running

# What a finger needs and what an elder's does; CSS pixels.
TARGET, ELDER_TARGET = 44, 60

Flaws = dict[str, list[str]]


@dataclass
class Seen:
    """What was seen, each by the name of the kind of page; `broken` by state first.

    `held` is by version first, and knows no pages of the staff.
    """

    broken: dict[str, Flaws] = field(default_factory=lambda: defaultdict(dict))
    out_of_view: Flaws = field(default_factory=dict)
    small: Flaws = field(default_factory=dict)
    unsaid: Flaws = field(default_factory=dict)
    elder_text: Flaws = field(default_factory=dict)
    hotline: Flaws = field(default_factory=dict)
    covered: Flaws = field(default_factory=dict)
    held: dict[str, dict[str, audit.Held]] = field(default_factory=lambda: defaultdict(dict))
    groups: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, dict[str, int]] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


def look_in(
    seen: Seen, name: str, page: Page, states: Iterable[audit.State], smallest: int
) -> None:
    """Notes what is wrong with the page that is open in each of these states."""
    for state in states:
        audit.put(page, state)
        seen.broken[state.name][name] = audit.violations(page, state)
        if not state.only_colours:
            seen.out_of_view[f"{name}, {state.name}"] = audit.out_of_view(page)
            seen.small[f"{name}, {state.name}"] = audit.too_small(page, smallest)


def look_as_elder(seen: Seen, name: str, page: Page) -> None:
    look_in(seen, name, page, audit.ELDER, ELDER_TARGET)
    seen.elder_text[name] = audit.elder_text(page)
    seen.hotline[name] = audit.hotline_out_of_sight(page)


def look(seen: Seen, browser: Browser, server: Running, *, elder: bool) -> None:
    """Visits every kind of page once and notes all that can be seen there."""
    version = "elder" if elder else "ordinary"
    with windows(browser, server) as (open_window, opened):

        def weighed(size: tuple[int, int], *, elder: bool) -> Watched:
            window = open_window(size, elder=elder)
            audit.bring_rules(window.page)
            if elder:  # is not weighed: what pages share is fetched once
                audit.past_worker(window.page)
            else:
                audit.weigh(window.page)
            return window

        for name, group, window in visits(Cast(weighed, elder=elder)):
            page = window.page
            if not elder:
                seen.groups[name] = group
                seen.bodies[name] = audit.bodies(page)
            audit.load(page)
            if group != "staff":
                audit.put(page, audit.PHONES[-1])
                seen.held[version][name] = audit.held(page)
            audit.unfold(page)
            if elder:
                look_as_elder(seen, name, page)
            else:
                look_in(seen, name, page, audit.ORDINARY, TARGET)
                seen.unsaid[name] = audit.unsaid(page)
            if group == "staff" and name != KEPT:
                audit.for_elders(page, elder=True)
                look_as_elder(seen, name, page)
                audit.for_elders(page, elder=False)
            for phone in audit.PHONES if group != "staff" else ():
                audit.put(page, phone)
                seen.covered[f"{name}, {version}, {phone.name}"] = [
                    *audit.under_fixed(page),
                    *(audit.ticket_below(page) if name == "ticket" else ()),
                ]
            audit.put(page, audit.ORDINARY[0])
    seen.complaints += [complaint for window in opened for complaint in window.complaints]

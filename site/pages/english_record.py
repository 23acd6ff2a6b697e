"""Frames in English around what was done (公示) and around the earmarked funds and meetings.

Kinds, days, headings and sums are in English; names and what was done stay as the office wrote
them.
"""

from collections.abc import Mapping, Sequence

from forms_app.community import Circle
from forms_app.rules.funds import CORRECTED, GRANTED, PLANNED, SPENT
from forms_app.rules.meetings import AGREED, LATER, REFUSED
from forms_app.rules.said import Named
from pages import done, funds
from pages.done import Note
from pages.english import english_page
from pages.funds import Money
from pages.rendering import file_of

OUTCOMES: Mapping[str, str] = {
    AGREED: "agreed",
    REFUSED: "not agreed",
    LATER: "put off",
}
LINES: Mapping[str, str] = {
    GRANTED: "granted",
    PLANNED: "planned",
    SPENT: "spent",
    CORRECTED: "correction",
}


def pages(circle: Circle, notes: Sequence[Note], money: Money) -> dict[str, str]:
    """What was done, and the funds and meetings, with a page of each place and kind, by path."""
    return {
        "en/done.md": english_page(
            "What was done",
            "Reports of residents that were dealt with: where, in how many days, what was done.",
            "en_done.html",
            {
                **done.newest(circle, notes),
                "kinds_en": _kinds(circle),
                "is_sample": circle.sample,
            },
        ),
        "en/funds.md": english_page(
            "Funds and meetings",
            "What was granted to each community, planned and spent, and what residents decided.",
            "en_funds.html",
            {**funds.newest(circle, money), "OUTCOMES": OUTCOMES, "is_sample": circle.sample},
        ),
        **{
            file_of(f"en/{group.path}"): _done_page(circle, group)
            for group in done.groups_of(circle, notes)
        },
        **{
            file_of(f"en/{owner.path}"): _funds_page(circle, owner)
            for owner in funds.owners_of(circle, money)
        },
    }


def _kinds(circle: Circle) -> dict[str, str]:
    """The English names of the kinds that have one, by their codes."""
    return {
        one.code: one.name.english
        for one in circle.categories.values()
        if isinstance(one.name, Named) and one.name.english
    }


def _done_page(circle: Circle, group: done.Group) -> str:
    kinds = _kinds(circle)
    name_en = kinds.get(group.kind, "")
    return english_page(
        f"{name_en or group.name}: what was done",
        f"What was done about reports of residents: {name_en or group.name}.",
        "en_done_page.html",
        {
            **done.values_of(circle, group),
            "kinds_en": kinds,
            "name_en": name_en,
            "is_sample": circle.sample,
        },
        [("en/done/", "What was done")],
    )


def _funds_page(circle: Circle, owner: funds.Owner) -> str:
    return english_page(
        f"{owner.name}: funds and meetings",
        f"What was granted, what it was spent on and what residents decided: {owner.name}.",
        "en_funds_page.html",
        {
            **funds.values_of(owner),
            "LINES": LINES,
            "OUTCOMES": OUTCOMES,
            "is_sample": circle.sample,
        },
        [("en/funds/", "Funds and meetings")],
    )

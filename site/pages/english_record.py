"""Frames in English around what was done (公示) and around the earmarked funds and meetings.

The newest of each; a name leads to its own page, which is in Chinese.
"""

from collections.abc import Mapping, Sequence

from forms_app.community import Circle
from forms_app.rules.meetings import AGREED, LATER, REFUSED
from forms_app.rules.said import Named
from pages.done import Note
from pages.done import newest as newest_notes
from pages.english import english_page
from pages.funds import Money
from pages.funds import newest as newest_sums

OUTCOMES: Mapping[str, str] = {
    AGREED: "agreed",
    REFUSED: "not agreed",
    LATER: "put off",
}


def pages(circle: Circle, notes: Sequence[Note], money: Money) -> dict[str, str]:
    """What was done, and the funds and meetings, by path."""
    kinds = {
        one.code: one.name.english
        for one in circle.categories.values()
        if isinstance(one.name, Named) and one.name.english
    }
    names = {circle.categories[code].name: name for code, name in kinds.items()}
    return {
        "en/done.md": english_page(
            "What was done",
            "Reports of residents that were dealt with: where, in how many days, what was done.",
            "en_done.html",
            {
                **newest_notes(circle, notes),
                "kinds_en": kinds,
                "names_en": names,
                "is_sample": circle.sample,
            },
        ),
        "en/funds.md": english_page(
            "Funds and meetings",
            "What was granted to each community, planned and spent, and what residents decided.",
            "en_funds.html",
            {**newest_sums(circle, money), "OUTCOMES": OUTCOMES, "is_sample": circle.sample},
        ),
    }

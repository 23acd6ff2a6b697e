"""What can be rated: what was held lately, then everything, with the way to its form."""

from collections.abc import Sequence
from datetime import date

from forms_app.community import Circle
from forms_app.radius.occurrences import Occurrence
from pages.rating_cards import KINDS, rated
from pages.rendering import render
from pages.weeks import by_day


def parts(circle: Circle, held: Sequence[Occurrence], today: date) -> dict[str, str]:
    """The list of everything that can be rated, and before it what was `held`, newest first."""
    everything = list(rated(circle, today))
    lists = [
        (label, kind, [(one.identifier, one.name) for one in everything if one.kind == kind])
        for kind, label in KINDS.items()
    ]
    lately = {
        "days": sorted(by_day(held), reverse=True),
        "today": today,  # of which the page, made by night, cannot know what is over
        "venues": circle.venues,
        "promise": circle.promise_minutes,
    }
    return {
        "rate-index": render("rate_index.html", {"lists": lists}),
        "rate-lately": render("rate_lately.html", lately),
    }

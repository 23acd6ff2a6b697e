"""What can be rated: what was held lately, then everything, with the way to its form."""

from collections.abc import Sequence

from forms_app.community import Circle
from forms_app.radius.occurrences import Occurrence
from pages.rendering import render
from pages.weeks import by_day


def parts(circle: Circle, held: Sequence[Occurrence]) -> dict[str, str]:
    """The list of everything that can be rated, and before it what was `held`, newest first."""
    lists = [
        (label, kind, [(item_id, name) for item_id, name in items])
        for label, kind, items in (
            ("服务", "service", ((s.id, s.name) for s in circle.services.values())),
            ("活动", "activity", ((a.uid, a.summary) for a in circle.activities.values())),
            ("场所", "venue", ((v.id, v.name) for v in circle.venues.values())),
        )
    ]
    lately = {
        "days": sorted(by_day(held), reverse=True),
        "venues": circle.venues,
        "promise": circle.promise_minutes,
    }
    return {
        "rate-index": render("rate_index.html", {"lists": lists}),
        "rate-lately": render("rate_lately.html", lately),
    }

"""What can be rated: every service, activity and place with the way to its form."""

from forms_app.community import Circle
from pages.rendering import render


def parts(circle: Circle) -> dict[str, str]:
    """The list of everything that can be rated."""
    lists = [
        (label, kind, [(item_id, name) for item_id, name in items])
        for label, kind, items in (
            ("服务", "service", ((s.id, s.name) for s in circle.services.values())),
            ("活动", "activity", ((a.uid, a.summary) for a in circle.activities.values())),
            ("场所", "venue", ((v.id, v.name) for v in circle.venues.values())),
        )
    ]
    return {"rate-index": render("rate_index.html", {"lists": lists})}

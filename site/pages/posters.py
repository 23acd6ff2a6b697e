"""Posters of A4: how to report a problem, one for each community; what is near, for each estate."""

from datetime import date

from forms_app.community import Circle
from pages.codes import Codes
from pages.paper import paper_page, report_path
from pages.procedure_tables import duty_hours
from pages.rendering import render


def pages(circle: Circle, codes: Codes, today: date) -> dict[str, str]:
    """The posters, by path."""
    made = {}
    for community in circle.communities.values():
        path = report_path(community)
        values = {
            "community": community,
            "code": codes.to(path, "扫码反映问题"),
            "address": codes.address(path),
            "minutes": circle.clocks.opinion_minutes,
            "is_all_day": circle.clocks.duty.is_all_day,
            "hours": duty_hours(circle.clocks.duty),
            "today": today,
            "is_sample": circle.sample,
        }
        made[f"print/poster/{community.id}.md"] = paper_page(
            f"{community.name}海报", render("poster.html", values)
        )
    for estate in circle.estates.values():
        path = f"near/{estate.id}/"
        values = {
            "estate": estate,
            "community": circle.communities[estate.community_id],
            "code": codes.to(path, "扫码看附近"),
            "address": codes.address(path),
            "minutes": circle.promise_minutes,
            "today": today,
            "is_sample": circle.sample,
        }
        made[f"print/near/{estate.id}.md"] = paper_page(
            f"{estate.name}附近海报", render("near_poster.html", values)
        )
    return made

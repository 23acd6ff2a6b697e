"""Cards of A7, eight to a sheet: the hotline to hand out, and a place to write a ticket down."""

from datetime import date

from forms_app.community import Circle
from pages.codes import Codes
from pages.paper import paper_page, report_path
from pages.procedure_tables import duty_hours
from pages.rendering import render

TO_A_SHEET = 8
TICKET_GROUPS = (6, 4, 4, 4)  # the number and the secret, as a receipt shows them


def pages(circle: Circle, codes: Codes, today: date) -> dict[str, str]:
    """Two sheets of cards for each community, by path."""
    made = {}
    for community in circle.communities.values():
        values = {
            "community": community,
            "count": TO_A_SHEET,
            "minutes": circle.clocks.opinion_minutes,
            "is_all_day": circle.clocks.duty.is_all_day,
            "hours": duty_hours(circle.clocks.duty),
            "today": today,
            "is_sample": circle.sample,
        }
        hotline = {**values, "code": codes.to(report_path(community), "扫码反映问题")}
        made[f"print/cards/{community.id}.md"] = paper_page(
            f"{community.name}联系卡", render("hotline_cards.html", hotline)
        )
        ticket = {**values, "code": codes.to("issues/", "扫码查进度"), "groups": TICKET_GROUPS}
        made[f"print/tickets/{community.id}.md"] = paper_page(
            f"{community.name}查询码卡", render("ticket_cards.html", ticket)
        )
    return made

"""Everything that is there to be printed (打印物料), listed for the staff."""

from datetime import date

from forms_app.community import Circle
from pages import rating_cards
from pages.codes import Codes
from pages.rendering import render


def parts(circle: Circle, codes: Codes, today: date) -> dict[str, str]:
    """The list of posters, cards and programmes by community, and of rating cards by kind."""
    rated = list(rating_cards.rated(circle, today))
    values = {
        "by_community": [
            (community, circle.estates_of(community.id))
            for community in circle.communities.values()
        ],
        "by_kind": [
            (label, [one for one in rated if one.kind == kind])
            for kind, label in rating_cards.KINDS.items()
        ],
        "blank": rating_cards.BLANK,
        "minutes": circle.clocks.opinion_minutes,
        "is_all_day": circle.clocks.duty.is_all_day,
        "public_url": codes.public_url,
    }
    return {"print-index": render("print_index.html", values)}

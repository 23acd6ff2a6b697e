"""Rating cards of A6, four to a sheet, for those who rate on paper: one sheet a service, activity
or venue, and one with an empty line for its name."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from forms_app.community import Circle
from forms_app.radius.rated import is_over
from forms_app.rules.steps import SATISFACTION
from pages.codes import Codes
from pages.paper import paper_page
from pages.rendering import file_of, render

TO_A_SHEET = 4


class Rated(Struct, frozen=True):
    """What a card is about; `about` is its name in the rating form's address."""

    kind: str
    identifier: str
    name: str

    @property
    def about(self) -> str:
        return f"{self.kind}:{self.identifier}"

    @property
    def address(self) -> str:
        return f"print/rating/{self.kind}/{self.identifier}/"


BLANK = "print/rating/blank/"
KINDS = {"service": "服务", "activity": "活动", "venue": "场所"}


def rated(circle: Circle, today: date) -> Iterator[Rated]:
    """Everything that can be rated, in the order of the files."""
    yield from (Rated("service", s.id, s.name) for s in circle.services.values())
    for a in circle.activities.values():
        if not is_over(circle, f"activity:{a.uid}", today):
            yield Rated("activity", a.uid, a.summary)
    yield from (Rated("venue", v.id, v.name) for v in circle.venues.values())


def pages(circle: Circle, codes: Codes, today: date) -> dict[str, str]:
    """The sheets, by path."""
    values = {
        "count": TO_A_SHEET,
        # The best first, as the form has them.
        "levels": sorted(SATISFACTION.items(), reverse=True),
        "today": today,
        "is_sample": circle.sample,
    }
    empty = {**values, "kind": "", "rated": None, "code": codes.to("rate/", "扫码评价")}
    made = {file_of(BLANK): paper_page("空白评价卡", render("rating_cards.html", empty))}
    for one in rated(circle, today):
        code = codes.to(f"ratings/new?about={one.about}", "扫码评价")
        filled = {**values, "kind": KINDS[one.kind], "rated": one, "code": code}
        made[file_of(one.address)] = paper_page(
            f"{one.name}评价卡", render("rating_cards.html", filled)
        )
    return made

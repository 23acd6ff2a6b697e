"""Where there is nothing to show, a page has a picture, says what is so, and leads on."""

from datetime import date

import pytest
from msgspec.structs import replace
from pages import Site, make

from forms_app.community import Circle, load
from tests.support.running import ROOT

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def quiet() -> Site:
    circle: Circle = load(ROOT / "data" / "community")
    return make(replace(circle, activities={}, services={}), None, TODAY)


def leads_on(html: str, to: str) -> bool:
    """Whether one of its empty places has an icon and a link there."""
    return any(
        "<svg" in place.partition("</div>")[0] and to in place.partition("</div>")[0]
        for place in html.split('<div class="empty">')[1:]
    )


@pytest.mark.parametrize(
    ("page", "to"),
    [
        ("near/guiyuan.md", "issues/new?estate_id=guiyuan"),
        ("near/guiyuan.md", "services/"),
        ("venues/jingui_hall.md", "calendar/"),
        ("calendar/2026-W48.md", "issues/new"),
    ],
)
def test_a_page_without_anything_leads_on(quiet: Site, page: str, to: str) -> None:
    assert leads_on(quiet.pages[page], to)


@pytest.mark.parametrize("part", ["home-week", "figures", "calendar-index"])
def test_a_part_without_anything_leads_on(quiet: Site, part: str) -> None:
    assert leads_on(quiet.parts[part], "issues/new")

"""The site of a district of two sub-districts: each list says whose community it is."""

import re
from datetime import date
from shutil import copytree

import pytest
from msgspec.structs import replace
from pages import Site, make
from pages.figures import Tallies
from pages.figures_record import EMPTY

from forms_app.community import Circle, load
from tests.site.test_figures import a_part
from tests.support.district import crowd, grow
from tests.support.running import ROOT

SAMPLE = ROOT / "data" / "community"
TODAY = date(2026, 11, 23)
THERE = "湖边镇（示例）湖滨社区（示例）"
HERE = "黄金岭街道（示例）金桂社区（示例）"


@pytest.fixture(scope="module")
def circle(tmp_path_factory: pytest.TempPathFactory) -> Circle:
    copied = copytree(SAMPLE, tmp_path_factory.mktemp("district") / "community")
    grow(copied)
    return load(copied)


@pytest.fixture(scope="module")
def site(circle: Circle) -> Site:
    return make(circle, tallies(), TODAY)


def tallies() -> Tallies:
    return {
        "made_at": "2026-11-23T01:00:00Z",
        "smallest_shown": 5,
        "totals": {"received": 24, "finished": 24},
        "verdicts": {
            kind: {"until": "", "count": 0, "satisfied": 0, "steps": []}
            for kind in ("own", "entered")
        },
        "by_month": [],
        "record": {
            **EMPTY,
            "quarters": [
                a_part("community", key, received=8) for key in ("jingui", "yinxing", "hubin")
            ],
            "asked": [{"quarter": "2026-Q3", "asked": 0, "own": 0, "entered": 0, "unanswered": 0}],
        },
        "ratings": [],
    }


@pytest.mark.parametrize("part", ["near-index", "venues-index", "zones", "figures"])
def test_lists_of_all_communities_name_the_subdistrict_and_keep_each_together(
    site: Site, part: str
) -> None:
    text = site.parts[part]
    assert text.index(HERE) < text.index("黄金岭街道（示例）银杏社区（示例）") < text.index(THERE)


def test_both_trees_of_party_organisations_are_shown(site: Site) -> None:
    text = site.parts["organization"]
    assert text.index("黄金岭街道大工委（示例）") < text.index("湖边镇大工委（示例）")
    assert text.index("湖边镇大工委（示例）") < text.index("湖滨社区大党委")


def test_pages_of_places_and_stations_say_whose_they_are(site: Site) -> None:
    assert THERE in site.pages["venues/hubin_hall.md"]
    assert "湖边镇（示例）" in site.pages["duties/hubian_station.md"]
    assert "只归" in site.pages["duties/hubian_station.md"]
    assert "只归" not in site.pages["duties/security_station.md"]
    assert THERE in site.files["calendar/hubin.ics"].decode().replace("\r\n ", "")
    months = [text for path, text in site.pages.items() if path.endswith("community/hubin.md")]
    assert months
    assert all(THERE in text for text in months)


def test_the_site_of_one_subdistrict_is_as_it_was(sample_circle: Circle) -> None:
    made = make(sample_circle, None, TODAY)
    assert not any("黄金岭街道（示例）金桂" in text for text in made.parts.values())
    assert "只归" not in "".join(made.pages.values())


def test_of_dozens_of_communities_the_home_page_shows_telephones_and_activities_on_request(
    circle: Circle,
) -> None:
    many = crowd(circle, 40)
    choir = circle.activities["choir"]
    daily = {
        f"daily_{n}": replace(choir, uid=f"daily_{n}", rrule="FREQ=DAILY", exdate=())
        for n in range(40)
    }
    parts = make(replace(many, activities=daily), None, TODAY).parts
    top, week = (
        re.sub(r"<details.*?</details>", "", parts[name], flags=re.DOTALL)
        for name in ("home-top", "home-week")
    )
    assert "0797-0001" not in top
    assert parts["home-top"].count("<summary>打电话找社区</summary>") == 1
    assert week.count('<li class="act ') == 12
    assert "<summary>今明两天还有68场</summary>" in parts["home-week"]
    assert "今明两天还有" not in make(circle, None, TODAY).parts["home-week"]


def test_a_list_of_services_names_a_few_of_many_places_and_leads_to_the_rest(
    circle: Circle,
) -> None:
    places = list(circle.venues)[:8]
    service = replace(circle.services["mediation"], venues=tuple(places))
    site = make(replace(circle, services={"mediation": service}), None, TODAY)
    for text in (site.parts["services-index"], site.pages["en/services.md"]):
        assert text.count("venues/") == 6
        assert 'services/mediation/#where"' in text
    assert '等<a href="%root%/services/mediation/#where">8处</a>' in site.parts["services-index"]
    assert 'id="where"' in site.pages["services/mediation.md"]

"""What the home page leads to, and that its figures are those of the page of figures."""

from collections.abc import Mapping
from datetime import date

import pytest
from msgspec.structs import replace
from pages import make
from pages.figures import Tallies
from pages.figures_record import EMPTY

from forms_app.community import Circle
from forms_app.rules.worktime import DutyHours
from tests.site.test_figures import a_month

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def parts(sample_circle: Circle) -> Mapping[str, str]:
    """What is made without any figures."""
    return make(sample_circle, None, TODAY).parts


@pytest.fixture
def tallies() -> Tallies:
    return {
        "made_at": "2026-11-23T04:00:00Z",
        "smallest_shown": 5,
        "totals": {"received": 57, "finished": 8},
        "verdicts": {
            "own": {"until": "2026-09", "count": 36, "satisfied": None, "steps": []},
            "entered": {"until": "", "count": 0, "satisfied": 0, "steps": []},
        },
        "by_month": [
            {"month": "2026-09", "received": 9, "finished": 8},
            {"month": "2026-10", "received": 15, "finished": None},
            {"month": "2026-11", "received": 33, "finished": None},
        ],
        "record": {
            **EMPTY,
            "months": [
                a_month("2026-09", received=9, finished=8, answered=26, answered_on_time=25),
                a_month("2026-10", received=15, finished=None, answered=30, answered_on_time=30),
            ],
        },
        "ratings": [],
    }  # fmt: skip


def test_whoever_rings_reads_when_somebody_answers(
    sample_circle: Circle, parts: Mapping[str, str]
) -> None:
    assert parts["home-top"].count("全天有人接") == 2
    clocks = replace(sample_circle.clocks, duty=DutyHours(((510, 720), (870, 1050)), True))
    office = make(replace(sample_circle, clocks=clocks), None, TODAY).parts["home-top"]
    assert office.count("工作日08:30至12:00、14:30至17:30有人接") == 2
    assert "全天有人接" not in office


def test_the_strip_holds_the_last_whole_month_and_hides_what_is_not_to_be_known(
    sample_circle: Circle, tallies: Tallies
) -> None:
    strip = make(sample_circle, tallies, TODAY).parts["home-figures"]
    assert "2026年10月办得怎么样" in strip
    assert "<dd>15</dd><dt>收到</dt>" in strip
    assert "<dd>不公布</dd><dt>办出结果</dt>" in strip
    assert "<dd>55<small>／56</small></dd>" in strip
    assert "自己评的满意" not in strip
    assert "33" not in strip


def test_the_strip_says_what_the_page_of_figures_says(
    sample_circle: Circle, tallies: Tallies
) -> None:
    tallies["verdicts"]["own"]["satisfied"] = 29
    parts = make(sample_circle, tallies, TODAY).parts
    strip, page = parts["home-figures"], parts["figures"]
    assert "<dd>29<small>／36</small></dd><dt>到2026年9月，自己评的满意</dt>" in strip
    assert "29/36（81%），大约在65%到91%之间，到2026年9月" in page
    table = page.partition("<h2>每个月</h2>")[2]
    row = table.partition('<tr><th scope="row">2026年10月</th>')[2].partition("</tr>")[0]
    assert '<td class="num">15</td>' in row
    assert '<td class="num">不公布</td>' in row


def test_before_a_month_is_over_there_are_no_figures(parts: Mapping[str, str]) -> None:
    assert "还没有满一个月" in parts["home-figures"]


def test_elders_have_four_tiles_and_the_telephone_of_every_community(
    sample_circle: Circle, parts: Mapping[str, str]
) -> None:
    top = parts["home-top"]
    elder = top.partition("home-elder")[2]
    for words in ("打电话", "说件事", "查我的事", "今天有什么"):
        assert f"<strong>{words}</strong>" in elder
    for community in sample_circle.communities.values():
        assert f"tel:{community.hotline.replace('-', '')}" in elder


def test_the_cards_are_those_of_today_and_tomorrow(parts: Mapping[str, str]) -> None:
    week = parts["home-week"]
    cards, _, rest = week.partition("home-week")
    assert "2026-11-23" in cards
    assert "2026-11-25" not in cards
    assert "2026-11-25" in rest

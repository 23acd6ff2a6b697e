"""What ended is shown to no resident; the office reads where its files still send them there."""

from datetime import date

import pytest
from pages import make

from forms_app.community import CLOSED, Circle, load
from forms_app.community.in_use import closed_hints, in_use
from forms_app.community.people_hints import people_hints
from tests.support.circle_files import SAMPLE

ENDED = {
    "community": ("circle.yml", "银杏社区（示例）"),
    "estate": ("estates.csv", "翠湖新村"),
    "venue": ("venues.csv", "银杏口袋公园"),
    "unit": ("departments.yml", "区公管处"),
    "kind": ("circle.yml", "邻里纠纷"),
    "channel": ("circle.yml", "楼宇长"),
}


def ended(*things: str, also: tuple[tuple[str, str, str], ...] = ()) -> Circle:
    """The sample in which these have ended, and some of its words are others."""
    instead: dict[str, str] = {}
    edits = [(*ENDED[thing], f"{ENDED[thing][1]}{CLOSED}") for thing in things]
    for file, old, new in (*edits, *also):
        text = instead.get(file) or (SAMPLE / file).read_text("utf-8")
        assert old in text
        instead[file] = text.replace(old, new) if (file, old, new) in also else text.replace(
            f"name: {old}" if file.endswith(".yml") else old,
            f"name: {new}" if file.endswith(".yml") else new,
        )  # fmt: skip
    return load(SAMPLE, {file: text.encode() for file, text in instead.items()})


def test_where_nothing_ended_all_is_shown_and_nothing_told(sample_circle: Circle) -> None:
    assert in_use(sample_circle) == sample_circle
    assert closed_hints(sample_circle) == ()


def test_an_estate_that_ended_is_left_out_with_all_that_is_its() -> None:
    circle = in_use(ended("estate"))
    assert "cuihu" not in circle.estates
    assert "cuihu" not in {one.estate_id for one in (*circle.entrances, *circle.walks)}
    assert "cuihu" not in {one.estate_id for one in circle.organizations.values()}


def test_a_community_that_ended_stays_while_estates_or_venues_are_written_to_it() -> None:
    circle = ended("community")
    assert "yinxing" in in_use(circle).communities
    (hint,) = closed_hints(circle)
    assert hint.problem.startswith("银杏社区（示例）（停用）还写在这些里面：小区")
    moved = (("estates.csv", ",yinxing,", ",jingui,"), ("venues.csv", ",yinxing,", ",jingui,"))
    organizations = (("organizations.yml", "community_id: yinxing", "community_id: jingui"),)
    merged = ended("community", also=(*moved, *organizations))
    assert closed_hints(merged) == ()
    left = in_use(merged)
    assert set(left.communities) == {"jingui"}
    assert {one.community_id for one in (*left.zones, *left.dedicated)} == {"jingui"}
    assert "银杏社区" not in "".join(hint.problem for hint in people_hints(merged))


@pytest.mark.parametrize(
    ("thing", "users"),
    [("venue", "活动"), ("unit", "服务路灯"), ("kind", "服务邻里纠纷调解")],
)
def test_what_goes_on_there_keeps_it_shown_and_is_told(thing: str, users: str) -> None:
    circle = ended(thing)
    hints = [hint for hint in closed_hints(circle) if users in hint.problem]
    assert [hint.file for hint in hints] == [ENDED[thing][0]]


def test_the_site_leaves_out_what_ended() -> None:
    site = make(ended("estate", "channel"), None, date(2026, 11, 23))
    assert "near/cuihu.md" not in site.pages
    shown = "".join((*site.pages.values(), *site.parts.values()))
    assert CLOSED not in shown
    assert "翠湖新村" not in shown

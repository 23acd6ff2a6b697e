"""The wall: counts by community, the clocks that run, and nothing out of sight."""

from datetime import timedelta

import pytest

from forms_app import queries
from forms_app.rules.steps import Step
from tests.support.actors import (
    DAN,
    ELSEWHERE,
    ERIN,
    FIRST,
    FRANK,
    HANDED_IN,
    NOW,
    SECOND,
    STAFF,
    STELLA,
    THIRD,
    bring,
    make,
)
from tests.support.boards import board, handed_in

pytestmark = pytest.mark.usefixtures("database")

LATER = NOW + timedelta(hours=12)  # every time to answer has passed


def test_the_wall_counts_by_community_and_lists_the_clocks_that_run() -> None:
    make("opine", FRANK, ELSEWHERE)
    bring(Step.HANDLING, "C", FIRST)
    later = NOW + timedelta(minutes=11)
    wall = queries.wall(STELLA, ["jingui", "yinxing"], later)
    assert [(c.community_id, c.severity_class, c.is_overdue) for c in wall.clocks] == [
        ("jingui", "", True)
    ] * 3
    assert wall.running == 3
    assert [(row.community_id, row.steps, row.overdue) for row in wall.communities] == [
        ("jingui", {"collected": 3, "handling": 1}, 3),
        ("yinxing", {"collected": 1}, 0),
    ]
    assert (wall.total.open, wall.total.overdue) == (5, 3)
    assert (wall.received, wall.opinions_due, wall.opinions_on_time) == (5, 5, 2)


@pytest.mark.parametrize("days", [0, 1, 3, 9, 40])
def test_the_wall_counts_what_the_boards_of_all_its_leaders_count(days: int) -> None:
    handed_in(10, 0)
    bring(Step.EVALUATING, "C", FIRST)
    bring(Step.REPORTED, "B", SECOND)
    make("merge", DAN, THIRD, into=SECOND)
    make("extend", DAN, bring(Step.HANDLING, "B", HANDED_IN).number)
    later = NOW + timedelta(days=days, minutes=11)
    wall = queries.wall(DAN, ["jingui"], later).total
    for leader in ("dan", "dora"):  # each account of several sees the same
        counts = board(STAFF[leader], now=later).counts
        assert (counts.of(), counts.of(is_late=True)) == (wall.open, wall.overdue)
        assert {step: counts.of(step=step) for step in wall.steps} == wall.steps


def test_the_wall_counts_a_day_from_its_midnight() -> None:
    bring(Step.CLOSED)
    assert queries.wall(DAN, ["jingui"], NOW).closed == 1
    tomorrow = NOW + timedelta(days=1)
    wall = queries.wall(DAN, ["jingui"], tomorrow)
    assert (wall.closed, wall.received, wall.opinions_due) == (0, 0, 0)
    assert queries.wall(ERIN, ["yinxing"], NOW).closed == 0
    # Not satisfied is not closed.
    bring(Step.EVALUATING, number=SECOND)
    make("evaluate", DAN, SECOND, satisfaction=1, comment="没有修好。")
    assert queries.wall(DAN, ["jingui"], NOW).closed == 1


def test_of_too_many_communities_the_wall_names_the_pressing_ones() -> None:
    bring(Step.HANDLING, "C", FIRST)
    ids = [*(f"empty{n}" for n in range(20)), "jingui", "yinxing"]
    wall = queries.wall(STELLA, ids, LATER)
    shown = [row.community_id for row in wall.communities]
    assert len(shown) == 8
    assert shown[-2:] == ["jingui", "yinxing"]
    assert (wall.others, wall.total.open) == (14, 5)


def test_the_wall_shows_nothing_out_of_sight() -> None:
    wall = queries.wall(DAN, ["jingui", "yinxing"], NOW)
    assert wall.communities[1].steps == {}
    assert wall.received == 4

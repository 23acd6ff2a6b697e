"""Which walks are asked for: few, near, and the most useful first."""

from datetime import date
from math import isnan, nan

import pytest
from msgspec.structs import replace

from forms_app.community import Activity, Circle
from forms_app.radius.reach import Radius
from forms_app.radius.walk_list import WalkToMake, choose
from tests.support.places import FIRST, activity, circle, estate, gate, held, room, service, walk

ARTS = activity("hall", kind="arts")
HELP = activity("hall", kind="volunteering")


def chosen(whole: Circle, *activities: Activity) -> tuple[WalkToMake, ...]:
    return choose(Radius(whole), held(*activities), FIRST)


def ways(walks: tuple[WalkToMake, ...]) -> list[tuple[str, str, str]]:
    return [(w.estate.id, w.entrance.name, w.venue.id) for w in walks]


def test_one_walk_settles_all_that_hangs_on_it():
    whole = circle([estate()], [gate()], [room(north=400)], services=[service("hall")])
    (only,) = chosen(whole, ARTS, HELP)
    assert only.settles == (
        "有没有活动走得到",
        "社区文艺宣传",
        "社区志愿服务",
        "有没有不走台阶的路",
        "到这里办事",
    )
    assert only.straight_m == pytest.approx(400, abs=0.5)
    assert only.least_minutes == pytest.approx(8, abs=0.01)
    assert only.is_first


def test_a_question_waits_for_one_walk_and_the_nearest_is_tried_first():
    whole = circle([estate()], [gate()], [room("far", north=400), room("near", north=-100)])
    both = (activity("far"), activity("near"))
    assert ways(chosen(whole, *both)) == [("guiyuan", "大门", "near")]
    failed = replace(whole, walks=(walk(venue_id="near", minutes=15),))
    assert ways(chosen(failed, *both)) == [("guiyuan", "大门", "far")]


def test_the_way_to_the_gate_counts_for_what_is_nearest():
    whole = circle([estate()], [gate(inside=4), gate(name="后门", north=-50)], [room(north=200)])
    assert ways(chosen(whole, ARTS)) == [("guiyuan", "后门", "hall")]


def test_what_is_sure_or_surely_too_far_is_not_walked():
    whole = circle([estate()], [gate()], [room(north=400), room("far", north=900)], [walk()])
    assert chosen(whole, ARTS, activity("far", kind="volunteering")) == ()


def test_an_estate_with_nothing_sure_comes_before_a_larger_one_with_something():
    whole = circle(
        [estate("large", 900), estate("small", 20)],
        [gate("large"), gate("small")],
        [room("hall", north=100), room("square", north=200)],
        [walk("large", "square")],
    )
    found = chosen(whole, ARTS, HELP, activity("square", kind="civilization_practice"))
    assert [(w.estate.id, w.is_first) for w in found] == [
        ("small", True),
        ("large", False),
        ("small", False),
    ]


def test_more_households_come_first_and_then_the_order_of_the_file():
    estates = [estate("a", 100), estate("b", 300), estate("c", 100)]
    whole = circle(estates, [gate(e.id) for e in estates], [room(north=100)])
    assert [w.estate.id for w in chosen(whole, ARTS)] == ["b", "a", "c"]


def test_a_gate_that_is_shut_at_that_hour_needs_no_walk():
    gates = [gate(name="侧门", open_hours="06:00-18:00"), gate(north=200)]
    whole = circle([estate()], gates, [room()])
    assert ways(chosen(whole, activity("hall", hour=19))) == [("guiyuan", "大门", "hall")]


def test_only_confirmed_activities_of_the_thirty_days_are_worth_a_walk():
    whole = circle([estate()], [gate()], [room(north=100)])
    assert chosen(whole, activity("hall", status="TENTATIVE")) == ()
    assert chosen(whole, activity("hall", day=date(2027, 1, 1))) == ()


def test_a_way_around_steps_is_asked_for_where_the_walk_had_some():
    whole = circle([estate()], [gate()], [room(north=100)], [walk(stairs=6)])
    (only,) = chosen(whole, ARTS)
    assert (only.settles, only.was_walked) == (("有没有不走台阶的路",), True)


def test_without_coordinates_the_walk_is_asked_for_without_a_distance():
    whole = circle([estate()], [replace(gate(), latitude=nan)], [room()])
    (only,) = chosen(whole, ARTS)
    assert isnan(only.straight_m)
    assert isnan(only.least_minutes)


def test_an_estate_without_gates_has_nowhere_to_start_from():
    assert chosen(circle([estate()], [], [room()]), ARTS) == ()


def test_walking_the_whole_list_leaves_nothing_open(sample_circle: Circle):
    whole = replace(sample_circle, walks=())
    programme = [activity(venue_id) for venue_id in whole.venues]
    asked = 0
    while walks := chosen(whole, *programme):
        asked += len(walks)
        made = tuple(walk(w.estate.id, w.venue.id, 3, entrance=w.entrance.name) for w in walks)
        assert not set(made) & set(whole.walks)
        whole = replace(whole, walks=whole.walks + made)
    assert 0 < asked < len(whole.entrances) * len(whole.venues)

"""The promise counted by households, on a circle that can be counted by hand."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from forms_app.community import Activity, Circle
from forms_app.radius.coverage import Coverage, Line, Share, count, count_from, line_name, percent
from forms_app.radius.reach import BEYOND, REACHED, UNWALKED, Radius
from tests.support.places import FIRST, activity, circle, estate, gate, held, room, walk

# Alice's estate has walked to the hall; Bob's is only known from the map; nobody has walked from
# Carol's to the yard, and her main gate is a kilometre from everything.
WHOLE = circle(
    [
        estate("alice", 100, 40),
        estate("bob", 200, 10),
        estate("carol", 50, 50, community="yinxing"),
    ],
    [
        gate("alice"),
        gate("alice", "侧门", open_hours="06:00-18:00"),
        gate("bob", north=300),
        gate("carol", "台阶", north=3000, step_free=False),
        gate("carol", north=4000),
    ],
    [room("hall"), room("square", north=200), room("yard", north=3200)],
    [
        walk("alice", "hall", 12),
        walk("alice", "hall", 4, entrance="侧门", stairs=3),
        walk("alice", "square", 14),
        walk("alice", "square", 13, entrance="侧门"),
        walk("bob", "hall", 8, basis="network"),
        walk("bob", "square", 11),
    ],
)


def counted(*activities: Activity) -> Coverage:
    return count(Radius(WHOLE), held(*activities), FIRST)


def line(found: Coverage, group: str, key: str = "") -> Line:
    return next(x for x in found.lines if (x.group, x.key) == (group, key))


def everybody(found: Coverage, group: str = "all", key: str = "") -> tuple[int, int, int]:
    share = line(found, group, key).everybody
    return share.households, share.sure, share.unwalked


def test_what_is_walked_or_on_the_map_is_sure_and_the_straight_line_only_waits():
    found = counted(activity("hall"), activity("yard"))
    assert found.answers == {"alice": REACHED, "bob": REACHED, "carol": UNWALKED}
    assert everybody(found) == (350, 300, 50)
    assert line(found, "all").elders == Share(100, 50, 50)


def test_communities_count_their_own_households():
    found = counted(activity("hall"), activity("yard"))
    assert everybody(found, "community", "jingui") == (300, 300, 0)
    assert everybody(found, "community", "yinxing") == (50, 0, 50)


def test_a_side_gate_that_is_shut_by_then_does_not_count():
    evening = counted(activity("hall", hour=18))
    assert evening.answers["alice"] == BEYOND
    assert everybody(evening) == (350, 200, 0)


@pytest.mark.parametrize("status", ["TENTATIVE", "CANCELLED"])
def test_only_what_is_confirmed_counts(status: str):
    assert everybody(counted(activity("hall"), activity("yard", status=status))) == (350, 300, 0)


def test_a_cancelled_activity_lowers_the_count():
    before = everybody(counted(activity("hall")))
    after = everybody(counted(activity("hall", status="CANCELLED")))
    assert (before, after) == ((350, 300, 0), (350, 0, 0))


def test_thirty_days_count_and_not_one_more():
    for days, sure in ((-1, 0), (0, 300), (29, 300), (30, 0)):
        found = counted(activity("hall", day=FIRST + timedelta(days=days)))
        assert everybody(found)[1] == sure, days


def test_step_free_leaves_out_gates_and_ways_with_steps():
    found = counted(activity("hall"), activity("yard"))
    # Alice's side gate has three steps behind it and might have a way around; Carol's near gate
    # has steps.
    assert everybody(found, "step_free") == (350, 200, 100)


def test_kinds_and_times_of_day_are_counted_apart():
    found = counted(activity("hall", kind="arts", hour=9), activity("yard", hour=18))
    assert everybody(found, "kind", "arts") == (350, 300, 50)
    assert everybody(found, "kind", "volunteering") == (350, 0, 0)
    assert everybody(found, "time_of_day", "morning") == (350, 300, 0)
    assert everybody(found, "time_of_day", "afternoon") == (350, 0, 0)
    assert everybody(found, "time_of_day", "evening") == (350, 0, 50)


def test_the_next_room_is_the_one_that_reaches_the_most_households_for_the_first_time():
    found = counted(activity("square"))  # too far for everybody
    rooms = [(r.venue.id, r.households, r.households_60plus, r.unwalked) for r in found.next_venues]
    assert rooms == [("hall", 300, 50, 0), ("yard", 0, 0, 50)]


def test_a_room_that_only_may_reach_whom_another_may_reach_adds_nothing():
    found = counted(activity("hall"), activity("yard"))
    assert found.next_venues == ()


def test_the_estates_with_the_most_households_come_first():
    found = counted(activity("square"))
    assert [e.id for e in found.estates(WHOLE, BEYOND)] == ["bob", "alice", "carol"]


def test_a_circle_without_households_has_no_percentage():
    empty = circle([], [], [])
    found = count(Radius(empty), (), FIRST)
    assert line(found, "all").everybody.words == "没有住户"
    nobody = replace(WHOLE, estates={"alice": estate("alice", 0, 0)}, entrances=(), walks=())
    assert everybody(count(Radius(nobody), (), FIRST)) == (0, 0, 0)


def test_the_count_from_the_data_expands_the_activities_itself():
    whole: Circle = replace(WHOLE, activities={"a": activity("hall", uid="a")})
    assert everybody(count_from(whole, FIRST)) == (350, 300, 0)


def test_every_line_has_a_name(sample_circle: Circle):
    found = count_from(sample_circle, FIRST)
    names = [line_name(sample_circle, x) for x in found.lines]
    assert all(names)
    assert len(set(names)) == len(names)


def test_the_sample_circle_keeps_its_promise_to_most(sample_circle: Circle):
    assert everybody(count_from(sample_circle, FIRST)) == (5780, 5060, 720)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 5, "0%"),
        (5, 5, "100%"),
        (9996, 10000, "99.9%"),
        (4, 10000, "不到0.1%"),
        (5060, 5780, "87.5%"),
        (1, 2, "50%"),
        (99999, 100000, "99.9%"),
    ],
)
def test_a_percentage_is_cut_off_and_never_rounded_up(part: int, whole: int, said: str):
    assert percent(part, whole) == said


def test_a_share_in_words_has_both_numbers_and_both_ends():
    assert Share(5780, 5060, 0).words == "5060/5780户，87.5%"
    assert (
        Share(5780, 5060, 420).words == "5060/5780户，87.5%；还有420户，没人走过这段路，走了才知道"
    )

"""The three answers: a walked time or a fit map says yes or no, the straight line only no."""

from datetime import date, time
from math import cos, isnan, nan, radians

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from forms_app.community import Entrance, Walk
from forms_app.radius.reach import (
    BEYOND,
    REACHED,
    UNWALKED,
    DatumError,
    Point,
    Radius,
    Reach,
    distance_m,
    is_open,
    walk_minutes,
)
from tests.support.places import circle, degrees, estate, gate, room, walk


def reach(
    *walks: Walk,
    north: float = 300,
    gates: tuple[Entrance, ...] = (gate(),),
    at: time | None = None,
    step_free: bool = False,
    coord_system: str = "wgs84",
) -> Reach:
    """From one estate to a room this many metres to the north."""
    whole = circle([estate()], gates, [room(north=north)], walks, coord_system=coord_system)
    return Radius(whole).reach("guiyuan", "hall", at, step_free=step_free)


def test_a_known_distance_is_exact_to_the_decimetre():
    # Vincenty's inverse solution on WGS 84 for 0.004° to the north and 0.003° to the east.
    one, other = Point(25.83, 114.9), Point(25.834, 114.903)
    assert distance_m(one, other) == pytest.approx(535.577, abs=0.01)


def test_five_hundred_metres_are_ten_minutes_of_an_elder():
    end = Point(*degrees(500, 0))
    assert walk_minutes(Point(*degrees(0, 0)), end) == pytest.approx(10, abs=0.01)


def test_points_of_two_systems_have_no_distance():
    with pytest.raises(DatumError, match="坐标系不同"):
        distance_m(Point(25.83, 114.9), Point(25.83, 114.9, "gcj02"))


@pytest.mark.parametrize(
    "unknown", [Point(nan, nan), Point(nan, 114.9), Point(25.83, 114.9, "none")]
)
def test_what_nobody_knows_has_no_distance(unknown: Point):
    assert not unknown.is_known
    assert isnan(distance_m(unknown, replace(unknown, latitude=25.84)))


def test_a_walked_time_says_yes_or_no():
    assert reach(walk(minutes=10)).answer == REACHED
    assert reach(walk(minutes=10.5)).answer == BEYOND


def test_the_way_from_the_farthest_building_counts():
    assert reach(walk(minutes=8), gates=(gate(inside=2),)).minutes == 10
    assert reach(walk(minutes=8), gates=(gate(inside=2.5),)).answer == BEYOND


def test_a_walk_is_believed_more_than_the_map_and_the_map_more_than_the_straight_line():
    found = reach(walk(minutes=12), walk(minutes=6, basis="network"))
    assert (found.answer, found.basis) == (BEYOND, "walked")
    found = reach(walk(minutes=9, basis="network"))
    assert (found.answer, found.basis) == (REACHED, "network")
    assert reach(walk(minutes=3), north=900).answer == REACHED  # the coordinates may be wrong


def test_the_newest_walk_wins_even_if_it_is_longer():
    found = reach(walk(minutes=6), walk(minutes=11, on=date(2026, 11, 1)))
    assert (found.answer, found.measured_on) == (BEYOND, date(2026, 11, 1))


def test_an_adults_walk_is_shown_and_never_counted():
    found = reach(walk(minutes=2, pace="adult"))
    assert (found.answer, found.adult_minutes) == (UNWALKED, 2)
    # Inside the estate they are quicker by as much as elsewhere.
    found = reach(walk(minutes=2, pace="adult"), gates=(gate(inside=3.4),))
    assert found.adult_minutes == pytest.approx(2 + 3.4 * 3.0 / 5.1)
    found = reach(walk(minutes=5.1, basis="network"), gates=(gate(inside=3.4),))
    assert found.adult_minutes == pytest.approx((5.1 + 3.4) * 3.0 / 5.1)
    assert (found.adult_basis, found.adult_measured_on) == ("network", found.measured_on)


def test_the_straight_line_says_no_or_waits_but_never_yes():
    assert reach(north=1).answer == UNWALKED
    assert reach(north=499).answer == UNWALKED
    far = reach(north=502)
    assert (far.answer, far.basis, far.stairs) == (BEYOND, "bounds", 0)


def test_without_coordinates_nothing_is_known_and_nothing_excluded():
    nowhere = replace(gate(), latitude=nan, longitude=nan)
    found = reach(gates=(nowhere,))
    assert (found.answer, found.basis) == (UNWALKED, "")
    assert reach(walk(minutes=4), gates=(nowhere,)).answer == REACHED


def test_in_a_circle_without_a_system_coordinates_say_nothing():
    assert reach(north=5000, coord_system="none").answer == UNWALKED


def test_a_map_that_draws_lengths_too_long_does_not_say_no_too_early():
    # In GCJ-02 503 m may be 498 m in truth.
    assert reach(north=503, coord_system="gcj02").answer == UNWALKED
    assert reach(north=507, coord_system="gcj02").answer == BEYOND
    assert reach(north=513, coord_system="bd09").answer == UNWALKED


@pytest.mark.parametrize(
    ("hours", "clock", "passable"),
    [
        ("", time(3), True),
        ("06:30-21:30", time(6, 30), True),
        ("06:30-21:30", time(21, 29), True),
        ("06:30-21:30", time(21, 30), False),
        ("06:00-09:00,16:00-24:00", time(12), False),
        ("06:00-09:00, 16:00-24:00", time(23, 59), True),
    ],
)
def test_a_gate_is_open_from_its_first_minute_to_before_its_last(
    hours: str, clock: time, passable: bool
):
    assert is_open(gate(open_hours=hours), clock) is passable


def test_a_shut_side_gate_sends_people_round_by_the_main_gate():
    gates = (gate(), gate(name="侧门", open_hours="06:30-18:00"))
    walks = (walk(minutes=12), walk(minutes=5, entrance="侧门"))
    assert reach(*walks, gates=gates, at=time(9)).entrance == "侧门"
    evening = reach(*walks, gates=gates, at=time(19))
    assert (evening.answer, evening.entrance) == (BEYOND, "大门")


def test_one_answer_is_not_taken_for_another() -> None:
    """Of one estate it is asked for all that is on: at every hour, with steps and without."""
    gates = (gate(step_free=False), gate(name="侧门", open_hours="06:30-18:00"))
    walks = (walk(minutes=9), walk(minutes=5, entrance="侧门"), walk(minutes=8, venue_id="attic"))
    whole = circle([estate()], gates, [room(), room("attic")], walks)
    asked = [
        (venue_id, at, step_free)
        for venue_id in ("hall", "attic")
        for at in (None, time(9), time(19))
        for step_free in (False, True)
    ]
    radius = Radius(whole)
    for venue_id, at, step_free in [*asked, *asked]:
        alone = Radius(whole).reach("guiyuan", venue_id, at, step_free=step_free)
        assert radius.reach("guiyuan", venue_id, at, step_free=step_free) == alone


def test_behind_shut_gates_nothing_is_reached():
    found = reach(walk(), gates=(gate(open_hours="06:00-18:00"),), at=time(20))
    assert (found.answer, found.basis) == (BEYOND, "shut")


def test_an_estate_without_gates_waits():
    assert reach(gates=()).answer == UNWALKED


def test_step_free_asks_gates_and_walks():
    assert reach(walk(), step_free=True).answer == REACHED
    found = reach(walk(), gates=(gate(step_free=False),), step_free=True)
    assert (found.answer, found.basis) == (BEYOND, "steps")
    assert reach(walk(stairs=1), step_free=True).answer == UNWALKED
    around = reach(walk(stairs=6), walk(minutes=8, on=date(2026, 9, 1)), step_free=True)
    assert (around.answer, around.minutes) == (REACHED, 8)


@pytest.mark.parametrize("with_steps", ["walked", "network"])
@pytest.mark.parametrize("minutes", [4, 12])
@pytest.mark.parametrize("around", [(), (walk(minutes=9, basis="network"),)])
def test_a_way_without_steps_is_never_likelier_than_a_way(
    with_steps: str, minutes: float, around: tuple[Walk, ...]
):
    hopes = (BEYOND, UNWALKED, REACHED)
    walks = (walk(minutes=minutes, stairs=6, basis=with_steps), *around)
    step_free, any_way = reach(*walks, step_free=True), reach(*walks)
    assert hopes.index(step_free.answer) <= hopes.index(any_way.answer)


def test_the_most_hopeful_entrance_answers():
    gates = (gate(), gate(name="后门"))
    assert reach(walk(minutes=12), gates=gates).answer == UNWALKED
    assert reach(walk(minutes=12), walk(entrance="后门"), gates=gates).answer == REACHED


def test_every_way_is_told_with_its_entrance():
    whole = circle([estate()], [gate(), gate(name="后门")], [room(north=300)], [walk(minutes=12)])
    ways = Radius(whole).ways("guiyuan", "hall")
    assert [(way.entrance, way.answer) for way in ways] == [("大门", BEYOND), ("后门", UNWALKED)]


def test_an_unknown_id_is_an_error():
    with pytest.raises(KeyError):
        Radius(circle([estate()], [gate()], [room()])).reach("guiyuan", "nowhere")


def test_a_walked_room_is_a_candidate_however_far_it_is_drawn():
    whole = circle([estate()], [gate()], [room(north=5000)], [walk()])
    assert Radius(whole).candidates("guiyuan") == ("hall",)
    far = circle([estate()], [gate()], [room(north=5000)])
    assert Radius(far).candidates("guiyuan") == ()


def test_where_the_gate_or_the_system_is_unknown_every_room_is_a_candidate():
    nowhere = replace(gate(), latitude=nan, longitude=nan)
    for whole in (
        circle([estate()], [gate(), nowhere], [room(north=5000)]),
        circle([estate()], [], [room(north=5000)]),
        circle([estate()], [gate()], [room(north=5000)], coord_system="none"),
    ):
        assert Radius(whole).candidates("guiyuan") == ("hall",)


PLACES = st.tuples(st.floats(-1200, 1200), st.floats(-1200, 1200))


@settings(deadline=None, max_examples=200)
@given(
    gates=st.lists(PLACES, min_size=1, max_size=3),
    rooms=st.lists(PLACES | st.none(), min_size=1, max_size=12),
    system=st.sampled_from(["wgs84", "gcj02", "bd09", "none"]),
    speed=st.floats(2, 6.5),
    latitude=st.floats(4, 53),
)
def test_candidates_never_miss_what_may_be_reached(
    gates: list[tuple[float, float]],
    rooms: list[tuple[float, float] | None],
    system: str,
    speed: float,
    latitude: float,
):
    def moved(north: float, east: float) -> dict[str, float]:
        return {
            "latitude": latitude + north / 110_900,
            "longitude": 114.9 + east / (111_300 * cos(radians(latitude))),
        }

    whole = circle(
        [estate()],
        [replace(gate(name=f"{n}门"), **moved(*place)) for n, place in enumerate(gates)],
        [
            replace(room(f"r{n}"), **(moved(*place) if place else {"latitude": nan}))
            for n, place in enumerate(rooms)
        ],
        coord_system=system,
        elder_kmh=speed,
    )
    radius = Radius(whole)
    near = radius.candidates("guiyuan")
    for venue_id in whole.venues:
        if radius.reach("guiyuan", venue_id).answer != BEYOND:
            assert venue_id in near


def test_a_room_across_a_cell_is_not_missed_where_a_degree_is_short():
    # At the equator's end of China a degree of latitude has 110,581 m, not 111,000.
    cell = 500 / 111_000
    start = 890 * cell + cell * 0.000001
    end = start - 499.5 / 110_581
    whole = circle(
        [estate()],
        [replace(gate(), latitude=start)],
        [replace(room(), latitude=end)],
        elder_kmh=2.9999,
    )
    assert Radius(whole).reach("guiyuan", "hall").answer == UNWALKED
    assert Radius(whole).candidates("guiyuan") == ("hall",)

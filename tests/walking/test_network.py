"""Minutes on small drawn streets: 50 metres are one minute for an elder."""

from math import cos, dist, radians
from pathlib import Path

import networkx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms_app.walking.frame import Frame, Spot
from forms_app.walking.network import Network, Route
from forms_app.walking.streets import StreetMap, Way
from tests.support.street_map import FRAME, STEPS, STREET, Drawn, grid, network_of, streets_of

LINE: dict[int, Spot] = {1: (0, 0), 2: (400, 0)}


def walk(network: Network, *, step_free: bool = False) -> Route | None:
    return network.routes("gate", 20, step_free=step_free).get("hall")


def walked(
    tmp_path: Path,
    spots: dict[int, Spot],
    ways: Drawn,
    gate: Spot,
    hall: Spot,
    tagged: dict[int, dict[str, str]] | None = None,
    *,
    step_free: bool = False,
) -> Route | None:
    """The way from a gate to a hall on a map drawn for this."""
    streets = streets_of(tmp_path, spots, ways, tagged)
    return walk(network_of(streets, {"gate": gate}, {"hall": hall}), step_free=step_free)


def minutes(route: Route | None) -> float | None:
    return None if route is None else round(route.minutes, 3)


def test_two_places_on_one_street_are_as_far_apart_as_along_it(tmp_path: Path) -> None:
    assert minutes(walked(tmp_path, LINE, [((1, 2), STREET)], (100, 0), (200, 0))) == 2
    # Not around by the ends of the street, in neither direction.
    assert minutes(walked(tmp_path, LINE, [((2, 1), STREET)], (300, 0), (250, 0))) == 1


def test_the_way_from_the_door_to_the_street_is_walked_too(tmp_path: Path) -> None:
    route = walked(tmp_path, LINE, [((1, 2), STREET)], (100, 25), (200, -50))
    assert minutes(route) == 3.5
    assert route is not None
    assert route.length_m == pytest.approx(175, abs=0.01)


def test_many_places_on_one_street_do_not_disturb_each_other(tmp_path: Path) -> None:
    streets = streets_of(tmp_path, LINE, [((1, 2), STREET)])
    network = network_of(
        streets, {"gate": (50, 0), "other": (350, 0)}, {f"v{x}": (x, 0) for x in range(0, 401, 50)}
    )
    found = network.routes("gate", 20, step_free=False)
    assert {int(name[1:]): round(route.minutes, 3) for name, route in found.items()} == {
        x: abs(x - 50) / 50 for x in range(0, 401, 50)
    }


def test_a_place_beside_a_corner_uses_both_streets(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (100, 100)}
    assert minutes(walked(tmp_path, spots, [((1, 2, 3), STREET)], (0, 0), (100, 100))) == 4


def test_a_one_way_street_is_walked_in_both_directions(tmp_path: Path) -> None:
    ways = [((1, 2), STREET | {"oneway": "yes"})]
    assert minutes(walked(tmp_path, LINE, ways, (300, 0), (100, 0))) == 4
    assert minutes(walked(tmp_path, LINE, ways, (100, 0), (300, 0))) == 4


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "footway", "oneway:foot": "yes"},
        {"highway": "steps", "conveying": "forward", "step_count": "10"},
    ],
)
def test_an_escalator_or_a_way_for_one_direction_on_foot_is_not(
    tmp_path: Path, tags: dict[str, str]
) -> None:
    assert walked(tmp_path, LINE, [((1, 2), tags)], (100, 0), (300, 0)) is not None
    assert walked(tmp_path, LINE, [((1, 2), tags)], (300, 0), (100, 0)) is None


def test_steps_take_twice_the_time_and_are_counted(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (130, 0), 4: (230, 0)}
    ways: Drawn = [((1, 2), STREET), ((2, 3), STEPS | {"step_count": "64"}), ((3, 4), STREET)]
    route = walked(tmp_path, spots, ways, (0, 0), (230, 0))
    assert route is not None
    assert (minutes(route), route.stairs) == (2 + 1.2 + 2, 64)
    assert walked(tmp_path, spots, ways, (0, 0), (230, 0), step_free=True) is None


def test_steps_that_nobody_counted_are_estimated_from_their_length(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (106, 0), 4: (200, 0)}
    ways: Drawn = [((1, 2), STREET), ((2, 3), STEPS), ((3, 4), STREET)]
    route = walked(tmp_path, spots, ways, (0, 0), (200, 0))
    assert route is not None
    assert route.stairs == 20


def test_who_cannot_climb_goes_around(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {
        1: (0, 0), 2: (100, 0), 3: (120, 0), 4: (200, 0), 5: (100, 150), 6: (120, 150),
    }  # fmt: skip
    ways: Drawn = [
        ((1, 2), STREET), ((2, 3), STEPS), ((3, 4), STREET), ((2, 5, 6, 3), STREET),
    ]  # fmt: skip
    assert minutes(walked(tmp_path, spots, ways, (0, 0), (200, 0))) == 4.4
    assert minutes(walked(tmp_path, spots, ways, (0, 0), (200, 0), step_free=True)) == 10


@pytest.mark.parametrize("barrier", ["stile", "turnstile", "kissing_gate"])
def test_a_stile_lets_only_some_through(tmp_path: Path, barrier: str) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    ways: Drawn = [((1, 2, 3), STREET)]
    at = {2: {"barrier": barrier}}
    assert minutes(walked(tmp_path, spots, ways, (0, 0), (200, 0), at)) == 4
    assert walked(tmp_path, spots, ways, (0, 0), (200, 0), at, step_free=True) is None


def test_a_way_that_is_not_for_wheelchairs_never_counts_as_free_of_steps(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    rough: Drawn = [((1, 2), STREET), ((2, 3), STREET | {"wheelchair": "no"})]
    stile = {2: {"barrier": "stile"}}
    for route in (
        walked(tmp_path, spots, rough, (0, 0), (200, 0)),
        walked(tmp_path, spots, [((1, 2, 3), STREET)], (0, 0), (200, 0), stile),
    ):
        assert route is not None
        assert (minutes(route), route.stairs) == (4, 1)


def test_two_nodes_on_one_spot_do_not_cut_a_street(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (100, 0), 4: (200, 0)}
    ways: Drawn = [((1, 2, 3, 4), STREET)]
    assert minutes(walked(tmp_path, spots, ways, (0, 0), (200, 0))) == 4
    assert minutes(walked(tmp_path, spots, ways, (0, 0), (100, 0))) == 2


def test_a_locked_gate_stops_and_an_open_one_does_not(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 80)}
    ways: Drawn = [((1, 2, 3), STREET), ((4, 2), STREET)]
    locked = {2: {"barrier": "gate", "access": "private"}}
    assert walked(tmp_path, spots, ways, (0, 0), (200, 0), locked) is None
    assert walked(tmp_path, spots, ways, (100, 80), (200, 0), locked) is None
    assert minutes(walked(tmp_path, spots, ways, (0, 0), (200, 0), {2: {"barrier": "gate"}})) == 4


def test_the_gate_that_the_office_lists_is_open_to_its_residents(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    locked = {2: {"barrier": "gate", "access": "private"}}
    assert minutes(walked(tmp_path, spots, [((1, 2, 3), STREET)], (100, 4), (200, 0), locked)) == (
        2.08
    )


def test_a_bridge_crosses_without_connecting(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (-100, 0), 2: (100, 0), 3: (0, -100), 4: (0, 100)}
    ways: Drawn = [((1, 2), STREET), ((3, 4), STREET | {"bridge": "yes", "layer": "1"})]
    streets = streets_of(tmp_path, spots, ways)
    network = network_of(streets, {"gate": (-100, 0)}, {"hall": (100, 0), "above": (0, 100)})
    found = network.routes("gate", 20, step_free=False)
    assert set(found) == {"hall"}
    assert not network.graph.has_node(("cut", 1, 100.0))


def test_nobody_steps_out_of_a_door_onto_a_bridge(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (-100, 0), 2: (100, 0), 3: (-100, 20), 4: (100, 20), 5: (300, 20)}
    ways: Drawn = [
        ((1, 2), STREET | {"bridge": "viaduct"}), ((3, 4, 5), STREET), ((2, 5), STREET),
    ]  # fmt: skip
    assert minutes(walked(tmp_path, spots, ways, (0, 5), (100, 20))) == 2.3


def test_pieces_that_do_not_meet_have_no_way_between_them(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (110, 0), 4: (210, 0)}
    ways: Drawn = [((1, 2), STREET), ((3, 4), STREET)]
    assert walked(tmp_path, spots, ways, (0, 0), (200, 0)) is None


def test_a_scrap_of_path_beside_a_door_is_passed_over(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (400, 0), 3: (100, 20), 4: (110, 20)}
    ways: Drawn = [((1, 2), STREET), ((3, 4), {"highway": "footway"})]
    assert minutes(walked(tmp_path, spots, ways, (105, 25), (205, 0))) == 2.5


def test_nobody_takes_a_short_cut_through_a_place(tmp_path: Path) -> None:
    # The hall is tied to the steps beside it and to the street beyond; the shop must not be
    # reached through it.
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (0, 30), 4: (100, 30)}
    ways: Drawn = [((1, 2), STEPS), ((3, 4), STREET)]
    streets = streets_of(tmp_path, spots, ways)
    network = network_of(streets, {"gate": (0, -8)}, {"hall": (50, 10), "shop": (100, 32)})
    found = network.routes("gate", 20, step_free=False)
    assert set(found) == {"hall"}


def test_two_ways_between_the_same_corners_both_count(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0)}
    for ways in ([((1, 2), STEPS), ((1, 2), STREET)], [((2, 1), STREET), ((1, 2), STEPS)]):
        assert minutes(walked(tmp_path, spots, ways, (0, 0), (100, 0), step_free=True)) == 2
        assert minutes(walked(tmp_path, spots, ways, (0, 0), (100, 0))) == 2


def test_a_place_too_far_from_any_street_is_named_with_its_distance(tmp_path: Path) -> None:
    streets = streets_of(tmp_path, LINE, [((1, 2), STREET)])
    network = network_of(streets, {"gate": (100, 70)}, {"hall": (100, 59), "shop": (100, -61)})
    assert set(network.far) == {("start", "gate"), ("end", "shop")}
    assert network.far["start", "gate"] == pytest.approx(70, abs=0.01)
    assert network.routes("gate", 20, step_free=False) == {}


def test_without_any_street_nothing_is_near(tmp_path: Path) -> None:
    streets = streets_of(tmp_path, LINE, [((1, 2), {"highway": "motorway"})])
    network = network_of(streets, {"gate": (0, 0)}, {})
    assert network.far == {("start", "gate"): float("inf")}


def test_what_is_out_of_time_is_not_found(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (1200, 0)}
    streets = streets_of(tmp_path, spots, [((1, 2), STREET)])
    network = network_of(streets, {"gate": (0, 0)}, {"near": (999, 0), "far": (1001, 0)})
    assert set(network.routes("gate", 20, step_free=False)) == {"near"}


def test_a_metre_is_a_metre_on_the_ellipsoid() -> None:
    # The usual series for the length of a degree on WGS84, in metres.
    angle = radians(26)
    east, north = Frame(26.0, 114.9).metres_per_degree
    assert east == pytest.approx(111412.84 * cos(angle) - 93.5 * cos(3 * angle), abs=0.2)
    assert north == pytest.approx(111132.92 - 559.82 * cos(2 * angle), abs=0.5)
    latitude, longitude = FRAME.place(FRAME.spot((25.8355, 114.9123)))
    assert (latitude, longitude) == (pytest.approx(25.8355), pytest.approx(114.9123))


# On random streets


def town(edges: list[tuple[int, int, bool]]) -> StreetMap:
    """Streets between the corners of a grid of 6 × 6, 90 m apart; some of them are steps."""
    ways = []
    for number, (one, other, is_steps) in enumerate(edges):
        spots = [((corner % 6) * 90.0, (corner // 6) * 90.0) for corner in (one, other)]
        ways.append(
            Way(
                number, (one, other), tuple(FRAME.place(spot) for spot in spots),
                "steps" if is_steps else "street", "", not is_steps, True, True, None,
            )
        )  # fmt: skip
    return StreetMap(tuple(ways), frozenset(), frozenset())


corners = st.integers(0, 35)
towns = st.lists(
    st.tuples(corners, corners, st.booleans()).filter(lambda edge: edge[0] != edge[1]),
    min_size=1,
    max_size=60,
).map(town)
spots_in_town = st.tuples(st.floats(-20, 470), st.floats(-20, 470))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(towns, spots_in_town, spots_in_town)
def test_the_network_keeps_to_what_distances_are(
    streets: StreetMap, one: Spot, other: Spot
) -> None:
    there = network_of(streets, {"gate": one}, {"hall": other})
    back = network_of(streets, {"gate": other}, {"hall": one})
    fastest, level = (walk(there, step_free=step_free) for step_free in (False, True))
    # It never beats the straight line.
    if fastest is not None:
        assert fastest.minutes >= dist(one, other) / 50 - 1e-9
        assert fastest.length_m >= dist(one, other) - 1e-6
    # The way back takes as long.
    assert minutes(walk(back)) == minutes(fastest)
    # Without steps it is never faster, and has none.
    if level is not None:
        assert fastest is not None
        assert level.minutes >= fastest.minutes - 1e-9
        assert level.stairs == 0


@settings(max_examples=40, deadline=None)
@given(towns, st.lists(corners, min_size=2, max_size=2, unique=True))
def test_between_corners_it_is_the_shortest_path(streets: StreetMap, ends: list[int]) -> None:
    plain: networkx.Graph[int] = networkx.Graph()
    for way in streets.ways:
        spots = [((corner % 6) * 90.0, (corner // 6) * 90.0) for corner in way.nodes]
        cost = dist(*spots) / 50 * (2 if way.kind == "steps" else 1)
        one, other = way.nodes
        if not plain.has_edge(one, other) or plain.edges[one, other]["weight"] > cost:
            plain.add_edge(one, other, weight=cost)
    one, other = ends
    network = network_of(
        streets,
        {"gate": ((one % 6) * 90.0, (one // 6) * 90.0)},
        {"hall": ((other % 6) * 90.0, (other // 6) * 90.0)},
    )
    if one in plain and other in plain and networkx.has_path(plain, one, other):
        expected = networkx.dijkstra_path_length(plain, one, other)
        found = walk(network)
        if expected <= 19.9 and networkx.is_connected(plain):
            assert found is not None
            # Streets cross here without a corner: tied to such a one, a way may be shorter.
            assert found.minutes <= expected + 1e-6


def test_a_street_that_comes_twice_through_one_corner_is_one_network(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100), 5: (-100, 0)}
    ways: Drawn = [((5, 1, 2, 3, 4, 1), STREET)]
    assert minutes(walked(tmp_path, spots, ways, (-100, 0), (0, 100))) == 4


def test_a_grid_is_walked_along_its_streets(tmp_path: Path) -> None:
    spots, ways = grid(800, 100)
    assert minutes(walked(tmp_path, spots, ways, (-200, -100), (200, 200))) == 14

"""From a map file to estates that are judged, minutes and lines for the sketches."""

import json
from datetime import date
from math import dist, nan
from pathlib import Path

import pytest
from msgspec.structs import replace

from forms_app.community import Circle, Entrance, Estate, Venue, read_streets
from forms_app.walking.fitness import judge
from forms_app.walking.frame import Box, Spot
from forms_app.walking.map_file import read_map
from forms_app.walking.outcome import EstateOutcome, MapOutcome
from forms_app.walking.refusal import WalksRefused
from forms_app.walking.sketches import Line, geojson, lines_of
from forms_app.walking.survey import rounded_up, survey
from tests.support.running import ROOT
from tests.support.street_map import (
    EVERYWHERE,
    FRAME,
    STEPS,
    STREET,
    TODAY,
    Drawn,
    draw,
    grid,
    network_of,
    quiet,
    streets_of,
)

MONACO = ROOT.parent / "shared" / "osm" / "monaco.osm.pbf"
GUIXI = ROOT.parent / "shared" / "osm" / "guixi.osm.pbf"


def entrance(
    spot: Spot, *, estate: str = "home", name: str = "南门", inside: float = 0
) -> Entrance:
    return Entrance(estate, name, *FRAME.place(spot), "", True, inside)


def venue(name: str, spot: Spot) -> Venue:
    return Venue(name, "jingui", name, *FRAME.place(spot), "x", "")


@pytest.fixture
def circle(sample_circle: Circle) -> Circle:
    """One estate with one gate in the middle of the drawing, and two venues."""
    return replace(
        sample_circle,
        estates={"home": Estate("home", "jingui", "家园", 100, 10)},
        entrances=(entrance((0, 0)),),
        venues={"hall": venue("hall", (200, 100)), "shop": venue("shop", (-300, 0))},
        walks=(),
    )


def surveyed(circle: Circle, tmp_path: Path, spots: dict[int, Spot], ways: Drawn) -> MapOutcome:
    return survey(circle, draw(tmp_path / "map.osm", spots, ways), TODAY, "示例", quiet)


def only(outcome: MapOutcome) -> EstateOutcome:
    (estate,) = outcome.estates
    return estate


# Files


def test_a_map_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WalksRefused, match="打不开地图文件"):
        read_map(tmp_path / "no.osm.pbf", EVERYWHERE, quiet)
    with pytest.raises(WalksRefused, match="不是文件"):
        read_map(tmp_path, EVERYWHERE, quiet)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("map.txt", b"hello", "不像地图文件"),
        ("map.osm.pbf", b"hello there, no map", "读不下去"),
        ("map.osm.pbf", b"", "读不下去"),
        ("map.osm", b"<osm version='0.6'><node", "读不下去"),
        ("map.osm", b"<osm version='0.6'></osm>", "没有任何道路"),
    ],
)
def test_what_is_no_map_is_a_sentence(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WalksRefused, match=said) as refused:
        read_map(tmp_path / name, EVERYWHERE, quiet)
    assert "\n" not in str(refused.value)


def test_a_map_of_a_whole_country_is_refused_before_it_is_read(tmp_path: Path) -> None:
    huge = tmp_path / "china.osm.pbf"
    with huge.open("wb") as file:
        file.truncate(1_500_000_000)
    with pytest.raises(WalksRefused, match="太大"):
        read_map(huge, EVERYWHERE, quiet)


@pytest.mark.skipif(not MONACO.exists(), reason="the shared maps are not here")
def test_half_a_download_is_refused(tmp_path: Path) -> None:
    half = tmp_path / "half.osm.pbf"
    half.write_bytes(MONACO.read_bytes()[:90_000])
    with pytest.raises(WalksRefused, match="读不下去"):
        read_map(half, EVERYWHERE, quiet)


def test_only_what_is_near_is_kept(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (50, 0), 3: (9000, 0), 4: (9050, 0), 5: (-9000, 0)}
    file = draw(tmp_path / "map.osm", spots, [((1, 2), STREET), ((3, 4), STREET), ((5, 3), STREET)])
    south, west = FRAME.place((-100, -100))
    north, east = FRAME.place((100, 100))
    read = read_map(file, [Box(south, west, north, east)], quiet)
    # The third one passes through without a corner.
    assert [way.id for way in read.ways] == [1, 3]


def test_a_way_whose_nodes_an_extract_has_lost_is_two(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (50, 0), 4: (150, 0), 5: (200, 0)}
    read = streets_of(tmp_path, spots, [((1, 2, 3, 4, 5), STEPS | {"step_count": "20"})])
    assert [way.nodes for way in read.ways] == [(1, 2), (4, 5)]
    assert [way.step_count for way in read.ways] == [None, None]


# Fitness


def test_a_dense_map_is_fit(circle: Circle, tmp_path: Path) -> None:
    estate = only(surveyed(circle, tmp_path, *grid(2000, 200)))
    assert estate.is_fit
    # Two streets in every 200 metres.
    assert estate.density == pytest.approx(10, rel=0.1)


def test_a_thin_map_is_refused_with_its_figures(circle: Circle, tmp_path: Path) -> None:
    estate = only(surveyed(circle, tmp_path, *grid(1600, 400)))
    assert not estate.is_fit
    assert estate.walks == ()
    assert estate.sketch == ""
    (reason,) = estate.reasons
    assert f"{estate.density:.1f} 公里" in reason
    assert "少于 8 公里" in reason


def test_streets_are_counted_within_500_metres_only(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (-3000, 0), 2: (3000, 0)}
    ways = streets_of(tmp_path, spots, [((1, 2), STREET)]).ways
    fitness = judge(ways, FRAME, {"a": (0, 0)}, {})
    assert fitness.density == pytest.approx(1 / (3.14159 * 0.25), rel=0.01)
    # Two gates close together are not two discs.
    both = judge(ways, FRAME, {"a": (0, 0), "b": (10, 0)}, {})
    assert both.density == pytest.approx(fitness.density, rel=0.05)


def test_the_two_carriageways_of_a_divided_road_are_one_street(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (-3000, 0), 2: (3000, 0), 3: (3000, 20), 4: (-3000, 20)}
    halves: Drawn = [(nodes, {"highway": "primary", "oneway": "yes"}) for nodes in ((1, 2), (3, 4))]
    one = judge(streets_of(tmp_path, spots, [((1, 2), STREET)]).ways, FRAME, {"a": (0, 0)}, {})
    divided = judge(streets_of(tmp_path, spots, halves).ways, FRAME, {"a": (0, 0)}, {})
    assert divided.density == pytest.approx(one.density, rel=0.01)
    # A small street is whole, one-way or not.
    small = [((1, 2), STREET | {"oneway": "yes"})]
    whole = judge(streets_of(tmp_path, spots, small).ways, FRAME, {"a": (0, 0)}, {})
    assert whole.density == pytest.approx(one.density, rel=0.01)


def test_a_gate_away_from_every_street_spoils_the_map(circle: Circle, tmp_path: Path) -> None:
    circle = replace(circle, entrances=(*circle.entrances, entrance((100, 100), name="北门")))
    spots, ways = grid(2000, 200)
    (reason,) = only(surveyed(circle, tmp_path, spots, ways)).reasons
    assert reason == "「北门」离最近的街道 100 米，超过 60 米"


def test_an_estate_that_is_not_on_the_map_is_told_so(circle: Circle, tmp_path: Path) -> None:
    circle = replace(circle, entrances=(entrance((30_000, 0)),))
    (reason,) = only(surveyed(circle, tmp_path, *grid(2000, 200))).reasons
    assert "不在这张地图里" in reason


def test_an_estate_without_a_gate_on_the_ground_is_told_so(circle: Circle, tmp_path: Path) -> None:
    nowhere = replace(circle.entrances[0], latitude=nan, longitude=nan)
    lost = replace(circle.venues["shop"], latitude=nan, longitude=nan)
    circle = replace(circle, entrances=(nowhere,), venues={"shop": lost})
    outcome = surveyed(circle, tmp_path, *grid(400, 200))
    assert only(outcome).reasons == ("没有一个出入口有坐标",)
    assert outcome.unplaced == ("家园的南门", "shop")


def test_a_venue_away_from_every_street_is_named_and_left_out(
    circle: Circle, tmp_path: Path
) -> None:
    circle = replace(circle, venues={**circle.venues, "hill": venue("hill", (100, 100))})
    outcome = surveyed(circle, tmp_path, *grid(2000, 200))
    assert {walk.venue_id for walk in only(outcome).walks} == {"hall", "shop"}
    assert outcome.far_venues == {"hill": pytest.approx(100, abs=0.5)}


# Minutes


def test_each_pair_has_its_fastest_way_and_a_way_without_steps(
    circle: Circle, tmp_path: Path
) -> None:
    spots, ways = grid(2000, 200)
    middle, corner = 5006, 6007  # at (0, 0) and (200, 200)
    spots |= {90001: (100, 100), 90002: (110, 110)}
    short: Drawn = [
        *ways, ((middle, 90001), STREET), ((90001, 90002), STEPS), ((90002, corner), STREET),
    ]  # fmt: skip
    circle = replace(circle, venues={"hall": venue("hall", (200, 200))})
    first, second = only(surveyed(circle, tmp_path, spots, short)).walks
    assert (first.venue_id, second.venue_id) == ("hall", "hall")
    assert first.stairs > 0
    assert second.stairs == 0
    assert first.minutes < second.minutes == pytest.approx(8.0, abs=0.11)
    assert {walk.basis for walk in (first, second)} == {"network"}
    assert {walk.measured_on for walk in (first, second)} == {TODAY}


def test_minutes_are_rounded_upwards_without_what_lies_inside(
    circle: Circle, tmp_path: Path
) -> None:
    circle = replace(circle, entrances=(entrance((0, 0), inside=5),))
    walks = {
        walk.venue_id: walk for walk in only(surveyed(circle, tmp_path, *grid(2000, 200))).walks
    }
    assert walks["shop"].minutes == pytest.approx(6.0, abs=0.11)
    assert walks["shop"].stairs == 0


@pytest.mark.parametrize(("exact", "told"), [(5.0, 5.0), (5.01, 5.1), (5.0999, 5.1), (0.0, 0.1)])
def test_a_walk_is_never_told_shorter_than_it_is(exact: float, told: float) -> None:
    assert rounded_up(exact) == told


# Sketches


def reach(lines: list[Line], *, reached: bool) -> float:
    return sum(
        dist(*pair)
        for line in lines
        if line.reached == reached
        for pair in zip(line.spots, line.spots[1:], strict=False)
    )


def test_a_street_is_cut_where_the_time_ends(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (-500, 0), 2: (500, 0)}
    streets = streets_of(tmp_path, spots, [((1, 2), STREET | {"name": "长街"})])
    network = network_of(streets, {"gate": (0, 0)}, {})
    lines = lines_of(network, {"gate": (0, 0)}, {"gate": 4.0}, 10)
    assert reach(lines, reached=True) == pytest.approx(600, abs=0.1)  # six minutes each way
    assert reach(lines, reached=False) == pytest.approx(400, abs=0.1)
    assert [line.reached for line in lines].count(True) == 1
    assert {line.name for line in lines} == {"长街"}


def test_both_gates_count_each_from_its_own_minutes(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (-500, 0), 2: (500, 0)}
    gates: dict[str, Spot] = {"west": (-400, 0), "east": (400, 0)}
    network = network_of(streets_of(tmp_path, spots, [((1, 2), STREET)]), gates, {})
    lines = lines_of(network, gates, {"west": 4.0, "east": 9.0}, 10)
    assert reach(lines, reached=True) == pytest.approx(100 + 300 + 100, abs=0.1)
    far = lines_of(network, gates, {"west": 11.0, "east": 12.0}, 10)
    assert reach(far, reached=True) == 0


def test_an_escalator_is_reached_from_its_beginning_only(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (0, 0), 2: (100, 0), 3: (400, 0), 4: (400, 60)}
    moving = {"highway": "footway", "conveying": "forward"}
    streets = streets_of(tmp_path, spots, [((1, 2, 3), STREET), ((4, 3), moving)])
    lines = lines_of(network_of(streets, {"gate": (0, 0)}, {}), {"gate": (0, 0)}, {"gate": 0}, 10)
    assert [line.reached for line in lines if line.kind == "path"] == [False]


def test_a_sketch_shows_what_lies_within_600_metres(tmp_path: Path) -> None:
    spots: dict[int, Spot] = {1: (-3000, 0), 2: (3000, 0)}
    network = network_of(streets_of(tmp_path, spots, [((1, 2), STREET)]), {"g": (0, 0)}, {})
    lines = lines_of(network, {"g": (0, 0)}, {"g": 0}, 10)
    xs = [x for line in lines for x, _ in line.spots]
    assert (min(xs), max(xs)) == (pytest.approx(-600, abs=0.1), pytest.approx(600, abs=0.1))


def test_a_sketch_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    lines = [
        Line("street", "示例路", True, ((0, 0), (100, 0))),
        Line("steps", "", False, ((100, 0), (100, 0.1))),  # too short to be seen
        Line("steps", "", False, ((100, 0), (100, 20))),
    ]
    (tmp_path / "streets").mkdir()
    file = tmp_path / "streets" / "home.geojson"
    file.write_text(geojson(lines, FRAME, "home", TODAY, "示例"), encoding="utf-8")
    assert json.loads(file.read_text(encoding="utf-8"))["type"] == "FeatureCollection"
    streets = read_streets(tmp_path, "home")
    assert streets is not None
    assert (streets.made_on, streets.source) == (TODAY, "示例")
    assert [(line.kind, line.reached, line.name) for line in streets.lines] == [
        ("street", True, "示例路"),
        ("steps", False, ""),
    ]
    assert streets.lines[0].points[0] == (25.83, 114.9)
    nothing = geojson([], FRAME, "home", TODAY, "示例")
    assert json.loads(nothing)["features"] == []


# Real maps, where they are there


def around(file: Path, gates: list[tuple[float, float]], circle: Circle) -> MapOutcome:
    """An estate at each of these places, and a venue a little farther."""
    return survey(
        replace(
            circle,
            estates={f"e{n}": Estate(f"e{n}", "jingui", f"E{n}", 1, 1) for n in range(len(gates))},
            entrances=tuple(
                Entrance(f"e{n}", "南门", *gate, "", True, 3) for n, gate in enumerate(gates)
            ),
            venues={
                f"v{n}": Venue(f"v{n}", "jingui", f"V{n}", lat + 0.002, lon + 0.001, "x", "")
                for n, (lat, lon) in enumerate(gates)
            },
        ),
        file,
        date(2026, 11, 24),
        "示例",
        quiet,
    )


@pytest.mark.skipif(not MONACO.exists(), reason="the shared maps are not here")
def test_monaco_is_fit_and_its_minutes_keep_to_the_straight_line(circle: Circle) -> None:
    gates = [(43.7372, 7.4219), (43.7400, 7.4270), (43.7335, 7.4180)]
    outcome = around(MONACO, gates, circle)
    assert all(estate.is_fit for estate in outcome.estates), [e.reasons for e in outcome.estates]
    for estate in outcome.estates:
        assert estate.walks
        assert len(estate.sketch.encode()) < 100_000


@pytest.mark.skipif(not GUIXI.exists(), reason="the shared maps are not here")
def test_guixi_is_refused_nearly_everywhere(circle: Circle) -> None:
    gates = [
        (28.26 + 0.012 * row, 117.19 + 0.012 * column) for row in range(6) for column in range(5)
    ]
    outcome = around(GUIXI, gates, circle)
    assert sum(estate.is_fit for estate in outcome.estates) <= 1
    assert all(estate.reasons for estate in outcome.estates if not estate.is_fit)

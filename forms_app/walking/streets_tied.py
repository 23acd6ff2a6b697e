"""The graph of the streets around one estate made: ways cut where places meet them, the places
tied to the nearest of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import dist

import networkx
from msgspec import Struct
from shapely import LineString, Point, STRtree

from forms_app.walking.frame import Frame, Spot
from forms_app.walking.network import Graph, Network, Stretch, Vertex
from forms_app.walking.streets import STEP_DEPTH_M, StreetMap, Way

FARTHEST_STREET_M = 60.0

# An assumption: Fruin (Pedestrian Planning and Design, 1971) found people on stairs to get ahead
# at roughly half of their speed on the level or less.
STEPS_SLOWNESS = 2.0

# A stile, or a way that the map calls unfit for wheelchairs, is no step. A route with one counts
# as having one all the same: no steps at all would promise that a wheelchair gets along.
OBSTACLE_STEPS = 1e-5

# A street for people who need it step-free is looked for a little farther than the nearest one.
STEP_FREE_DETOUR_M = 15.0

# A piece that is this small beside the largest and hangs together with nothing is a mapper's slip
# or a courtyard: a place beside it is reached from the next street.
MAINLAND_SHARE = 0.05

# The office lists no gate that is always locked: what the map closes here is open to residents.
OPEN_GATE_M = 10.0


class Link(Struct, frozen=True):
    """Where a place meets a street: which part of which way, how far along it and away from it."""

    segment: int
    along_m: float
    away_m: float


class Segment(Struct, frozen=True):
    """A straight part of a way between two of its nodes; `start` and `end` are vertices."""

    way: int
    start: Vertex
    end: Vertex
    spots: tuple[Spot, Spot]
    length_m: float


def build(
    streets: StreetMap,
    frame: Frame,
    starts: Mapping[str, Spot],
    ends: Mapping[str, Spot],
    speed_kmh: float,
) -> Network:
    """The graph of these streets with the places tied to the nearest of them."""
    pace = speed_kmh * 1000 / 60  # metres a minute
    graph: Graph = networkx.DiGraph()
    segments = _segments(streets, frame, list(starts.values()), graph)
    mainland = _mainland(segments)
    shore = _Shore(segments, mainland, streets.ways)
    links: dict[tuple[str, str], list[Link]] = {}
    far: dict[tuple[str, str], float] = {}
    for side, places in (("start", starts), ("end", ends)):
        for name, spot in places.items():
            found = shore.links(spot)
            if found and found[0].away_m <= FARTHEST_STREET_M:
                links[side, name] = found
            else:
                far[side, name] = found[0].away_m if found else float("inf")
    stretches = _tie(graph, segments, streets.ways, links, pace)
    return Network(streets.ways, graph, stretches, frozenset(starts), frozenset(ends), far)


def _segments(
    streets: StreetMap, frame: Frame, gates: Sequence[Spot], graph: Graph
) -> list[Segment]:
    """Every straight part of every way. At a barrier a way ends, and what may pass is an edge."""
    segments = []
    for number, way in enumerate(streets.ways):
        spots = [frame.spot(place) for place in way.places]
        for position in range(len(spots) - 1):
            ends: list[Vertex] = []
            for side in (0, 1):
                node, spot = way.nodes[position + side], spots[position + side]
                vertex: Vertex = node
                is_closed = node in streets.closed and all(
                    dist(spot, gate) > OPEN_GATE_M for gate in gates
                )
                if is_closed or node in streets.stepped:
                    vertex = (node, number, position, side)
                    if not is_closed:
                        _join(graph, node, vertex)
                ends.append(vertex)
            length = dist(spots[position], spots[position + 1])
            if ends[0] == ends[1]:
                continue  # a node drawn twice
            segments.append(
                Segment(number, ends[0], ends[1], (spots[position], spots[position + 1]), length)
            )
    return segments


def _join(graph: Graph, one: Vertex, other: Vertex) -> None:
    edge = {"minutes": 0.0, "length_m": 0.0, "stairs": OBSTACLE_STEPS, "step_free": False}
    graph.add_edge(one, other, **edge)
    graph.add_edge(other, one, **edge)


def _mainland(segments: Sequence[Segment]) -> list[bool]:
    """For each segment, whether it hangs together with a good part of the streets."""
    whole: networkx.Graph[Vertex] = networkx.Graph()
    # Split at barriers or not: a locked gate does not make a street an island.
    ends = [(_node_of(segment.start), _node_of(segment.end)) for segment in segments]
    whole.add_edges_from(ends)
    piece_of: dict[Vertex, int] = {}
    for number, vertices in enumerate(networkx.connected_components(whole)):
        piece_of.update(dict.fromkeys(vertices, number))
    lengths: dict[int, float] = {}
    for segment, (start, _end) in zip(segments, ends, strict=True):
        lengths[piece_of[start]] = lengths.get(piece_of[start], 0.0) + segment.length_m
    least = MAINLAND_SHARE * max(lengths.values(), default=0.0)
    return [lengths[piece_of[start]] >= least for start, _end in ends]


def _node_of(vertex: Vertex) -> Vertex:
    return vertex[0] if isinstance(vertex, tuple) else vertex


class _Shore:
    """Finds the street beside a place."""

    def __init__(
        self, segments: Sequence[Segment], mainland: Sequence[bool], ways: Sequence[Way]
    ) -> None:
        everywhere = [
            number
            for number, is_mainland in enumerate(mainland)
            if is_mainland and ways[segments[number].way].is_grounded
        ]
        level = [n for n in everywhere if ways[segments[n].way].step_free]
        self._segments = segments
        self._trees = [
            (numbers, STRtree([LineString(segments[n].spots) for n in numbers]))
            for numbers in (everywhere, level)
        ]

    def links(self, spot: Spot) -> list[Link]:
        """The nearest street, and the nearest step-free one if it is another and not much
        farther. Nothing where there are no streets."""
        found: list[Link] = []
        for numbers, tree in self._trees:
            if not numbers:
                continue
            nearest = numbers[int(tree.nearest(Point(spot)))]
            link = self._link(nearest, spot)
            if not found or (
                link.segment != found[0].segment
                and link.away_m <= min(found[0].away_m + STEP_FREE_DETOUR_M, FARTHEST_STREET_M)
            ):
                found.append(link)
        return found

    def _link(self, number: int, spot: Spot) -> Link:
        (x1, y1), (x2, y2) = self._segments[number].spots
        length = self._segments[number].length_m
        along = 0.0
        if length > 0:
            along = ((spot[0] - x1) * (x2 - x1) + (spot[1] - y1) * (y2 - y1)) / length
            along = min(max(along, 0.0), length)
        foot = _between(self._segments[number], along)
        return Link(number, along, dist(spot, foot))


def _between(segment: Segment, along_m: float) -> Spot:
    (x1, y1), (x2, y2) = segment.spots
    # Exactly the ends at the ends, so that what follows one another is seen to.
    if along_m <= 0:
        return x1, y1
    if along_m >= segment.length_m:
        return x2, y2
    share = along_m / segment.length_m
    return x1 + share * (x2 - x1), y1 + share * (y2 - y1)


def _tie(
    graph: Graph,
    segments: Sequence[Segment],
    ways: Sequence[Way],
    links: Mapping[tuple[str, str], Sequence[Link]],
    pace: float,
) -> list[Stretch]:
    """Puts the segments into the graph, cut where places meet them, and ties the places to them.

    A start only leads away and an end only leads in: nobody takes a short cut through a place
    that is tied to two streets.
    """
    cuts: dict[int, set[float]] = {}
    for found in links.values():
        for link in found:
            cuts.setdefault(link.segment, set()).add(link.along_m)
    rates = _step_rates(segments, ways)
    stretches: list[Stretch] = []
    for number, segment in enumerate(segments):
        for start, end, low, high in _parts(number, segment, cuts.get(number, set()), graph):
            way = ways[segment.way]
            length = high - low
            minutes = length / pace * (STEPS_SLOWNESS if way.kind == "steps" else 1.0)
            if way.kind == "steps":
                stairs = length * rates[segment.way]
            else:
                stairs = 0.0 if way.step_free else OBSTACLE_STEPS
            edge = {
                "minutes": minutes,
                "length_m": length,
                "stairs": stairs,
                "step_free": way.step_free,
            }
            if way.forward:
                graph.add_edge(start, end, **edge)
            if way.backward:
                graph.add_edge(end, start, **edge)
            spots = (_between(segment, low), _between(segment, high))
            stretches.append(Stretch(segment.way, start, end, spots, minutes))
    for place, found in links.items():
        for link in found:
            vertex = _vertex_at(link.segment, segments[link.segment], link.along_m)
            edge = {
                "minutes": link.away_m / pace,
                "length_m": link.away_m,
                "stairs": 0.0,
                "step_free": True,
            }
            one, other = (place, vertex) if place[0] == "start" else (vertex, place)
            graph.add_edge(one, other, **edge)
    return stretches


def _step_rates(segments: Sequence[Segment], ways: Sequence[Way]) -> dict[int, float]:
    """Steps a metre on each flight: as counted, or one for each STEP_DEPTH_M."""
    lengths: dict[int, float] = {}
    for segment in segments:
        if ways[segment.way].kind == "steps":
            lengths[segment.way] = lengths.get(segment.way, 0.0) + segment.length_m
    rates = {}
    for number, length in lengths.items():
        counted = ways[number].step_count
        rates[number] = counted / length if counted and length else 1 / STEP_DEPTH_M
    return rates


def _vertex_at(number: int, segment: Segment, along_m: float) -> Vertex:
    if along_m <= 0:
        return segment.start
    return segment.end if along_m >= segment.length_m else ("cut", number, along_m)


def _parts(
    number: int, segment: Segment, cuts: set[float], graph: Graph
) -> Iterator[tuple[Vertex, Vertex, float, float]]:
    """A segment's parts between its cuts: two vertices, and metres from its start to each."""
    inner = {along for along in cuts if 0 < along < segment.length_m}
    if not inner and (
        graph.has_edge(segment.start, segment.end) or graph.has_edge(segment.end, segment.start)
    ):
        # Two ways between the same two nodes: the second one gets a vertex of its own.
        inner = {segment.length_m / 2}
    # Two nodes may lie on one spot: the ends are told apart by their vertices, not by metres.
    marks = [
        (segment.start, 0.0),
        *((("cut", number, along), along) for along in sorted(inner)),
        (segment.end, segment.length_m),
    ]
    for (start, low), (end, high) in pairwise(marks):
        yield start, end, low, high

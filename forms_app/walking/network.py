"""The streets around one estate as a graph, and the minutes on it from entrance to venue.

Places come in as names with metres in a Frame; it knows nothing of files, estates or dates.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from math import ceil
from typing import Any, TypeAlias

import networkx
from msgspec import Struct

from forms_app.walking.frame import Spot
from forms_app.walking.streets import Way

# A node of the map; or a tuple where a way ends at a barrier or a place meets a street, or a place.
Vertex: TypeAlias = Hashable
Graph: TypeAlias = "networkx.DiGraph[Vertex]"

SOURCE = ("source", "")


class Stretch(Struct, frozen=True):
    """A part of a way between two vertices, cut where places meet it."""

    way: int
    start: Vertex
    end: Vertex
    spots: tuple[Spot, Spot]
    minutes: float


class Route(Struct, frozen=True):
    """A way on foot: exact minutes, metres, and the steps on it."""

    minutes: float
    length_m: float
    stairs: int


class Network(Struct):
    """`starts` and `ends` are names; `far` are the places that no street comes near, as
    ("start" or "end", name), with metres to the nearest one (infinite where there is none)."""

    ways: Sequence[Way]
    graph: Graph
    stretches: Sequence[Stretch]
    starts: frozenset[str]
    ends: frozenset[str]
    far: Mapping[tuple[str, str], float]

    def routes(self, start: str, cutoff_minutes: float, *, step_free: bool) -> dict[str, Route]:
        """The fastest way from a start to each end that is reached within the time."""
        source = ("start", start)
        if source not in self.graph:
            return {}
        before, minutes = networkx.dijkstra_predecessor_and_distance(
            self.graph, source, cutoff=cutoff_minutes, weight=_weight(step_free)
        )
        found = {}
        for end in self.ends:
            goal = ("end", end)
            if goal in minutes:
                found[end] = self._route(before, source, goal, minutes[goal])
        return found

    def _route(
        self,
        before: Mapping[Vertex, Sequence[Vertex]],
        source: Vertex,
        goal: Vertex,
        minutes: float,
    ) -> Route:
        length = stairs = 0.0
        vertex = goal
        while vertex != source:
            previous = before[vertex][0]
            edge = self.graph.edges[previous, vertex]
            length += edge["length_m"]
            stairs += edge["stairs"]
            vertex = previous
        # A share of a flight is whole steps too.
        return Route(minutes, length, ceil(stairs - 1e-6) if stairs else 0)

    def arrival_minutes(self, delays: Mapping[str, float], cutoff: float) -> dict[Vertex, float]:
        """When each vertex is first reached, where each start is left after its own minutes."""
        graph = self.graph
        graph.add_node(SOURCE)
        for start, delay in delays.items():
            if ("start", start) in graph:
                graph.add_edge(
                    SOURCE, ("start", start), minutes=delay, length_m=0, stairs=0, step_free=True
                )
        found = networkx.single_source_dijkstra_path_length(
            graph, SOURCE, cutoff=cutoff, weight="minutes"
        )
        graph.remove_node(SOURCE)
        return dict(found)


def _weight(
    step_free: bool,
) -> str | Callable[[Vertex, Vertex, dict[str, Any]], float | None]:
    if not step_free:
        return "minutes"
    # networkx leaves edges out whose weight is None.
    return lambda _start, _end, edge: edge["minutes"] if edge["step_free"] else None

"""A map file from OpenStreetMap (.osm.pbf or .osm), read once: only what lies near the estates."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import osmium

from forms_app.rules.os_words import why
from forms_app.walking.frame import Box, Place
from forms_app.walking.refusal import WalksRefused
from forms_app.walking.streets import (
    StreetMap,
    Way,
    directions_of,
    is_carriageway,
    is_closed,
    is_grounded,
    is_step_free,
    kind_of,
    needs_steps,
    step_count_of,
)

# China's largest province has about 200 MB. The places of all nodes are held in memory while the
# file is read, 16 bytes each: a whole country would need several GB.
LARGEST_BYTES = 1_000_000_000
TOLD_EVERY = 200_000

GET_ONE = "请重新下载所在省份的地图（.osm.pbf）"


def read_map(path: Path, boxes: Sequence[Box], tell: Callable[[str], None]) -> StreetMap:
    """The walkable ways that touch one of the boxes, and the barriers on them.

    Raises WalksRefused where the file is missing, too large, cut off or no map.
    """
    _check(path)
    ways: list[Way] = []
    closed: set[int] = set()
    stepped: set[int] = set()
    keys = osmium.filter.KeyFilter("highway", "barrier", "man_made", "railway", "public_transport")
    entities = osmium.osm.NODE | osmium.osm.WAY
    seen = 0
    try:
        # Locations are noted before the filter drops the nodes.
        for thing in (
            osmium.FileProcessor(osmium.io.File(str(path)), entities)
            .with_locations()
            .with_filter(keys)
        ):
            seen += 1
            if seen % TOLD_EVERY == 0:
                tell(f"已读 {seen // 10_000} 万个对象，找到 {len(ways)} 条附近的街道……")
            if isinstance(thing, osmium.osm.Node):
                tags = dict(thing.tags)
                if is_closed(tags):
                    closed.add(thing.id)
                elif needs_steps(tags):
                    stepped.add(thing.id)
            elif isinstance(thing, osmium.osm.Way):
                ways.extend(_pieces(thing, boxes))
    except RuntimeError as error:
        # osmium has no error of its own: everything that is wrong with a file is this one.
        raise WalksRefused(f"地图文件 {path} 读不下去（{error}），{GET_ONE}。") from None
    if not seen:
        raise WalksRefused(f"地图文件 {path} 里没有任何道路，{GET_ONE}。")
    return StreetMap(tuple(ways), frozenset(closed), frozenset(stepped))


def _check(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise WalksRefused(f"打不开地图文件 {path}（{why(error)}），请核对路径。") from None
    if not path.is_file():
        raise WalksRefused(f"{path} 不是文件，请写出地图文件的路径。")
    if not path.name.endswith((".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")):
        raise WalksRefused(f"{path} 不像地图文件，文件名要以 .osm.pbf 或 .osm 结尾。")
    if size > LARGEST_BYTES:
        raise WalksRefused(
            f"地图文件 {path} 有 {size / 1e9:.1f} GB，太大了；"
            f"请改用所在省份的地图（不超过 {LARGEST_BYTES / 1e9:g} GB）。"
        )


def _pieces(way: "osmium.osm.Way", boxes: Sequence[Box]) -> Iterable[Way]:
    """A way near the estates; several where an extract has cut nodes out of its middle."""
    nodes: list[tuple[int, Place]] = []
    runs = [nodes]
    for node in way.nodes:
        if node.location.valid():
            runs[-1].append((node.ref, (node.location.lat, node.location.lon)))
        elif runs[-1]:
            runs.append([])
    runs = [run for run in runs if len(run) > 1 and _is_near(run, boxes)]
    if not runs:
        return
    tags = dict(way.tags)
    kind = kind_of(tags)
    if not kind:
        return
    forward, backward = directions_of(tags)
    for run in runs:
        yield Way(
            id=way.id,
            nodes=tuple(ref for ref, _place in run),
            places=tuple(place for _ref, place in run),
            kind=kind,
            name=tags.get("name:zh") or tags.get("name", ""),
            step_free=is_step_free(tags),
            forward=forward,
            backward=backward,
            # Counted for the whole flight: of no use for a part of it.
            step_count=step_count_of(tags) if len(run) == len(way.nodes) else None,
            is_grounded=is_grounded(tags),
            is_carriageway=is_carriageway(tags),
        )


def _is_near(run: Sequence[tuple[int, Place]], boxes: Sequence[Box]) -> bool:
    latitudes = [place[0] for _ref, place in run]
    longitudes = [place[1] for _ref, place in run]
    extent = Box(min(latitudes), min(longitudes), max(latitudes), max(longitudes))
    return any(extent.touches(box) for box in boxes)

"""Small street maps for tests, drawn in metres around a point in the sample's neighbourhood."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import quoteattr

from forms_app.walking.frame import Box, Frame, Spot
from forms_app.walking.map_file import read_map
from forms_app.walking.network import Network
from forms_app.walking.streets import StreetMap
from forms_app.walking.streets_tied import build

FRAME = Frame(25.83, 114.90)
EVERYWHERE = [Box(25.7, 114.7, 26.0, 115.1)]
TODAY = date(2026, 11, 24)
ELDER_KMH = 3.0  # 50 metres a minute

Drawn = Sequence[tuple[Sequence[int], Mapping[str, str]]]
STREET = {"highway": "residential"}
STEPS = {"highway": "steps"}


def draw(
    file: Path,
    spots: Mapping[int, Spot],
    ways: Drawn,
    tagged: Mapping[int, Mapping[str, str]] | None = None,
) -> Path:
    """Writes an OSM XML file: nodes by id in metres east and north, ways as node ids with tags."""

    def tags_of(tags: Mapping[str, str]) -> str:
        return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())

    lines = ['<osm version="0.6">']
    for node, spot in spots.items():
        latitude, longitude = FRAME.place(spot)
        tags = tags_of((tagged or {}).get(node, {}))
        lines.append(f'<node id="{node}" lat="{latitude:.9f}" lon="{longitude:.9f}">{tags}</node>')
    for number, (nodes, tags) in enumerate(ways, 1):
        refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
        lines.append(f'<way id="{number}">{refs}{tags_of(tags)}</way>')
    file.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    return file


def quiet(_words: str) -> None:
    """Progress that nobody reads."""


def streets_of(
    tmp_path: Path,
    spots: Mapping[int, Spot],
    ways: Drawn,
    tagged: Mapping[int, Mapping[str, str]] | None = None,
) -> StreetMap:
    """What is read back from such a map."""
    return read_map(draw(tmp_path / "map.osm", spots, ways, tagged), EVERYWHERE, quiet)


def network_of(streets: StreetMap, starts: Mapping[str, Spot], ends: Mapping[str, Spot]) -> Network:
    """The network with an elder's pace."""
    return build(streets, FRAME, starts, ends, ELDER_KMH)


def grid(
    side_m: float, step_m: float
) -> tuple[dict[int, Spot], list[tuple[list[int], dict[str, str]]]]:
    """Streets every so many metres over a square around the middle."""
    count = int(side_m / step_m) + 1
    spots = {
        column * 1000 + row + 1: (column * step_m - side_m / 2, row * step_m - side_m / 2)
        for column in range(count)
        for row in range(count)
    }
    ways = [([c * 1000 + r + 1 for r in range(count)], STREET) for c in range(count)]
    ways += [([c * 1000 + r + 1 for c in range(count)], STREET) for r in range(count)]
    return spots, ways

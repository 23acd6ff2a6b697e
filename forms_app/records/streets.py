"""The streets around one estate, as lines for its sketch: read from GeoJSON (RFC 7946).

It does not know how they were computed, nor how they are drawn.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class StreetLine:
    """A part of one way, all of it within the promise or all of it beyond."""

    kind: str  # street, path or steps
    reached: bool
    name: str
    points: tuple[tuple[float, float], ...]  # latitude, longitude


@dataclass(frozen=True)
class Streets:
    estate_id: str
    made_on: date
    source: str  # whom the map must be credited to
    lines: tuple[StreetLine, ...]


def read_streets(folder: Path, estate_id: str) -> Streets | None:
    """The estate's streets from `<estate_id>.geojson`; None where no map was fit to draw them."""
    file = folder / f"{estate_id}.geojson"
    if not file.is_file():
        return None
    found = json.loads(file.read_text(encoding="utf-8"))
    return Streets(
        estate_id=estate_id,
        made_on=date.fromisoformat(found["made_on"]),
        source=found["source"],
        lines=tuple(
            StreetLine(
                kind=feature["properties"]["kind"],
                reached=feature["properties"]["reached"],
                name=feature["properties"].get("name", ""),
                points=tuple(
                    (latitude, longitude)
                    for longitude, latitude in feature["geometry"]["coordinates"]
                ),
            )
            for feature in found["features"]
        ),
    )

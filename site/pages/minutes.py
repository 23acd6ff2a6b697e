"""How long every walk from an estate takes, as a small file that the pages ask for.

Every page then tells whoever has chosen an estate the minutes from their own gate; the page of the
estate says the same without scripts, and how it is known.
"""

import json
from math import ceil, floor, isnan

from forms_app.radius.reach import BEYOND, Radius, Reach, by_hope, open_spans


def files(radius: Radius) -> dict[str, bytes]:
    """A file for each estate, by path."""
    return {
        f"near/{estate_id}.json": json.dumps(
            _walks(radius, estate_id), ensure_ascii=False, separators=(",", ":")
        ).encode()
        for estate_id in radius.circle.estates
    }


def _walks(radius: Radius, estate_id: str) -> dict[str, object]:
    """When each gate is open, and for each venue the ways through them, the best first.

    A way is its gate, the whole minutes to say (of a walk rounded up, of the straight line down),
    what they rest on, the steps on the way, and its rank among all. A venue that is beyond through
    every gate is left out; without entrances nothing is known and `ways` is null.
    """
    entrances = radius.circle.entrances_of(estate_id)
    gates = {entrance.name: place for place, entrance in enumerate(entrances)}
    ways = {}
    for venue_id in radius.candidates(estate_id) if gates else ():
        found = sorted(radius.ways(estate_id, venue_id), key=by_hope)
        told = [_way(reach, gates[reach.entrance]) for reach in found if reach.answer != BEYOND]
        if told:
            ways[venue_id] = told
    spans = [list(open_spans(entrance.open_hours)) for entrance in entrances]
    return {"gates": spans, "ways": ways if gates else None}


def _way(reach: Reach, gate: int) -> list[object]:
    if isnan(reach.minutes):
        return [gate, 0, "unknown", 0, 2000]
    minutes = round(reach.minutes, 6)
    whole = ceil(minutes) if reach.is_reached else floor(minutes)
    rank = round(reach.minutes * 10) + (0 if reach.is_reached else 1000)
    return [gate, whole, reach.basis, reach.stairs, rank]

"""What of OpenStreetMap may be walked, in which direction, and where it needs legs for steps.

Pure: tags in, facts out. It follows the wiki's defaults for people on foot
(https://wiki.openstreetmap.org/wiki/OSM_tags_for_routing/Access_restrictions).
"""

from collections.abc import Mapping

from msgspec import Struct

from forms_app.walking.frame import Place

STREETS = frozenset(
    {
        "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
        "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service",
        "pedestrian", "road",
    }
)  # fmt: skip
DIVIDED = frozenset({"trunk", "primary", "secondary", "tertiary"})
PATHS = frozenset(
    {"footway", "path", "cycleway", "bridleway", "track", "corridor", "platform", "elevator"}
)
ONLY_IF_SAID = frozenset({"busway", "bus_guideway"})

ALLOWED = frozenset({"yes", "designated", "permissive", "official", "destination", "customers"})
FORBIDDEN = frozenset(
    {"no", "private", "use_sidepath", "agricultural", "forestry", "delivery", "military",
     "emergency", "restricted"}
)  # fmt: skip

CLOSED_BARRIERS = frozenset({"wall", "fence", "hedge", "yes", "city_wall", "retaining_wall"})
STEP_BARRIERS = frozenset(
    {"stile", "turnstile", "full-height_turnstile", "kissing_gate", "step", "log"}
)

# GB 50352-2019, 6.7.1: steps before public buildings are at least 0.30 m deep.
STEP_DEPTH_M = 0.30


class Way(Struct, frozen=True):
    """A street, path or flight of steps as the map draws it."""

    id: int
    nodes: tuple[int, ...]
    places: tuple[Place, ...]  # one for each node
    kind: str  # "street", "path" or "steps"
    name: str
    step_free: bool
    forward: bool  # may be walked in the direction in which it is drawn
    backward: bool
    step_count: int | None  # as counted by the mapper, None where nobody did
    is_grounded: bool = True  # a place beside it can be beside it: no bridge, no tunnel
    is_carriageway: bool = False  # one of the two that a divided road is drawn as


class StreetMap(Struct, frozen=True):
    """What may be walked in a part of the map, and the nodes that stand in the way."""

    ways: tuple[Way, ...]
    closed: frozenset[int]  # nobody passes on foot
    stepped: frozenset[int]  # passes who can climb or squeeze through


def kind_of(tags: Mapping[str, str]) -> str:
    """ "street", "path" or "steps"; nothing where people may not or cannot walk."""
    highway = tags.get("highway", "")
    if highway == "steps":
        kind = "steps"
    elif highway in STREETS:
        kind = "street"
    elif (
        highway in PATHS
        or tags.get("man_made") == "pier"
        or "platform" in (tags.get("railway"), tags.get("public_transport"))
    ):
        kind = "path"
    elif highway in ONLY_IF_SAID and tags.get("foot") in ALLOWED:
        kind = "street"
    else:
        return ""
    return kind if _may_enter(tags) else ""


def _may_enter(tags: Mapping[str, str]) -> bool:
    foot = tags.get("foot", "")
    if foot in ALLOWED:
        return True
    if foot in FORBIDDEN or tags.get("motorroad") == "yes":
        return False
    return tags.get("access", "") not in FORBIDDEN


def directions_of(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether people may walk along, and against, the direction in which a way is drawn.

    A one-way street is one-way for vehicles only. An escalator without its own direction
    (conveying=yes) goes the way its oneway says.
    """
    conveying = tags.get("conveying", "")
    direction = tags.get("oneway:foot") or {"forward": "yes", "backward": "-1"}.get(conveying, "")
    if not direction and conveying == "yes":
        direction = tags.get("oneway", "")
    forward = direction not in ("-1", "reverse") and tags.get("foot:forward") != "no"
    backward = direction not in ("yes", "true", "1") and tags.get("foot:backward") != "no"
    return forward, backward


def is_carriageway(tags: Mapping[str, str]) -> bool:
    """Whether this is most likely half of a divided road: both halves are one street to walk in.

    A larger road that is one-way for vehicles may be a whole street; counting it as half makes a
    map look thinner than it is, never denser.
    """
    return tags.get("oneway") == "yes" and tags.get("highway") in DIVIDED


def is_step_free(tags: Mapping[str, str]) -> bool:
    """Whether a wheelchair gets along; an escalator is steps."""
    return not (
        tags.get("highway") == "steps"
        or tags.get("wheelchair") == "no"
        or tags.get("conveying", "no") != "no"
    )


def is_grounded(tags: Mapping[str, str]) -> bool:
    """Whether a door may open onto it: an elevated road passes a house, a tunnel is below it."""
    return tags.get("bridge", "no") == "no" and tags.get("tunnel", "no") in (
        "no",
        "building_passage",
    )


def step_count_of(tags: Mapping[str, str]) -> int | None:
    """How many steps somebody counted."""
    text = tags.get("step_count", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) <= 2000 else None


def is_closed(tags: Mapping[str, str]) -> bool:
    """Whether a node on a way stops everybody on foot: a wall, a locked or private gate."""
    if "barrier" not in tags or tags.get("foot") in ALLOWED:
        return False
    return tags["barrier"] in CLOSED_BARRIERS or tags.get("locked") == "yes" or not _may_enter(tags)


def needs_steps(tags: Mapping[str, str]) -> bool:
    """Whether a node on a way lets nobody through who cannot climb or squeeze."""
    return tags.get("barrier") in STEP_BARRIERS or (
        "barrier" in tags and tags.get("wheelchair") == "no"
    )

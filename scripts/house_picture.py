"""The picture of the house: a box a room, the ground floor below, an arrow to what it stands on."""

import ast
import re
from html import escape
from pathlib import Path

from scripts.house import House

PICTURE = "architecture.svg"
WIDTH, HEIGHT = 184, 76
GAP, BETWEEN, EDGE = 18, 56, 24
FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif"
STYLE = f"""
text {{ font-family: {FONT}; fill: #22251f }}
.name {{ font-size: 16px; font-weight: 700 }}
.why {{ font-size: 11px; fill: #4b4a41 }}
.room {{ fill: #fffefb; stroke: #0d5546; stroke-width: 1.5 }}
.pure {{ fill: #e1eee6 }}
.arrow {{ fill: none; stroke: #6d6656; stroke-width: 1.1 }}
.paper {{ fill: #fbf8f1 }}
"""
SHORT = 60  # letters of what a room says of itself
NAMES = {"pages": "site/pages"}


def picture(house: House) -> str:
    """The SVG. Arrows that follow from others are left out: who imports rules through issues."""
    floors: dict[int, list[str]] = {}
    for room, floor in sorted(house.floors.items()):
        floors.setdefault(floor, []).append(room)
    highest = max(floors)
    most = max(len(rooms) for rooms in floors.values())
    width = 2 * EDGE + most * WIDTH + (most - 1) * GAP
    height = 2 * EDGE + highest * HEIGHT + (highest - 1) * BETWEEN
    places = {}
    for floor, rooms in floors.items():
        taken = len(rooms) * WIDTH + (len(rooms) - 1) * GAP
        for n, room in enumerate(rooms):
            left = (width - taken) / 2 + n * (WIDTH + GAP)
            places[room] = (left, EDGE + (highest - floor) * (HEIGHT + BETWEEN))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        "<title>The rooms of the house: each stands on the rooms that it imports</title>",
        f"<style>{STYLE}</style>",
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0 8 4 0 8z" fill="#6d6656"/></marker>',
        f'<rect class="paper" width="{width}" height="{height}"/>',
    ]
    for room in sorted(places):
        for other in sorted(house.telling_arrows(room)):
            parts.append(_arrow(places[room], places[other]))
    for room, place in sorted(places.items()):
        parts += _box(house, room, place)
    return "\n".join([*parts, "</svg>", ""])


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    x, y = start[0] + WIDTH / 2, start[1] + HEIGHT
    to_x, to_y = end[0] + WIDTH / 2, end[1]
    half = BETWEEN * 0.6
    curve = f"{x:.0f} {y + half:.0f} {to_x:.0f} {to_y - half:.0f} {to_x:.0f} {to_y:.0f}"
    return f'<path class="arrow" d="M{x:.0f} {y:.0f}C{curve}" marker-end="url(#tip)"/>'


def _box(house: House, room: str, place: tuple[float, float]) -> list[str]:
    left, top = place
    why = _why(house, room)
    kind = "room pure" if why.startswith("PURE") else "room"
    middle = left + WIDTH / 2
    lines = _broken(_short(why.removeprefix("PURE. ")), 30)
    return [
        f'<rect class="{kind}" x="{left:.0f}" y="{top:.0f}" width="{WIDTH}" height="{HEIGHT}" '
        'rx="9"/>',
        f'<text class="name" x="{middle:.0f}" y="{top + 21:.0f}" text-anchor="middle">'
        f"{escape(NAMES.get(room, room))}</text>",
        *(
            f'<text class="why" x="{middle:.0f}" y="{top + 37 + 13 * n:.0f}" '
            f'text-anchor="middle">{escape(line)}</text>'
            for n, line in enumerate(lines)
        ),
    ]


def _why(house: House, room: str) -> str:
    """The first line of what the room says of itself."""
    own = min(house.rooms[room], key=lambda path: (path.name != "__init__.py", path))
    said = ast.get_docstring(ast.parse(Path(own).read_text(encoding="utf-8"))) or ""
    return said.splitlines()[0] if said else ""


def _short(text: str) -> str:
    """As many of the clauses as a box has room for, one at least."""
    first, *more = re.split(r"(?<=[.:;])\s", text)
    for clause in more:
        if len(first) + 1 + len(clause) > SHORT:
            break
        first += f" {clause}"
    return first.rstrip(".:;")


def _broken(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines

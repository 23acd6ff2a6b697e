"""The flowchart: the procedure's table laid out as one column of steps.

Every line drawn comes from `procedure.MOVES`; nothing here says who may do what.
"""

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import east_asian_width

from msgspec import Struct, field

from forms_app.rules.move import Move
from forms_app.rules.procedure import MOVES
from forms_app.rules.steps import BEFORE_VERDICT, STEPS, Step
from pages.procedure_tables import condition, who_labels
from pages.rendering import render
from pages.ways import everywhere_ways, is_everywhere, steps_and_ways, until, way

# The way of an issue that goes well, from top to bottom; every other step hangs below it.
COLUMN = (*BEFORE_VERDICT, Step.EVALUATING, Step.CLOSED)

# 340 units fill a phone of 360 pixels, so that 14 units stay legible there.
WIDTH = 340
TEXT = 14
LINE = 20
TITLE = 26
LANE = 32
PADDING = 12
GAP = 46


class Exit(Struct, frozen=True):
    """A way out of a step that is written in its box rather than drawn as a line."""

    lines: tuple[tuple[float, str], ...]
    target: Step


class Box(Struct, frozen=True):
    step: Step
    x: float
    y: float
    width: float
    height: float
    title: str
    lines: tuple[tuple[float, str], ...]
    exits: tuple[Exit, ...]

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


class Entry(Struct, frozen=True):
    """All who may bring an issue to the first step."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[float, str], ...]

    @property
    def bottom(self) -> float:
        return self.y + self.height


class Arrow(Struct, frozen=True):
    """A line between two boxes; a lane's label runs down beside it."""

    path: str
    label: str
    label_x: float
    label_y: float
    is_lane: bool = False
    lane_height: float = 0


class Chart(Struct, frozen=True):
    """Two drawings in one system: down to `split` the column, below it the other steps."""

    width: float
    height: float
    split: float
    entry: Entry
    column: tuple[Box, ...]
    others: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    aside: tuple[str, float]
    notes: tuple[tuple[float, str], ...]


def parts(moves: Sequence[Move] = MOVES) -> dict[str, str]:
    """The flowchart's part: the drawing, then the same as an ordered list."""
    listed = steps_and_ways(moves)
    entries = tuple(way(move, None) for move in moves if not move.from_steps)
    values = {
        "chart": chart(moves),
        "steps": listed,
        "entries": entries,
        "everywhere": everywhere_ways(moves),
        "text": TEXT,
    }
    return {"flowchart": render("flowchart.html", values)}


def is_line(move: Move) -> bool:
    """Whether a move is drawn as a line: one that several boxes share is written in each."""
    return move.to_step in COLUMN and len(set(COLUMN) & set(move.from_steps)) == 1


def is_stay(move: Move) -> bool:
    return move.to_step is None


class _Edge(Struct):
    """All moves between two steps of the column: they share one line."""

    start: int
    end: int
    moves: list[Move] = field(default_factory=list)

    @property
    def label(self) -> str:
        labels: dict[str, list[str]] = {}
        for move in self.moves:
            labels.setdefault(move.label, []).extend(move.severity_classes or ())
        shown = []
        for label, classes in labels.items():
            if classes and not any(f"{c}类" in label for c in "ABC"):
                label += f"（{'、'.join(f'{c}类' for c in classes)}）"
            shown.append(label)
        text = "、".join(shown)
        verdicts = {move.satisfied for move in self.moves}
        if verdicts == {True}:
            text += "（满意）"
        if verdicts == {False}:
            text += "（不满意）"
        if any(move.new_round for move in self.moves):
            text += "新一轮"
        return text


def _edges(moves: Iterable[Move]) -> list[_Edge]:
    edges: dict[tuple[int, int], _Edge] = {}
    for move in moves:
        if move.to_step is None or not is_line(move) or is_everywhere(move):
            continue
        end = COLUMN.index(move.to_step)
        for step in move.from_steps:
            if step in COLUMN:
                start = COLUMN.index(step)
                edges.setdefault((start, end), _Edge(start, end)).moves.append(move)
    return list(edges.values())


def chart(moves: Sequence[Move] = MOVES) -> Chart:
    """Where everything of the drawing stands, in units of its own."""
    edges = _edges(moves)
    down = [e for e in edges if e.end == e.start + 1]
    # Shorter ways run closer to the boxes, so that no two lines cross.
    skips = _lanes(sorted((e for e in edges if e.end > e.start + 1), key=lambda e: e.end - e.start))
    backs = _lanes(sorted((e for e in edges if e.end <= e.start), key=lambda e: e.start - e.end))
    left = LANE * len(skips) + 2
    width = WIDTH - left - LANE * len(backs) - 2

    entry = _entry(moves)
    y: float = entry.bottom + GAP
    boxes: list[Box] = []
    for step in COLUMN:
        boxes.append(_box(step, left, y, width, moves))
        y = boxes[-1].bottom + GAP
    arrows = [*_entry_arrows(moves, left + width / 2, entry.bottom), *_down(down, boxes)]
    for lanes, left_side in ((skips, True), (backs, False)):
        for lane, shared in enumerate(lanes):
            arrows += [_lane(edge, boxes, lane, left_side) for edge in shared]

    notes = []
    y -= GAP - 28
    for text in _everywhere_notes(moves):
        for line in wrapped(text, WIDTH - 2 * PADDING):
            y += LINE
            notes.append((y, line))
    split = y + 20
    aside = ("其他去向", split + 24)
    y = split + 36
    others: list[Box] = []
    for step in STEPS:
        if step not in COLUMN:
            others.append(_box(step, 2, y, WIDTH - 4, moves))
            y = others[-1].bottom + 12
    return Chart(
        WIDTH, y, split, entry, tuple(boxes), tuple(others), tuple(arrows), aside, tuple(notes)
    )


def _lanes(edges: Iterable[_Edge]) -> list[list[_Edge]]:
    """The edges by lane, the one beside the boxes first; two that do not overlap share one."""
    lanes: list[list[_Edge]] = []
    for edge in edges:
        low, high = sorted((edge.start, edge.end))
        for lane in lanes:
            if all(
                high <= min(other.start, other.end) or low >= max(other.start, other.end)
                for other in lane
            ):
                lane.append(edge)
                break
        else:
            lanes.append([edge])
    return lanes


def _entry(moves: Sequence[Move]) -> Entry:
    who = (label for m in moves if not m.from_steps for label in who_labels(m, short=True))
    lines = wrapped("、".join(dict.fromkeys(who)), WIDTH - 2 - 2 * LANE)
    placed = tuple((2 + PADDING + LINE * n + TEXT - 2, line) for n, line in enumerate(lines))
    height = LINE * len(lines) + 2 * PADDING - (LINE - TEXT)
    return Entry(2, 2, WIDTH - 4, height, placed)


def _box(step: Step, x: float, y: float, width: float, moves: Sequence[Move]) -> Box:
    facts = STEPS[step]
    room = width - 2 * PADDING
    here = [move for move in moves if step in move.from_steps and not is_everywhere(move)]
    texts = list(wrapped(facts.waits_for, room))
    stays = dict.fromkeys(move.label for move in here if is_stay(move))
    if stays:
        texts += _listed("其间可以：", tuple(stays), room)
    line_y = y + PADDING + TITLE - 8
    lines = []
    for text in texts:
        line_y += LINE
        lines.append((line_y, text))
    exits = []
    for move in here:
        drawn = step in COLUMN and is_line(move)
        if move.to_step is not None and not drawn:
            placed: list[tuple[float, str]] = []
            for text in wrapped(_exit_label(move), room):
                line_y += LINE if placed else LINE + 2
                placed.append((line_y, text))
            exits.append(Exit(tuple(placed), move.to_step))
    height = line_y + PADDING - y
    return Box(step, x, y, width, height, facts.label, tuple(lines), tuple(exits))


def _exit_label(move: Move) -> str:
    target = STEPS[_target(move)].label
    text = move.label + condition(move)
    if text == target:
        return f"转为{target}"
    return f"{text} → {target}{'（新一轮）' if move.new_round else ''}"


def _entry_arrows(moves: Sequence[Move], x: float, y: float) -> Iterator[Arrow]:
    labels = dict.fromkeys(move.label for move in moves if not move.from_steps)
    if labels:
        yield Arrow(f"M{x} {y}V{y + GAP - 2}", "、".join(labels), x + 10, y + GAP / 2 + 5)


def _down(edges: Iterable[_Edge], boxes: Sequence[Box]) -> Iterator[Arrow]:
    for edge in edges:
        start, end = boxes[edge.start], boxes[edge.end]
        x = start.x + start.width / 2
        y = (start.bottom + end.y) / 2
        yield Arrow(f"M{x} {start.bottom}V{end.y - 2}", edge.label, x + 10, y + 5)


def _lane(edge: _Edge, boxes: Sequence[Box], lane: int, left_side: bool) -> Arrow:
    start, end = boxes[edge.start], boxes[edge.end]
    # Lines that leave or reach the same box do so at different heights.
    leave = start.middle + 9 * lane
    reach = end.y + 14 + 14 * lane if left_side else end.bottom - 14 - 14 * lane
    if left_side:
        side = start.x
        x = side - 10 - LANE * lane
        label_x = x - 12
        tip = side - 2
    else:
        side = start.x + start.width
        x = side + 10 + LANE * lane
        label_x = x + 12
        tip = side + 2
    return Arrow(
        f"M{side} {leave}H{x}V{reach}H{tip}",
        edge.label,
        label_x,
        (leave + reach) / 2,
        is_lane=True,
        lane_height=abs(leave - reach),
    )


def _everywhere_notes(moves: Sequence[Move]) -> Iterator[str]:
    for move in moves:
        if is_everywhere(move):
            target = "不改变所在步骤" if is_stay(move) else f"转到{STEPS[_target(move)].label}"
            yield f"{until(move)}都可以{move.label}（{target}）。"


def _target(move: Move) -> Step:
    assert move.to_step is not None  # noqa: S101 (asked only of moves that lead somewhere)
    return move.to_step


_NO_LINE_START = "，。、；：）”"


def _listed(head: str, words: Sequence[str], width: float) -> list[str]:
    """The words behind a head in lines of at most `width` units, no word of them broken."""
    lines = [head + words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]}、{word}"
        if len(wrapped(longer, width)) > 1:
            lines[-1] += "、"
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def wrapped(text: str, width: float) -> list[str]:
    """The text in lines of at most `width` units; punctuation never starts a line."""
    lines = [""]
    room = width
    for character in text:
        size = TEXT if east_asian_width(character) in "WFA" else TEXT * 0.6
        if size > room and character not in _NO_LINE_START:
            lines.append("")
            room = width
        lines[-1] += character
        room -= size
    return lines

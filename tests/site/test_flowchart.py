"""The flowchart and its list: everything in the procedure's table is there."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace
from pages.flowchart import (
    COLUMN,
    PADDING,
    TEXT,
    WIDTH,
    chart,
    parts,
    wrapped,
)
from pages.ways import everywhere_ways, is_everywhere, steps_and_ways

from forms_app.rules.move import Move
from forms_app.rules.procedure import MOVES
from forms_app.rules.steps import OPEN_STEPS, STEPS, Role, Step

PART = parts()["flowchart"]
SVG = PART[PART.index("<figure") : PART.index("</figure>") + 9]
LIST = PART[PART.index("<ol") :]


def drawn_words(moves: tuple[Move, ...] = MOVES) -> str:
    part = parts(moves)["flowchart"]
    figure = part[part.index("<figure") : part.index("</figure>") + 9]
    return " ".join(ElementTree.fromstring(figure).itertext())  # noqa: S314 (our own)


def test_every_step_is_drawn_linked_and_listed():
    for step, facts in STEPS.items():
        assert f'href="#step-{step.value}"' in SVG
        assert f'id="step-{step.value}"' in LIST
        assert facts.label in drawn_words()


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_every_move_is_drawn(move: Move):
    assert move.label in drawn_words()


def test_every_move_is_listed_at_every_step_it_starts_from_or_once_for_all():
    here = [move for move in MOVES if not is_everywhere(move)]
    listed = {
        (step.step, way.label.split("（")[0]) for step in steps_and_ways() for way in step.ways
    }
    expected = {(step, move.label) for move in here for step in move.from_steps}
    assert listed == expected
    assert sum(len(step.ways) for step in steps_and_ways()) == sum(
        len(move.from_steps) for move in here
    )
    once = {way.label.partition("（")[0] for _, way in everywhere_ways()}
    assert once == {move.label for move in MOVES if is_everywhere(move)}
    assert all(LIST.count(f"<strong>{way.label}</strong>") == 1 for _, way in everywhere_ways())


def test_the_list_says_who_and_what_is_needed():
    classified = next(s for s in steps_and_ways() if s.step == Step.CLASSIFIED)
    assign = next(way for way in classified.ways if way.label == "交办（C类）")
    assert assign.who == ("社区书记、驻社区班子成员",)
    assert assign.needs == ("主办",)
    assert assign.target == "办理中"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((Step.HANDLING,), Step.COLLECTED),
        ((Step.COLLECTED,), Step.EVALUATING),
        ((Step.COLLECTED,), Step.SHELVED),
        ((Step.RESPONDING,), None),
        (OPEN_STEPS, Step.TRANSFERRED),
        ((), Step.COLLECTED),
    ],
)
def test_a_new_row_of_the_table_shows_without_a_change_here(
    start: tuple[Step, ...], end: Step | None
):
    new = Move("audit", "核查", start, end, frozenset({Role.SUPERVISOR}), ("note",), "")
    assert "核查" in drawn_words((*MOVES, new))
    list_html = parts((*MOVES, new))["flowchart"].partition("<ol")[2]
    assert list_html.count("核查") == (1 if start == OPEN_STEPS else len(start))


def test_a_row_taken_from_the_table_is_gone():
    without = tuple(move for move in MOVES if move.name != "plan")
    assert "制定方案" in [arrow.label for arrow in chart().arrows]
    assert "制定方案" not in [arrow.label for arrow in chart(without).arrows]
    assert "<strong>制定方案</strong>" not in parts(without)["flowchart"]


def test_everything_drawn_stays_inside_and_is_large_enough_for_a_phone():
    drawn = chart()
    assert TEXT >= 13
    assert drawn.width == WIDTH <= 360
    for box in (drawn.entry, *drawn.column, *drawn.others):
        assert 0 <= box.x <= box.x + box.width <= WIDTH
    assert all(len(line) * TEXT < drawn.entry.width for _, line in drawn.entry.lines)
    assert max(y for y, _ in drawn.notes) < drawn.split < min(box.y for box in drawn.others)
    assert max(box.bottom for box in drawn.others) <= drawn.height
    for arrow in drawn.arrows:
        if arrow.is_lane:
            assert 0 < arrow.label_x < WIDTH
            assert len(arrow.label) * TEXT <= arrow.lane_height, arrow.label


def test_no_words_of_a_box_run_over_its_edge():
    drawn = chart()
    for box in (*drawn.column, *drawn.others):
        ways_out = [line for way in box.exits for line in way.lines]
        for _, words in (*box.lines, *ways_out):
            assert wrapped(words, box.width - 2 * PADDING) == [words]


def test_no_two_boxes_overlap():
    drawn = chart()
    boxes = sorted((drawn.entry, *drawn.column, *drawn.others), key=lambda box: box.y)
    for above, below in pairwise(boxes):
        assert above.bottom < below.y


def test_the_drawing_names_and_describes_itself():
    assert 'aria-labelledby="flow-title flow-desc"' in SVG
    assert '<title id="flow-title">' in SVG
    assert '<desc id="flow-desc">' in SVG
    assert "style=" not in SVG


def test_every_link_of_the_drawing_leads_to_the_list():
    targets = set(re.findall(r'href="#([^"]+)"', SVG))
    assert targets <= set(re.findall(r'id="([^"]+)"', LIST))


def test_moves_open_at_every_step_are_drawn_once():
    everywhere = [move for move in MOVES if is_everywhere(move)]
    assert {move.name for move in everywhere} == {
        "withdraw",
        "separate",
        "reply",
        "note",
        "contact",
        "ring",
        "reissue",
        "correct",
        "review",
        "better",
        "still",
    }
    for move in everywhere:
        assert drawn_words().count(f"都可以{move.label}") == 1


def test_a_longer_table_makes_a_longer_drawing_and_keeps_the_column():
    more = tuple(replace(move, label=move.label * 2) for move in MOVES)
    assert [box.step for box in chart(more).column] == list(COLUMN)

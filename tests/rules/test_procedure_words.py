"""What steps, people and moves are called, and what a resident reads of a move."""

import re
from string import Formatter

import pytest
from msgspec.structs import astuple

from forms_app.rules.move import Move
from forms_app.rules.procedure import MOVES
from forms_app.rules.steps import (
    PART_LABELS,
    ROLE_LABELS,
    SATISFACTION,
    SEVERITY_CLASSES,
    STEPS,
    URGENCIES,
    Part,
    Role,
    Step,
)
from tests.rules.test_procedure import PEOPLE

PLACEHOLDERS = {
    *("note", "how_soon", "who_handles", "due_at"),
    *("parties", "reply_by", "organization", "lead", "review_on"),
    *("satisfaction_label", "authority", "field_label"),
    *("result_label", "office", "relayed_by", "district", "explained_by", "reviewed_by"),
}


def test_no_move_promises_at_once_what_may_wait_for_the_hours_of_duty() -> None:
    """A line is written at any hour and read at any other: how it stands says what is so now."""
    lines = [
        *(move.resident_line for move in MOVES),
        *(text for one in STEPS.values() for text in astuple(one)),
    ]
    assert [line for line in lines if re.search("马上|立即|立刻|分钟", str(line))] == []


def texts_to_read() -> list[str]:
    return [
        *(text for facts in STEPS.values() for text in astuple(facts)),
        *(move.label for move in MOVES),
        *(move.resident_line for move in MOVES if not move.is_internal),
        *ROLE_LABELS.values(),
        *PART_LABELS.values(),
        *SEVERITY_CLASSES.values(),
        *URGENCIES.values(),
        *SATISFACTION.values(),
    ]


def test_every_step_role_part_and_move_has_its_chinese_name() -> None:
    assert set(STEPS) == set(Step)
    assert set(ROLE_LABELS) == set(Role)
    assert set(PART_LABELS) == set(Part)
    for text in texts_to_read():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text), text


def test_no_two_steps_and_no_two_people_are_called_the_same() -> None:
    assert len({facts.label for facts in STEPS.values()}) == len(Step)
    assert len({*ROLE_LABELS.values(), *PART_LABELS.values()}) == len(PEOPLE)


def test_there_are_three_classes_three_urgencies_and_five_levels_of_satisfaction() -> None:
    assert list(SEVERITY_CLASSES) == ["C", "B", "A"]
    assert sorted(URGENCIES) == [1, 2, 3]
    assert sorted(SATISFACTION) == [1, 2, 3, 4, 5]


def test_what_is_read_has_chinese_punctuation() -> None:
    for text in texts_to_read():
        assert not set(text) & set(",;:()!?"), text


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_a_residents_line_takes_only_values_that_an_entry_has(move: Move) -> None:
    fields = list(Formatter().parse(move.resident_line))
    names = {name for _, name, _, _ in fields if name is not None}
    assert names <= PLACEHOLDERS
    assert not any(spec or conversion for _, _, spec, conversion in fields)
    assert move.is_internal == (not move.resident_line)
    assert move.is_internal or move.resident_line.endswith(("。", "{note}"))


def test_every_value_that_is_known_stands_in_some_line() -> None:
    used = {name for move in MOVES for _, name, _, _ in Formatter().parse(move.resident_line)}
    assert used - {None} == PLACEHOLDERS

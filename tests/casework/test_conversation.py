"""Questions, additions and notes: nothing stops for them, and each is read by whom it is for."""

from datetime import timedelta

import pytest

from forms_app import queries
from forms_app.casework import NotAllowed, NotPossible
from forms_app.rules.procedure import INTERNAL
from forms_app.rules.steps import Step
from tests.support.actors import (
    ALICE,
    BOB,
    CIRCLE,
    COLIN,
    DAN,
    FIRST,
    HANDED_IN,
    NOW,
    SUNNY,
    WENDY,
    bring,
    issue,
    make,
)
from tests.support.moves import last, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")

CANARY = "楼上那家又在吵，别让他知道是谁说的"


def listed(actor, now=NOW + timedelta(days=1)):
    found = queries.spoken(CIRCLE.clocks, actor, now)
    return tuple([row.number for row, _ in part] for part in (found.added, found.unanswered))


def test_a_question_stops_no_clock_and_waits_until_it_is_answered() -> None:
    bring(Step.HANDLING)
    before = issue()
    make("ask", WENDY, question="是哪一盏灯？")
    assert stands() == ("handling", 1, "C")
    assert (issue().due_at, issue().asked_since) == (before.due_at, last().made_at)
    assert "是哪一盏灯" in last().resident_line
    assert queries.case(ALICE, FIRST).question.note == "是哪一盏灯？"
    asked = issue().asked_since
    assert listed(DAN, asked + timedelta(days=3, minutes=-1)) == ([], [])
    assert listed(DAN, asked + timedelta(days=3)) == ([], [FIRST])
    make("reply", ALICE, addition="三楼的那一盏。")
    assert issue().asked_since is None
    assert queries.case(ALICE, FIRST).question is None
    assert listed(DAN, asked + timedelta(days=9)) == ([FIRST], [])


def test_what_a_resident_adds_stands_on_the_board_until_somebody_of_the_staff_goes_on() -> None:
    make("reply", ALICE, addition="还有二楼。")
    first = issue().added_since
    make("reply", ALICE, addition="还有四楼。")
    assert issue().added_since == first
    assert listed(WENDY) == ([FIRST], [])
    assert listed(SUNNY) == ([], [])
    make("note", WENDY, note="看过了。")
    assert listed(WENDY) == ([], [])


def test_what_staff_write_down_for_a_resident_is_not_new_to_them() -> None:
    make("reply", COLIN, HANDED_IN, addition="打电话来说，还有四楼。")
    assert issue(HANDED_IN).added_since is None
    with nothing_written(NotAllowed):
        make("reply", SUNNY, addition="看见了。")


def test_an_addition_says_something_or_shows_something() -> None:
    with nothing_written(NotPossible, "addition"):
        make("reply", ALICE, addition=" \n")


@pytest.mark.parametrize("step", [Step.CLOSED, Step.WITHDRAWN, Step.TRANSFERRED])
def test_nothing_is_added_to_what_is_over(step: Step) -> None:
    bring(step)
    with nothing_written(NotAllowed):
        make("reply", ALICE, addition="还有四楼。")


def test_a_question_is_over_once_there_is_something_to_judge() -> None:
    bring(Step.HANDLING)
    make("ask", WENDY)
    make("resolve", WENDY)
    assert issue().asked_since is None


def test_a_note_is_read_by_those_alone_who_work_on_it() -> None:
    bring(Step.RESPONDING, "B")
    make("note", DAN, note=CANARY)

    def reads(actor) -> bool:
        return CANARY in repr(queries.case(actor, FIRST))

    assert {actor.name: reads(actor) for actor in (ALICE, DAN, WENDY, BOB, SUNNY)} == {
        ALICE.name: False, "dan": True, "wendy": True, "bob": True, "sunny": False,
    }  # fmt: skip
    assert last().resident_line == ""
    assert INTERNAL == ("contact", "note")
    make("note", WENDY, HANDED_IN, note=CANARY)
    assert CANARY not in repr(queries.case(COLIN, HANDED_IN))

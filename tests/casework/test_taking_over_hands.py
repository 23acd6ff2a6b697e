"""Who judges work that another issue took over: nobody who did it under either number."""

import pytest

from forms_app import queries
from forms_app.casework import NotAllowed
from forms_app.issues.access import HANDS
from forms_app.rules.steps import Step
from forms_app.store.models import Issue
from tests.support.actors import (
    BOB,
    CIRCLE,
    DAN,
    FIRST,
    SECOND,
    STAFF,
    THIRD,
    WENDY,
    WILL,
    bring,
    issue,
    make,
    next_moment,
    seal_anew,
)
from tests.support.moves import assert_all_is_whole, nothing_written, stands
from tests.support.taking_over import BEA, follow, take_back

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("came", ["join", "merge"])
def test_it_then_goes_its_way_to_the_verdict_of_the_heirs_own_resident(came: str) -> None:
    make(came, BEA if came == "join" else DAN, SECOND, into=FIRST)
    bring(Step.HANDLING, "B")
    make("progress", BOB)
    take_back()
    with nothing_written(NotAllowed):
        make("evaluate", BEA, SECOND)
    make("progress", BOB, SECOND)
    make("resolve", BOB, SECOND)
    make("relay", DAN, SECOND)
    make("evaluate", BEA, SECOND)
    assert (stands(SECOND), stands()) == (("closed", 1, "B"), ("withdrawn", 1, "B"))
    assert_all_is_whole()


def test_whoever_worked_on_it_under_either_number_enters_no_verdict_on_it() -> None:
    follow(SECOND)
    follow(THIRD)
    bring(Step.EVALUATING)  # Wendy led it and resolved it
    take_back()
    assert stands(SECOND) == ("evaluating", 1, "C")
    for number in (SECOND, THIRD):
        if number == THIRD:
            take_back(SECOND)  # and the next one takes over from that
            assert stands(THIRD) == ("evaluating", 1, "C")
        now = next_moment(number)
        assert (
            "evaluate" not in queries.case(WENDY, number, queries.Moment(CIRCLE.clocks, now)).moves
        )
        with nothing_written(NotAllowed):
            make("evaluate", WENDY, number)
        assert_hands_agree()
    make("evaluate", WILL, THIRD)
    assert stands(THIRD)[0] == "closed"
    assert_all_is_whole()


def test_whoever_handed_its_result_on_before_enters_no_verdict_either() -> None:
    follow(SECOND)
    bring(Step.REPORTED, "B")
    make("relay", WILL)
    take_back()
    for other in (WILL, DAN):
        assert HANDS.holds(other, issue(SECOND)) is (other is WILL)
    with nothing_written(NotAllowed):
        make("evaluate", WILL, SECOND)
    assert_hands_agree()
    # In its next round it is others' work.
    make("evaluate", BEA, SECOND, satisfaction=1, comment="没修好。")
    assert not HANDS.holds(WILL, issue(SECOND))
    assert_hands_agree()


def test_whoever_answered_an_inquiry_at_the_desk_does_not_judge_it_for_a_follower() -> None:
    follow(SECOND)
    make("settle", WENDY, nature="inquiry")
    assert not HANDS.holds(WENDY, issue())
    Issue.update(nature="inquiry").where(Issue.number == SECOND).execute()
    seal_anew()
    take_back()
    assert (stands(SECOND), issue(SECOND).settled_at) == (
        ("evaluating", 1, "C"), issue().settled_at
    )  # fmt: skip
    with nothing_written(NotAllowed):
        make("evaluate", WENDY, SECOND)
    assert_hands_agree()
    make("take_back", DAN, SECOND)
    assert_all_is_whole()


def assert_hands_agree() -> None:
    """The rule's two readings, of everybody and every issue."""
    for actor in STAFF.values():
        where = {one.number for one in Issue.select().where(HANDS.where(actor))}
        holds = {one.number for one in Issue.select() if HANDS.holds(actor, one)}
        assert where == holds, actor.name


def test_a_ticket_that_was_shown_to_whoever_worked_on_it_before_marks_the_verdict() -> None:
    make("reissue", WENDY, SECOND)
    follow(SECOND)
    bring(Step.EVALUATING)
    take_back()
    entry = make("evaluate", BEA, SECOND)
    assert entry.asked_how
    assert issue(SECOND).verdict_by == "staff"

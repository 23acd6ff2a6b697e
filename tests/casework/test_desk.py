"""Answered at the first desk, and what leads back from a closed issue."""

from datetime import timedelta

import pytest

from forms_app import casework, queries
from forms_app.casework import Intake, NotAllowed, NotPossible
from forms_app.issues.access import resident
from forms_app.rules.steps import Part, Step
from tests.support.actors import (
    ALICE,
    CIRCLE,
    DAN,
    DORA,
    FIRST,
    NOW,
    WENDY,
    WILL,
    bring,
    entries,
    issue,
    make,
    submit,
)
from tests.support.moves import last, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")

A_DAY = timedelta(days=1)


def call_in(key: str, nature: str = "inquiry", verdict: int | None = 5, answer: str = "周二开门。"):
    intake = Intake(opinion=answer, settles=True, verdict=verdict)
    return submit(key, WENDY, channel="phone", nature=nature, intake=intake)


def test_an_inquiry_by_telephone_is_taken_in_answered_and_judged_by_one_person_at_once() -> None:
    found = call_in("a call")
    assert (found.step, found.severity_class, found.urgency) == ("closed", "C", None)
    assert (found.initial_opinion, found.verdict_by) == ("周二开门。", "staff")
    assert [entry.move for entry in entries(found.number)] == ["submit", "settle", "evaluate"]
    assert queries.broken_histories() == []


def test_what_is_no_inquiry_waits_for_its_resident_or_a_colleague() -> None:
    with nothing_written(NotPossible, "verdict"):
        call_in("a call", "help")
    found = call_in("a call", "help", verdict=None)
    assert found.step == "evaluating"
    with nothing_written(NotAllowed):
        make("evaluate", WENDY, found.number)
    make("evaluate", WILL, found.number)
    assert issue(found.number).step == "closed"


@pytest.mark.parametrize(
    ("nature", "answer", "verdict", "field"),
    [
        ("tip_off", "知道了。", None, "nature"),
        ("", "知道了。", None, "nature"),
        ("inquiry", " ", None, "initial_opinion"),
        ("inquiry", "知道了。", 2, "verdict"),
    ],
)
def test_what_cannot_be_settled_says_why_and_takes_nothing_in(
    nature: str, answer: str, verdict: int | None, field: str
) -> None:
    with nothing_written(NotPossible, field):
        call_in("a call", nature, verdict, answer)


def test_a_circle_that_allows_no_desk_answers_offers_none() -> None:
    from msgspec.structs import replace

    strict = replace(CIRCLE, clocks=replace(CIRCLE.clocks, desk_answers=False))
    with nothing_written(NotAllowed):
        casework.settle(strict, WENDY, FIRST, 1, "周二开门。", nature="help", now=NOW)
    assert "settle" not in queries.case(WENDY, FIRST, queries.Moment(strict.clocks, NOW)).moves
    assert "settle" in queries.case(WENDY, FIRST, queries.Moment(CIRCLE.clocks, NOW)).moves


def test_what_was_settled_too_soon_is_taken_back_within_three_days() -> None:
    make("settle", WENDY)
    settled_at = issue().settled_at
    listed = queries.spoken(CIRCLE.clocks, DAN, settled_at).settled
    assert [row.number for row, _ in listed] == [FIRST]
    assert queries.spoken(CIRCLE.clocks, WENDY, settled_at).settled == ()
    with nothing_written(NotAllowed):
        make("take_back", DAN, now=settled_at + 3 * A_DAY + timedelta(seconds=1))
    make("take_back", DAN, now=settled_at + 3 * A_DAY)
    found = issue()
    assert stands() == ("collected", 1, None)
    assert (found.opined_at, found.initial_opinion) == (None, "")
    assert found.opinion_due_at == settled_at + 3 * A_DAY + timedelta(minutes=10)
    assert queries.broken_histories() == []


def test_a_settled_inquiry_that_staff_closed_is_taken_back_in_a_new_round() -> None:
    found = call_in("a call")
    make("take_back", DAN, found.number)
    after = issue(found.number)
    assert (after.step, after.round_no, after.closed_at) == ("collected", 2, None)
    other = call_in("another call", verdict=None)
    make("evaluate", resident(other.number), other.number)
    with nothing_written(NotAllowed):  # its resident said so themselves
        make("take_back", DAN, other.number)


def test_what_comes_again_within_thirty_days_is_reopened_by_its_resident() -> None:
    bring(Step.CLOSED)
    closed_at = issue().closed_at
    with nothing_written(NotAllowed):
        make("reopen", ALICE, now=closed_at + 30 * A_DAY + timedelta(seconds=1))
    entry = make("reopen", ALICE, now=closed_at + 30 * A_DAY, reason="灯又灭了。")
    assert (entry.from_step, entry.note) == ("closed", "灯又灭了。")
    assert stands() == ("collected", 2, None)


def test_a_verdict_pressed_by_mistake_is_undone_within_a_day_in_the_same_round() -> None:
    bring(Step.EVALUATING)
    since = issue().evaluating_since
    make("evaluate", ALICE)
    closed_at = issue().closed_at
    with nothing_written(NotAllowed):
        make("undo", ALICE, now=closed_at + A_DAY + timedelta(seconds=1))
    with nothing_written(NotAllowed):
        make("dispute", ALICE)
    make("undo", ALICE, now=closed_at + A_DAY)
    assert stands() == ("evaluating", 1, "C")
    assert (issue().evaluating_since, issue().closed_at) == (since, None)
    make("evaluate", ALICE, satisfaction=1, comment="还是不亮。")
    assert stands() == ("collected", 2, None)


def test_a_verdict_that_staff_entered_is_disputed_by_the_resident() -> None:
    bring(Step.EVALUATING)
    make("evaluate", DORA)
    assert issue().verdict_by == "staff"
    with nothing_written(NotAllowed):
        make("undo", ALICE)
    casework.dispute(CIRCLE, ALICE, FIRST, "没有人问过我。", now=issue().closed_at + 30 * A_DAY)
    assert stands() == ("collected", 2, None)
    assert last().note == "没有人问过我。"


def test_whoever_did_the_work_enters_no_verdict_on_it() -> None:
    bring(Step.EVALUATING)
    assert "evaluate" not in queries.case(WENDY, FIRST).moves
    assert "evaluate" in queries.case(WILL, FIRST).moves
    with nothing_written(NotAllowed):
        make("evaluate", WENDY)
    make("evaluate", ALICE, satisfaction=1, comment="还是不亮。")
    make("classify", DAN)
    make("assign", DAN, worker_id=WILL.account_id)
    make("resolve", WILL)
    make("evaluate", WENDY)  # in this round she did nothing of it
    assert stands() == ("closed", 2, "C")


def test_a_worker_takes_an_ordinary_issue_up_without_waiting() -> None:
    bring(Step.CLASSIFIED)
    make("claim", WENDY)
    assert stands() == ("handling", 1, "C")
    case = queries.case(WENDY, FIRST)
    assert Part.LEAD in case.parts
    assert [one.person for one in case.leads] == ["wendy"]
    with nothing_written(NotAllowed):
        make("claim", WILL)

"""The sheet of a colleague who goes: what they have in hand, what stays, who may take it over."""

from datetime import timedelta

import pytest

from forms_app import casework, queries
from forms_app.issues.access import Actor
from forms_app.rules.steps import Step
from tests.support.actors import (
    BOB,
    CIRCLE,
    COLIN,
    DAN,
    FIRST,
    HANDED_IN,
    NOW,
    SECOND,
    STELLA,
    SUNNY,
    THIRD,
    WENDY,
    bring,
    make,
)

pytestmark = pytest.mark.usefixtures("database")
LATER = NOW + timedelta(days=4)


def held(actor: Actor, username: str) -> queries.Handover:
    found = queries.handover(CIRCLE, actor, username, LATER)
    assert found is not None
    return found


def numbers_of(rows: tuple[queries.HeldIssue, ...]) -> list[str]:
    return [row.issue.number for row in rows]


def test_the_sheet_holds_what_the_account_itself_holds_due_first() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring(Step.EVALUATING, "C", SECOND)
    make("classify", DAN, THIRD, severity_class="C", urgency=1)
    make("assign", DAN, THIRD)
    bring(Step.CLOSED, "C", HANDED_IN)
    found = held(DAN, "wendy")
    assert numbers_of(found.movable) == [THIRD, FIRST, SECOND]
    assert (found.count("lead"), found.count("caller"), found.overdue) == (3, 0, 1)  # type: ignore[arg-type]
    assert numbers_of(held(DAN, "dan").movable) == [THIRD, FIRST, SECOND]
    assert held(DAN, "will").movable == ()
    assert queries.in_hand_counts() == {DAN.account_id: 3, WENDY.account_id: 3}
    assert [queries.in_hand_of(name) for name in ("wendy", "will", "nobody")] == [3, 0, 0]


def test_the_sheet_tells_what_was_promised_and_how_far_it_has_got() -> None:
    bring(Step.HANDLING, "C")
    make("progress", WENDY, note="约了电工。")
    make("extend", DAN)
    (row,) = held(DAN, "wendy").movable
    assert [entry.move for entry in row.promises] == ["classify", "extend"]
    assert "马上派人去看。" in row.promises[0].resident_line
    assert row.last is not None
    assert row.last.note == "约了电工。"
    assert row.only_they == ("办结",)
    make("resolve", WENDY)
    make("evaluate", DAN, satisfaction=1, comment="又坏了。")
    make("classify", DAN)
    make("assign", DAN)
    (row,) = held(DAN, "wendy").movable
    assert [entry.move for entry in row.promises] == ["classify"]
    assert [(entry.round_no, entry.note) for entry in row.verdicts] == [(1, "又坏了。")]


def test_the_callers_sheet_names_who_has_not_answered_and_what_is_planned() -> None:
    bring(Step.RESPONDING, "B")
    make("answer", BOB)
    (row,) = held(STELLA, "dan").movable
    assert [party.organization_id for party in row.silent] == ["fire"]
    assert row.only_they == ("制定方案", "再次号召", "转办")
    measures = [casework.PlannedMeasure("断电", "city"), casework.PlannedMeasure("换线", "fire")]
    make("plan", DAN, measures=measures)
    (row,) = held(STELLA, "dan").movable
    assert [measure.what for measure in row.measures] == ["断电", "换线"]
    assert row.silent == ()
    make("progress", BOB, done=[row.measures[0].id])
    (row,) = held(STELLA, "dan").movable
    assert [measure.what for measure in row.measures] == ["换线"]


def test_attempts_to_reach_the_resident_stand_on_the_sheet() -> None:
    bring(Step.SHELVED, "C")
    (row,) = held(DAN, "wendy").movable
    assert len(row.attempts) == 3


def test_what_stays_with_unit_and_post_is_told_apart() -> None:
    bring(Step.RESPONDING, "B", FIRST)
    make("opine", WENDY, SECOND)
    make("classify", DAN, THIRD)
    bob = held(STELLA, "bob")
    assert (numbers_of(bob.movable), numbers_of(bob.staying)) == ([], [FIRST])
    assert bob.staying[0].part_words == ("被号召单位",)
    wendy = held(DAN, "wendy")
    assert (numbers_of(wendy.movable), numbers_of(wendy.staying)) == ([], [SECOND])
    assert wendy.staying[0].part_words == ("答复人",)
    assert numbers_of(held(DAN, "dan").staying) == [THIRD]
    colin = held(DAN, "colin")
    assert numbers_of(colin.staying) == [HANDED_IN]
    assert colin.staying[0].part_words == ("登记人",)
    # A new round asks for a new answer.
    bring(Step.EVALUATING, "C", SECOND)
    make("evaluate", DAN, SECOND, satisfaction=1, comment="不行。")
    assert held(DAN, "wendy").staying == ()


def test_paper_forms_that_were_handed_out_stand_on_the_sheet_until_they_are_entered() -> None:
    serials = casework.print_papers(CIRCLE, WENDY, "jingui", 3, form_key="press", now=NOW)
    (batch,) = held(DAN, "wendy").papers
    assert batch.serials == tuple(serials)
    assert held(DAN, "wendy").papers_out == 3
    assert held(DAN, "will").papers == ()


def test_each_leader_reaches_the_colleagues_of_their_own_and_everybody_themselves() -> None:
    names = {one.account.username for one in queries.colleagues_of(DAN)}
    assert names == {"dan", "dora", "wendy", "will", "colin"}
    subdistrict = {one.account.username for one in queries.colleagues_of(STELLA)}
    assert {"bob", "erin", "steve", "frank", "wendy"} < subdistrict
    assert not subdistrict & {"sunny", "ada"}
    assert queries.colleagues_of(WENDY) == []
    for actor, username in ((DAN, "erin"), (DAN, "bob"), (DAN, "stella"), (WENDY, "will"),
                            (SUNNY, "dan"), (BOB, "carol"), (DAN, "nobody")):  # fmt: skip
        assert queries.handover(CIRCLE, actor, username, LATER) is None
    for actor in (WENDY, BOB, COLIN, SUNNY, STELLA):
        assert held(actor, actor.name).account.id == actor.account_id


def test_who_left_with_something_in_hand_stands_first() -> None:
    bring(Step.HANDLING, "C")
    casework.disable_account("will", now=LATER)
    casework.disable_account("wendy", now=LATER)
    first = queries.colleagues_of(DAN)[0]
    assert (first.account.username, first.in_hand) == ("wendy", 1)


def test_those_who_fit_the_most_are_offered_first() -> None:
    bring(Step.HANDLING, "C", FIRST)
    make("classify", DAN, SECOND)
    make("assign", DAN, SECOND, worker_id=DAN.account_id)
    offered = held(STELLA, "dan").takers
    assert [(taker.account.username, taker.fits) for taker in offered] == [("dora", 2)]
    assert [taker.account.username for taker in held(DAN, "wendy").takers] == [
        "dan", "dora", "will",
    ]  # fmt: skip

"""Where the moves lead and who makes them, as what must hold whatever rows the table has."""

from collections.abc import Iterable
from itertools import product

import pytest

from forms_app.rules.move import Move, Only, Who
from forms_app.rules.procedure import MOVES, ProcedureError, after, find_move, moves_from
from forms_app.rules.steps import (
    NEXT_CLASS,
    OPEN_STEPS,
    SEVERITY_CLASSES,
    Part,
    Role,
    Step,
    is_open,
)
from tests.rules.test_procedure import CLASSES, PEOPLE, STEPS_BEFORE_AND_AFTER


def steps_reached(
    start: tuple[Step, str | None], moves: Iterable[Move] = MOVES
) -> set[tuple[Step, str | None]]:
    """Every step and class that an issue can come to; grading may give any class."""
    seen = {start}
    waiting = [start]
    while waiting:
        step, severity_class = waiting.pop()
        for move in moves:
            if not move.applies(step, severity_class):
                continue
            to_step, _, to_class = after(move, step, 1, severity_class)
            classes = SEVERITY_CLASSES if move.name == "classify" else (to_class,)
            found = {(to_step, cls) for cls in classes} - seen
            seen |= found
            waiting.extend(found)
    return seen


def possible_states() -> set[tuple[Step, str | None]]:
    return steps_reached((Step.COLLECTED, None))


def moves_of(who: Who) -> set[str]:
    return {
        move.name
        for step, severity_class in product(STEPS_BEFORE_AND_AFTER, CLASSES)
        for move in moves_from(step, who, severity_class)
    }


def test_every_open_issue_can_still_be_closed() -> None:
    open_states = {state for state in possible_states() if is_open(state[0])}
    assert {step for step, _ in open_states} == set(OPEN_STEPS)
    for state in open_states:
        assert Step.CLOSED in {step for step, _ in steps_reached(state)}, state


def test_an_issue_that_left_the_way_can_come_back_and_be_closed() -> None:
    aside = {Step.TRANSFERRED, Step.MERGED, Step.WITHDRAWN, Step.SET_ASIDE}
    for state in possible_states():
        if state[0] in aside:
            assert Step.CLOSED in {step for step, _ in steps_reached(state)}, state


def test_every_step_can_be_reached() -> None:
    assert {step for step, _ in possible_states()} == set(Step)


def test_a_graded_step_is_never_reached_without_a_class() -> None:
    graded = {
        *(Step.CLASSIFIED, Step.RESPONDING, Step.HANDLING, Step.REPORTED),
        *(Step.EVALUATING, Step.SHELVED),
    }
    # A verdict on what was merged before its grade may be undone: there it is judged ungraded.
    rows = [move for move in MOVES if move.name != "undo"]
    found = steps_reached((Step.COLLECTED, None), rows)
    assert not {(step, cls) for step, cls in found if step in graded and cls is None}


def test_a_summons_is_only_ever_for_class_b_and_a() -> None:
    responding = {cls for step, cls in possible_states() if step is Step.RESPONDING}
    assert responding == {"B", "A"}


def test_without_a_satisfied_verdict_nothing_ever_closes() -> None:
    others = [m for m in MOVES if not (m.name == "evaluate" and m.satisfied is True)]
    assert Step.CLOSED not in {s for s, _ in steps_reached((Step.COLLECTED, None), others)}
    assert [m.name for m in MOVES if m.to_step is Step.CLOSED] == ["evaluate"]


def test_a_dissatisfied_verdict_always_starts_the_next_round_ungraded() -> None:
    for step, severity_class in product((Step.EVALUATING, Step.SHELVED, Step.MERGED), CLASSES):
        move = find_move("evaluate", step, severity_class, satisfied=False)
        assert after(move, step, 4, severity_class) == (Step.COLLECTED, 5, None)


def test_a_satisfied_verdict_keeps_round_and_class() -> None:
    for step, severity_class in product((Step.EVALUATING, Step.SHELVED, Step.MERGED), CLASSES):
        move = find_move("evaluate", step, severity_class, satisfied=True)
        assert after(move, step, 4, severity_class) == (Step.CLOSED, 4, severity_class)


def test_only_a_verdict_and_a_reopening_start_a_round() -> None:
    assert {m.name for m in MOVES if m.new_round} == {
        *("evaluate", "reopen", "dispute", "take_back", "still"),
    }
    assert all(
        m.to_step is Step.COLLECTED and m.satisfied is not True for m in MOVES if m.new_round
    )


def test_a_reopened_issue_starts_the_next_round_ungraded() -> None:
    for step in (Step.TRANSFERRED, Step.MERGED, Step.WITHDRAWN, Step.CLOSED):
        assert after(find_move("reopen", step, "A"), step, 1, "A") == (Step.COLLECTED, 2, None)


def test_a_supervisor_urges_and_an_administrator_does_nothing() -> None:
    assert moves_of(Role.SUPERVISOR) == {"urge"}
    assert moves_of(Role.ADMIN) == moves_of(Role.EDITOR) == set()


def test_a_resident_reports_adds_judges_withdraws_and_begins_again() -> None:
    judging = {"evaluate", "undo", "dispute", "better", "still"}
    own = {"submit", "reply", "withdraw", "reopen", "insist"}
    assert moves_of(Role.RESIDENT) == own | judging


def test_a_resident_reopens_what_they_withdrew_what_was_sent_on_and_what_came_back() -> None:
    steps = {
        step
        for step, severity_class in product(Step, CLASSES)
        if "reopen" in {m.name for m in moves_from(step, Role.RESIDENT, severity_class)}
    }
    assert steps == {Step.WITHDRAWN, Step.TRANSFERRED, Step.CLOSED}


def test_a_collector_only_hands_in() -> None:
    assert moves_of(Role.COLLECTOR) == {"submit"}


def test_a_responder_moves_only_what_they_have_a_part_in() -> None:
    assert moves_of(Role.RESPONDER) == {"note"}
    assert moves_of(Part.PARTY) == {"answer", "decline", "ask"}
    assert moves_of(Part.PARTY_RECORDER) == {"answer", "decline"}
    assert moves_of(Part.TASKED) == moves_of(Part.TASK_RECORDER) == {"decline"}
    assert moves_of(Part.ASSIST) == {"progress", "ask"}
    assert moves_of(Part.LEAD) == {"progress", "resolve", "ask"}
    assert moves_of(Part.LEAD_RECORDER) == {"resolve"}
    assert moves_of(Part.CALLER) == {
        *("rule", "plan", "replan", "summon", "progress", "relay", "send_back", "ask", "urge"),
        "transfer",
    }


def test_the_system_hands_a_result_on_takes_followers_along_and_does_nothing_else() -> None:
    along = {"transfer", "take_over", "follow_on"}
    assert moves_of(Role.SYSTEM) == {"relay", "here_again"} | along
    assert {
        step for step in Step if along & {move.name for move in moves_from(step, Role.SYSTEM)}
    } == {Step.MERGED}
    for severity_class in "BA":
        assert moves_from(Step.EVALUATING, Role.SYSTEM, severity_class) == ()


def test_only_a_units_result_waits_to_be_handed_on() -> None:
    for severity_class, only, step in (
        ("C", Only.OWN_HANDS, Step.EVALUATING), ("B", Only.OWN_HANDS, Step.EVALUATING),
        ("B", Only.UNITS_HANDS, Step.REPORTED), ("A", Only.OWN_HANDS, Step.REPORTED),
        ("A", Only.UNITS_HANDS, Step.REPORTED),
    ):  # fmt: skip
        assert find_move("resolve", Step.HANDLING, severity_class, so=(only,)).to_step is step
    assert {cls for step, cls in possible_states() if step is Step.REPORTED} == {"B", "A"}


@pytest.mark.parametrize("severity_class", CLASSES)
def test_only_who_judged_and_who_settled_leaves_closed_again(severity_class: str | None) -> None:
    leaving = {m.name: m for m in moves_from(Step.CLOSED, PEOPLE, severity_class) if m.to_step}
    assert set(leaving) == {"take_back", "reopen", "undo", "dispute", "still"}
    assert all(m.window is not None for m in leaving.values())
    undo = leaving.pop("undo")
    assert after(undo, Step.CLOSED, 3, severity_class) == (Step.EVALUATING, 3, severity_class)
    for move in leaving.values():
        assert after(move, Step.CLOSED, 3, severity_class) == (Step.COLLECTED, 4, None)


def test_a_correction_never_moves_an_issue() -> None:
    for step, severity_class in product(Step, CLASSES):
        move = find_move("correct", step, severity_class)
        assert after(move, step, 2, severity_class) == (step, 2, severity_class)


def test_what_takes_over_stands_where_the_other_stood_with_its_class_in_its_own_round() -> None:
    move = find_move("take_over", Step.MERGED, "C")
    for step, severity_class in product(OPEN_STEPS, CLASSES):
        found = after(move, Step.MERGED, 2, severity_class, step)
        assert found == (step, 2, severity_class)


def test_escalation_goes_from_c_to_b_to_a_and_no_further() -> None:
    c_to_b = find_move("escalate", Step.HANDLING, "C")
    b_to_a = find_move("escalate", Step.HANDLING, "B")
    assert after(c_to_b, Step.HANDLING, 2, "C") == (Step.CLASSIFIED, 2, "B")
    assert after(b_to_a, Step.HANDLING, 2, "B") == (Step.CLASSIFIED, 2, "A")
    for severity_class in (None, "A"):
        with pytest.raises(ProcedureError):
            find_move("escalate", Step.HANDLING, severity_class)
    assert NEXT_CLASS == {"C": "B", "B": "A"}


def test_only_grading_escalation_and_beginning_again_change_the_class() -> None:
    for step, severity_class in product(Step, ("C", "B", "A")):
        for move in moves_from(step, PEOPLE, severity_class):
            if after(move, step, 1, severity_class)[2] != severity_class:
                begins = move.new_round or move.begins_again
                assert move.name in ("settle", "escalate") or begins


def test_a_class_b_problem_is_the_communitys_to_summon_and_a_class_a_the_streets() -> None:
    def callers(severity_class: str) -> frozenset[Who]:
        return find_move("summon", Step.CLASSIFIED, severity_class).who

    assert callers("B") == {Role.COMMUNITY_LEADER}
    assert callers("A") == {Role.SUBDISTRICT_LEADER}


def test_a_class_c_problem_is_nobodys_to_summon() -> None:
    with pytest.raises(ProcedureError):
        find_move("summon", Step.CLASSIFIED, "C")


def test_a_verdict_that_says_neither_is_no_move() -> None:
    with pytest.raises(ProcedureError):
        find_move("evaluate", Step.EVALUATING, "C")


def test_a_move_that_does_not_exist_is_no_move() -> None:
    with pytest.raises(ProcedureError):
        find_move("close", Step.EVALUATING, "C")


def test_a_move_that_stays_leads_nowhere_before_there_is_an_issue() -> None:
    with pytest.raises(ProcedureError):
        after(find_move("correct", Step.COLLECTED), None, 1, None)


def test_a_new_issue_is_collected_in_its_first_round() -> None:
    submit = find_move("submit", None)
    assert after(submit, None, 1, None) == (Step.COLLECTED, 1, None)


def test_an_issue_is_open_until_closed_or_set_aside() -> None:
    assert {step for step in Step if not is_open(step)} == {
        Step.CLOSED,
        Step.TRANSFERRED,
        Step.MERGED,
        Step.WITHDRAWN,
        Step.SET_ASIDE,
    }


def test_a_resident_can_withdraw_at_every_open_step_and_where_it_follows_another() -> None:
    for step in Step:
        names = {m.name for m in moves_from(step, Role.RESIDENT)}
        assert ("withdraw" in names) == (is_open(step) or step is Step.MERGED)

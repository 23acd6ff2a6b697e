"""What a resident reads first: every standing of the procedure has its sentence, and it is true."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations

import pytest

from forms_app.rules.clocks import RUNS, Run, Running
from forms_app.rules.day_parts import part_of_day, to_the_minute
from forms_app.rules.procedure import MOVES, Clock, VerdictBy
from forms_app.rules.standing import (
    AMONG_STAFF,
    ASKED_TOO,
    PROMISES,
    PROMISES_AGAIN,
    SENTENCES,
    STAGES,
    Next,
    So,
    how_it_stands,
    promised_beside,
    so_of,
    stage_of,
    what_comes_next,
)
from forms_app.rules.steps import BEFORE_VERDICT, STEPS, Step

NOW = datetime(2026, 11, 27, 6, 32, tzinfo=UTC)
# What the office says among itself.
OFFICE = ("A类", "B类", "C类", "一级", "二级", "三级", "销号", "号召", "挂账", "初步", "定级")


@dataclass
class Standing:
    """An issue as far as its sentence follows from it."""

    step: str
    round_no: int = 1
    severity_class: str | None = None
    opined_at: datetime | None = None
    asked_since: datetime | None = None
    answers_due_at: datetime | None = None
    settled_at: datetime | None = None
    result: str = ""
    review_on: str = ""
    verdict_by: str = ""


def subsets() -> Iterator[frozenset[So]]:
    every = tuple(So)
    for some in chain.from_iterable(combinations(every, n) for n in range(len(every) + 1)):
        yield frozenset(some)


def comes_next(step: Step, so: frozenset[So] = frozenset(), hours: float = 1) -> Iterator[Next]:
    """What is promised at this step, by each clock that may run there, so many hours ahead."""
    for run in RUNS:
        if step in run.steps and run.clock not in AMONG_STAFF:
            end = NOW + timedelta(hours=hours) if run.until else None
            yield what_comes_next(step, so, [Running(run, end)], NOW)


@pytest.mark.parametrize("step", STEPS)
def test_whatever_is_so_of_an_issue_at_any_step_it_has_a_sentence(step: Step) -> None:
    found = {how_it_stands(step, so) for so in subsets()}
    assert all(found)
    assert all("%" not in sentence for sentence in found)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.name} to {move.to_step}")
def test_wherever_a_move_leads_there_is_a_sentence(move: object) -> None:
    steps = (move.to_step,) if move.to_step else move.from_steps  # type: ignore[attr-defined]
    assert all(how_it_stands(step, ()) for step in steps)


def test_each_sentence_is_read_somewhere_and_none_twice() -> None:
    read = {how_it_stands(step, so) for step in Step for so in subsets() if So.ASKED not in so}
    assert read == {row.words for row in SENTENCES}
    assert len(read) == len(SENTENCES)


def test_no_sentence_speaks_as_the_office_does() -> None:
    rows = [*PROMISES.values(), *PROMISES_AGAIN.values()]
    promised = [words for one in rows for words in (one.ahead, one.late, one.open)]
    stages = [label for _, label, _ in STAGES]
    for words in (*(row.words for row in SENTENCES), *promised, *stages, ASKED_TOO):
        assert [word for word in OFFICE if word in words] == []


@pytest.mark.parametrize("step", STEPS)
def test_who_was_answered_no_longer_waits_for_an_answer(step: Step) -> None:
    for so in subsets():
        said = how_it_stands(step, so)
        waits = re.search("(马上|一上班就|还没有)给您", said) is not None
        assert waits == (step is Step.COLLECTED and So.ANSWERED not in so)
        assert ("马上" in said) == (waits and so.isdisjoint({So.OFF_DUTY, So.LATE}))
        assert ("还没有给您" in said) == (waits and So.LATE in so)


@pytest.mark.parametrize("step", STEPS)
def test_a_question_is_named_as_long_as_it_can_be_answered_and_never_else(step: Step) -> None:
    for so in subsets():
        asks = "问您一件事" in how_it_stands(step, so)
        assert asks == (So.ASKED in so and step in BEFORE_VERDICT)


@pytest.mark.parametrize("step", STEPS)
def test_a_verdict_is_asked_for_where_there_is_something_to_judge(step: Step) -> None:
    for so in subsets():
        asked = "您看行不行" in how_it_stands(step, so)
        has_result = step in (Step.EVALUATING, Step.SHELVED)
        follows = step is Step.MERGED and So.JUDGEABLE in so and So.GONE not in so
        assert asked == (has_result or follows)


@pytest.mark.parametrize("step", STEPS)
def test_a_moment_is_late_only_once_it_has_passed(step: Step) -> None:
    for hours, late in ((1, False), (0, False), (-0.001, True)):
        promised = list(comes_next(step, hours=hours))
        assert bool(promised) == (step not in (Step.SET_ASIDE, Step.WITHDRAWN))
        for found in promised:
            words = found.words(NOW)
            if found.ends_at is None:
                assert "今天" not in words
            else:
                assert found.is_late == late
                assert ("说好" in words) == late
                by_the_minute = late or found.clock is Clock.OPINION
                called = to_the_minute if by_the_minute else part_of_day
                assert called(found.ends_at, NOW) in words


def promised_runs() -> Iterator[Run]:
    yield from (run for run in RUNS if run.clock not in AMONG_STAFF)


def test_what_staff_owe_each_other_is_promised_to_no_resident() -> None:
    (urge,) = (run for run in RUNS if run.clock == Clock.URGE)
    late = Running(urge, NOW - timedelta(hours=1))
    assert what_comes_next(Step.HANDLING, frozenset(), [late], NOW).words(NOW) == ""


def test_a_late_reply_hides_neither_the_day_of_the_result_nor_that_it_has_passed() -> None:
    (reply,) = (run for run in RUNS if run.clock == Clock.REPLY)
    result = next(run for run in RUNS if run.clock == Clock.RESULT)
    late = Running(reply, NOW - timedelta(hours=1))
    for hours, words in ((48, "给您结果"), (-1 / 60, "前给您结果，已经过了")):
        running = [Running(result, NOW + timedelta(hours=hours)), late]
        assert "回话" in what_comes_next(Step.RESPONDING, frozenset(), running, NOW).words(NOW)
        (beside,) = promised_beside(Step.RESPONDING, frozenset(), running, NOW)
        assert words in beside.words(NOW)
    assert promised_beside(Step.RESPONDING, frozenset(), [late], NOW) == ()
    assert promised_beside(Step.MERGED, frozenset(), running, NOW) == ()


def test_every_clock_promises_something_and_what_never_ends_has_no_moment() -> None:
    assert set(PROMISES) == set(Clock) - AMONG_STAFF
    for run in promised_runs():
        promised = PROMISES[Clock(run.clock)]
        assert promised.ahead or promised.open
        if run.until:
            assert promised.late


@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_the_main_way_is_one_of_four_stages(step: Step) -> None:
    beside = {Step.CLOSED, Step.TRANSFERRED, Step.MERGED, Step.WITHDRAWN, Step.SET_ASIDE}
    stages = {name for name, _, _ in STAGES}
    assert (stage_of(step) in stages) == (step not in beside)


@pytest.mark.parametrize("step", STEPS)
def test_what_follows_another_issue_stands_where_that_one_does(step: Step) -> None:
    own = "judged" if step is Step.CLOSED else stage_of(step)
    assert stage_of(Step.MERGED, step) == own


FACTS = {
    So.AGAIN: Standing("collected", round_no=2),
    So.ANSWERED: Standing("collected", opined_at=NOW),
    So.ASKED: Standing("handling", asked_since=NOW),
    So.TOGETHER: Standing("handling", severity_class="B"),
    So.SETTLED: Standing("evaluating", settled_at=NOW),
    So.DONE: Standing("evaluating", result="done"),
    So.NOT_DONE: Standing("evaluating", result="not_done"),
    So.EXPLAINED: Standing("evaluating", review_on="2026-12-11"),
    So.BY_STAFF: Standing("closed", verdict_by=VerdictBy.STAFF.value),
}


@pytest.mark.parametrize("fact", FACTS)
def test_what_is_so_is_read_from_the_issue(fact: So) -> None:
    assert so_of(FACTS[fact]) - {So.HEARD} == {fact}


def test_an_issue_is_heard_once_nobody_is_waited_for() -> None:
    assert So.HEARD in so_of(Standing("responding"))
    assert So.HEARD not in so_of(Standing("responding", answers_due_at=NOW))


@pytest.mark.parametrize("follows", Step)
def test_what_follows_another_issue_reads_what_that_has_come_to(follows: Step) -> None:
    so = so_of(Standing("merged"), follows)
    stands = how_it_stands(Step.MERGED, so)
    (verdict,) = (run for run in RUNS if run.clock == Clock.VERDICT and Step.MERGED in run.steps)
    found = what_comes_next(Step.MERGED, so, [Running(verdict, None)], NOW)
    if follows in BEFORE_VERDICT:
        assert "正在一起办" in stands
        assert "由您自己评" in found.words(NOW)
    elif follows in (Step.WITHDRAWN, Step.TRANSFERRED):
        assert "还要办吗" in stands
        assert found.words(NOW) == ""
    else:
        assert "您看行不行" in stands

"""The first answer, the grade, and what is put right."""

import dataclasses
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.casework import (
    AlreadyMade,
    IssueUnknown,
    NotAllowed,
    NotPossible,
)
from forms_app.rules.clocks import GRADE, end_of, is_past
from forms_app.rules.steps import HOW_SOON, Step
from forms_app.rules.worktime import CalendarUnknown, Clocks, DutyHours, grading_due, urgency_due
from forms_app.store.models import (
    Assignment,
    Issue,
)
from tests.support.actors import (
    ALICE,
    CIRCLE,
    DAN,
    ERIN,
    FIRST,
    FRANK,
    NOW,
    SECOND,
    STELLA,
    THIRD,
    WENDY,
    bring,
    dump,
    entries,
    issue,
    make,
)
from tests.support.moves import A_MINUTE, last, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")


def test_an_initial_opinion_stops_the_clock_and_reaches_the_resident() -> None:
    entry = make("opine", WENDY, text="今天就去看。")
    found = issue()
    assert stands() == ("collected", 1, None)
    assert found.opined_at == NOW + A_MINUTE
    assert found.initial_opinion == "今天就去看。"
    assert entry.resident_line == "社区答复您：今天就去看。"
    assert (entry.note, entry.account_id, entry.actor_role) == (
        "今天就去看。", WENDY.account_id, "worker",
    )  # fmt: skip


def test_a_second_opinion_does_not_move_the_moment_of_the_first() -> None:
    make("opine", WENDY)
    make("opine", DAN, text="改为明天。")
    assert issue().opined_at == NOW + A_MINUTE
    assert issue().initial_opinion == "改为明天。"
    assert issue().grade_due_at == NOW + A_MINUTE + timedelta(hours=24)


def test_what_has_its_opinion_is_graded_within_a_day_of_service_time() -> None:
    make("opine", WENDY)
    due_at = NOW + A_MINUTE + timedelta(hours=24)
    assert end_of(issue(), GRADE) == due_at
    assert not is_past(due_at, due_at)
    assert is_past(due_at, due_at + A_MINUTE)
    make("classify", DAN)
    assert end_of(issue(), GRADE) is None
    at_work = replace(CIRCLE, clocks=Clocks(duty=DutyHours(((540, 1080),), workdays_only=True)))
    casework.opine(at_work, WENDY, SECOND, 1, text="去看。", now=NOW)
    assert issue(SECOND).grade_due_at == grading_due(at_work.clocks, NOW) > due_at


def test_a_grade_is_waited_for_anew_in_each_round_and_as_before_once_taken_apart() -> None:
    make("opine", WENDY)
    due_at = issue().grade_due_at
    make("merge", DAN, into=THIRD)
    assert end_of(issue(), GRADE) is None
    make("unmerge", DAN)
    assert end_of(issue(), GRADE) == due_at
    bring(Step.EVALUATING)
    make("evaluate", ALICE, satisfaction=2, comment="又坏了。")
    assert (issue().step, issue().grade_due_at) == ("collected", None)


def test_a_grade_may_say_what_the_resident_wants_and_the_history_keeps_it() -> None:
    entry = make("classify", DAN, nature="complaint")
    assert issue().nature == "complaint"
    assert (entry.field, entry.old_value, entry.new_value) == ("nature", "", "complaint")


def test_a_grade_without_it_leaves_what_is_known() -> None:
    make("correct", DAN, field="nature", new_value="help")
    entry = make("classify", DAN)
    assert issue().nature == "help"
    assert entry.field == ""


def test_a_grade_with_an_unknown_nature_is_refused() -> None:
    with nothing_written(NotPossible, "nature"):
        make("classify", DAN, nature="gossip")


@pytest.mark.parametrize(("urgency", "days"), [(1, 2), (2, 7), (3, 30)])
def test_a_grade_starts_the_clock_of_its_urgency(urgency: int, days: int) -> None:
    make("opine", WENDY)
    entry = make("classify", DAN, severity_class="B", urgency=urgency, initial_opinion="")
    found = issue()
    assert stands() == ("classified", 1, "B")
    assert found.urgency == urgency
    assert found.classified_at == entry.made_at
    # The last day runs to 24:00 in China.
    end = datetime.fromisoformat("2026-11-23T16:00:00Z") + timedelta(days=days)
    assert found.due_at == entry.due_at == end
    assert (entry.severity_class, entry.urgency, entry.from_step) == ("B", urgency, "collected")
    assert entry.resident_line.startswith(f"这件事{HOW_SOON[urgency]}，社区请几家单位一起处理，")
    assert "B类" not in entry.resident_line
    assert entry.note == ""


def test_a_grade_may_bring_the_initial_opinion_along() -> None:
    entry = make("classify", DAN, initial_opinion="马上去看。")
    found = issue()
    assert (found.opined_at, found.initial_opinion) == (entry.made_at, "马上去看。")
    assert entry.resident_line.endswith("给您结果。社区答复您：马上去看。")
    assert last().resident_line == entry.resident_line


@pytest.mark.parametrize("opinion", ["", "  "])
def test_a_grade_without_any_opinion_yet_is_refused(opinion: str) -> None:
    with nothing_written(NotPossible, "initial_opinion"):
        make("classify", DAN, initial_opinion=opinion)


def test_the_opinion_of_an_earlier_round_does_not_count_for_the_next() -> None:
    bring(Step.EVALUATING)
    make("evaluate", ALICE, satisfaction=1, comment="又坏了。")
    with nothing_written(NotPossible, "initial_opinion"):
        make("classify", DAN, initial_opinion="")


@pytest.mark.parametrize(
    ("grade", "field"),
    [
        ({"severity_class": "D"}, "severity_class"),
        ({"severity_class": ""}, "severity_class"),
        ({"urgency": 0}, "urgency"),
        ({"urgency": 4}, "urgency"),
    ],
)
def test_a_grade_that_does_not_exist_is_refused(grade: dict[str, object], field: str) -> None:
    with nothing_written(NotPossible, field):
        make("classify", DAN, **grade)


def test_a_grade_whose_working_days_are_not_known_yet_is_refused_and_leaves_nothing() -> None:
    working_days = replace(CIRCLE, clocks=Clocks(counts_working_days=True))
    before = dump()
    with pytest.raises(CalendarUnknown):
        casework.classify(
            working_days, DAN, FIRST, 1, severity_class="C", urgency=2, initial_opinion="看。",
            now=datetime.fromisoformat("2031-03-03T02:00:00Z"),
        )  # fmt: skip
    assert dump() == before


@pytest.mark.parametrize(
    ("field", "new_value", "step"),
    [
        ("estate_id", "guiyuan", Step.COLLECTED),
        ("estate_id", "guiyuan", Step.CLOSED),
        ("location", "3栋", Step.MERGED),
        ("category", "noise", Step.HANDLING),
        ("nature", "help", Step.CLOSED),
        ("severity_class", "A", Step.CLASSIFIED),
    ],
)
def test_a_correction_keeps_the_old_the_new_and_the_reason(
    field: str, new_value: str, step: Step
) -> None:
    bring(step)
    old_value = getattr(issue(), field)
    entry = make("correct", STELLA, field=field, new_value=new_value, reason="写错了。")
    assert getattr(issue(), field) == new_value
    assert (entry.field, entry.old_value, entry.new_value) == (field, old_value, new_value)
    assert (entry.note, entry.from_step, entry.to_step) == ("写错了。", step.value, step.value)


def test_a_residents_name_and_phone_are_corrected_without_a_trace_of_them() -> None:
    Issue.update(reporter_phone="0797-0000-198").where(Issue.number == FIRST).execute()
    entry = make("correct", DAN, field="reporter_phone", new_value="0797-0000-199")
    assert issue().reporter_phone == "0797-0000-199"
    assert (entry.old_value, entry.new_value) == ("", "")


def test_a_corrected_community_takes_the_issue_out_of_dans_sight_and_into_erins() -> None:
    make("correct", DAN, field="estate_id", new_value="guiyuan")
    make("correct", DAN, field="community_id", new_value="yinxing")
    assert (issue().community_id, issue().estate_id) == ("yinxing", "")
    with nothing_written(IssueUnknown):
        make("opine", DAN)
    make("opine", ERIN)


def test_a_corrected_urgency_counts_from_when_the_issue_was_classified() -> None:
    bring(Step.HANDLING)
    later = NOW + timedelta(days=3)
    entry = make("correct", DAN, field="urgency", new_value="3", now=later)
    assert issue().urgency == 3
    assert issue().due_at == entry.due_at == urgency_due(CIRCLE.clocks, NOW, 3)
    assert (entry.old_value, entry.new_value) == ("2", "3")


@pytest.mark.parametrize(
    ("step", "field", "new_value", "at_fault"),
    [
        (Step.COLLECTED, "description", "别的", "field"),
        (Step.COLLECTED, "step", "closed", "field"),
        (Step.CLASSIFIED, "community_id", "yinxing", "field"),
        (Step.COLLECTED, "community_id", "nowhere", "community_id"),
        (Step.COLLECTED, "estate_id", "xingyuan", "estate_id"),
        (Step.COLLECTED, "category", "weather", "new_value"),
        (Step.COLLECTED, "nature", "gossip", "new_value"),
        (Step.COLLECTED, "location", "", "new_value"),
        (Step.COLLECTED, "severity_class", "A", "field"),
        (Step.HANDLING, "severity_class", "A", "field"),
        (Step.CLASSIFIED, "severity_class", "D", "severity_class"),
        (Step.CLASSIFIED, "severity_class", "C", "new_value"),
        (Step.CLASSIFIED, "urgency", "4", "new_value"),
        (Step.CLASSIFIED, "urgency", "一", "new_value"),
        (Step.EVALUATING, "urgency", "1", "field"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(
    step: Step, field: str, new_value: str, at_fault: str
) -> None:
    bring(step)
    with nothing_written(NotPossible, at_fault):
        make("correct", DAN, field=field, new_value=new_value)


def test_an_ordinary_issue_is_graded_and_given_in_one_press_with_an_entry_for_each() -> None:
    given = casework.Given(WENDY.account_id)
    actor = dataclasses.replace(DAN, press="a-key")
    first = make("classify", actor, given=given)
    assert stands() == ("handling", 1, "C")
    graded, assigned = entries()[-2:]
    assert (graded.move, assigned.move) == ("classify", "assign")
    assert (graded.id, graded.due_at) == (first.id, issue().due_at)
    assert assigned.note == f"主办：{WENDY.name}"
    assert Assignment.get(Assignment.issue == issue(), Assignment.is_current).account_id == (
        WENDY.account_id
    )
    with nothing_written(AlreadyMade):
        make("classify", actor, given=given)


def test_whoever_cannot_be_given_it_leaves_it_ungraded() -> None:
    with nothing_written(NotPossible, "lead"):
        make("classify", DAN, given=casework.Given(FRANK.account_id))
    with nothing_written(NotAllowed):
        make("classify", DAN, severity_class="B", given=casework.Given(WENDY.account_id))

"""Every move through casework: what it leaves behind, and that a refused one leaves nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import peewee
import pytest

from forms_app import casework, reports
from forms_app.access import Actor, resident
from forms_app.casework import (
    AlreadyMade,
    CaseError,
    IssueUnknown,
    NotAllowed,
    NotPossible,
    StaleCase,
)
from forms_app.database import proxy
from forms_app.models import (
    Assignment,
    ContactAttempt,
    Counter,
    Entry,
    Issue,
    Party,
    Rating,
    Summons,
)
from forms_app.procedure import MOVES, Move, Step, moves_from
from forms_app.worktime import CalendarUnknown, Clocks, DutyHours, opinion_due, urgency_due
from tests.actors import (
    ADA,
    ALICE,
    BOB,
    CAROL,
    CIRCLE,
    COLIN,
    DAN,
    DORA,
    ELSEWHERE,
    ERIN,
    FIRST,
    FRANK,
    HANDED_IN,
    NOW,
    SECOND,
    STAFF,
    STAN,
    STANDINGS,
    STELLA,
    STEVE,
    SUNNY,
    THIRD,
    VERSIONED,
    WENDY,
    WILL,
    bring,
    call,
    dump,
    entries,
    issue,
    local_day,
    make,
    next_moment,
    submit,
)

pytestmark = pytest.mark.usefixtures("database")

EVERYBODY = {
    **{
        name: actor
        for name, actor in STAFF.items()
        if name not in ("will", "steve", "stan", "frank")
    },
    "alice": ALICE,
    "a neighbour": resident(SECOND),
}
A_MINUTE = timedelta(minutes=1)


@contextmanager
def nothing_written(error: type[CaseError] = CaseError, field: str | None = None) -> Iterator[None]:
    """The move inside is refused for this reason, and the database stays byte for byte."""
    before = dump()
    with pytest.raises(error) as caught:
        yield
    assert dump() == before
    assert caught.value.sentence.endswith("。")
    if field is not None:
        assert isinstance(caught.value, NotPossible)
        assert caught.value.field == field


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back, so that one database serves many stories."""
    with proxy.atomic() as transaction:
        yield
        transaction.rollback()


def last(number: str = FIRST) -> Entry:
    return entries(number)[-1]


def stands(number: str = FIRST) -> tuple[str, int, str | None]:
    found = issue(number)
    return found.step, found.round_no, found.severity_class


def leads(number: str = FIRST) -> list[tuple[str, int | None, str]]:
    rows = Assignment.select().where(Assignment.issue == issue(number), Assignment.is_current)
    return [(row.part, row.account_id, row.organization_id) for row in rows.order_by(Assignment.id)]


# Submit


def test_a_report_becomes_an_issue_whose_10_minutes_run() -> None:
    found = submit(
        "a new form", location="2栋", estate_id="guiyuan", category="noise",
        reporter_name="爱丽丝", reporter_phone="0797-0000-199",
    )  # fmt: skip
    kept = issue(found.number)
    assert kept.number == "260006"
    assert stands(kept.number) == ("collected", 1, None)
    assert (kept.location, kept.estate_id, kept.category) == ("2栋", "guiyuan", "noise")
    assert (kept.reporter_name, kept.reporter_phone) == ("爱丽丝", "0797-0000-199")
    assert kept.received_at == kept.consented_at == kept.round_started_at == NOW
    assert kept.opinion_due_at == NOW + timedelta(minutes=10)
    assert (kept.due_at, kept.opined_at, kept.caller, kept.collector) == (None, None, None, None)
    (entry,) = entries(kept.number)
    assert (entry.move, entry.from_step, entry.to_step) == ("submit", None, "collected")
    assert (entry.round_no, entry.to_round, entry.made_at) == (1, 1, NOW)
    assert entry.opinion_due_at == kept.opinion_due_at
    assert (entry.actor_role, entry.account) == ("resident", None)
    assert entry.resident_line == "已收到您反映的问题。"


def test_what_a_collector_hands_in_says_who_it_was() -> None:
    found = issue(HANDED_IN)
    assert found.collector_id == COLIN.account_id
    assert found.channel == "grid_worker"
    assert (last(HANDED_IN).actor_role, last(HANDED_IN).actor_name) == ("collector", "colin")


def test_the_same_form_twice_is_the_same_issue() -> None:
    first = submit("pressed twice")
    before = dump()
    assert submit("pressed twice", now=NOW + A_MINUTE).id == first.id
    assert dump() == before


def test_neither_the_forms_key_nor_the_tickets_secret_is_stored() -> None:
    text = repr(dump())
    assert f"form {FIRST}" not in text
    assert "$argon2id$" in issue().ticket_hash


@pytest.mark.parametrize(
    ("report", "field"),
    [
        ({"description": " \n"}, "description"),
        ({"community_id": "nowhere"}, "community_id"),
        ({"community_id": ""}, "community_id"),
        ({"estate_id": "nowhere"}, "estate_id"),
        ({"estate_id": "xingyuan"}, "estate_id"),
        ({"category": "weather"}, "category"),
        ({"channel": "pigeon"}, "channel"),
    ],
)
def test_a_report_that_does_not_fit_the_circle_is_refused(
    report: dict[str, str], field: str
) -> None:
    with nothing_written(NotPossible, field):
        submit("a new form", **report)


@pytest.mark.parametrize("name", [name for name in STAFF if name != "colin"])
def test_only_residents_and_collectors_submit(name: str) -> None:
    with nothing_written(NotAllowed):
        submit("a new form", STAFF[name])


def test_a_year_without_its_days_off_never_turns_a_resident_away() -> None:
    office_hours = replace(CIRCLE, clocks=Clocks(duty=DutyHours(((510, 720),), workdays_only=True)))
    found = casework.submit(
        office_hours,
        ALICE,
        casework.Report("（示例）路面积水", "jingui"),
        form_key="late",
        secret="x" * 12,
        now=datetime.fromisoformat("2031-03-03T02:00:00Z"),
    )
    assert issue(found.number).opinion_due_at is None
    assert found.number == "310001"


def test_numbers_start_again_each_year_by_the_clock_in_china() -> None:
    new_years_eve = datetime.fromisoformat("2026-12-31T15:59:59Z")
    assert submit("last of 2026", now=new_years_eve).number == "260006"
    assert submit("first of 2027", now=new_years_eve + timedelta(seconds=1)).number == "270001"


def test_after_number_9999_comes_10000() -> None:
    Counter.update(value=9998).execute()
    assert [submit(f"form {n}").number for n in range(2)] == ["269999", "2610000"]


# The first answer and the grade


def test_an_initial_opinion_stops_the_clock_and_reaches_the_resident() -> None:
    entry = make("opine", WENDY, text="今天就去看。")
    found = issue()
    assert stands() == ("collected", 1, None)
    assert found.opined_at == NOW + A_MINUTE
    assert found.initial_opinion == "今天就去看。"
    assert entry.resident_line == "社区给出初步处理意见：今天就去看。"
    assert (entry.note, entry.account_id, entry.actor_role) == (
        "今天就去看。", WENDY.account_id, "worker",
    )  # fmt: skip


def test_a_second_opinion_does_not_move_the_moment_of_the_first() -> None:
    make("opine", WENDY)
    make("opine", DAN, text="改为明天。")
    assert issue().opined_at == NOW + A_MINUTE
    assert issue().initial_opinion == "改为明天。"


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
    assert "B类（较为复杂的问题）" in entry.resident_line
    assert entry.note == ""


def test_a_grade_may_bring_the_initial_opinion_along() -> None:
    entry = make("classify", DAN, initial_opinion="马上去看。")
    found = issue()
    assert (found.opined_at, found.initial_opinion) == (entry.made_at, "马上去看。")
    assert entry.resident_line.endswith("前给您结果。初步处理意见：马上去看。")
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


# Corrections


@pytest.mark.parametrize(
    ("field", "new_value", "step"),
    [
        ("estate_id", "guiyuan", Step.COLLECTED),
        ("estate_id", "guiyuan", Step.CLOSED),
        ("location", "3栋", Step.MERGED),
        ("category", "noise", Step.HANDLING),
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


# Who will do it


def test_an_assigned_worker_leads_and_the_leader_is_the_caller() -> None:
    make("classify", DAN)
    entry = make("assign", DAN, worker_id=WILL.account_id)
    assert stands() == ("handling", 1, "C")
    assert issue().caller_id == DAN.account_id
    assert leads() == [("lead", WILL.account_id, "")]
    assert entry.note == "主办：will"
    assert "will" not in entry.resident_line


@pytest.mark.parametrize("worker", [FRANK, ERIN, BOB, STELLA, COLIN])
def test_only_somebody_who_works_for_the_community_can_be_given_its_issue(worker: Actor) -> None:
    make("classify", DAN)
    with nothing_written(NotPossible, "lead"):
        make("assign", DAN, worker_id=worker.account_id)


def test_somebody_who_left_can_be_given_nothing() -> None:
    make("classify", DAN)
    casework.disable_account("will", now=NOW)
    with nothing_written(NotPossible, "lead"):
        make("assign", DAN, worker_id=WILL.account_id)


@pytest.mark.parametrize(("severity_class", "caller"), [("B", DAN), ("A", STELLA)])
def test_a_summons_calls_each_party_once_and_sets_the_time_to_reply(
    severity_class: str, caller: Actor
) -> None:
    make("classify", DAN, severity_class=severity_class)
    reply_by = NOW + timedelta(hours=5)
    entry = make("summon", caller, parties=["police", "city", "police"], reply_by=reply_by)
    assert stands() == ("responding", 1, severity_class)
    assert (issue().caller_id, issue().reply_by) == (caller.account_id, reply_by)
    summons = Summons.get(Summons.issue == issue())
    assert (summons.entry_id, summons.round_no, summons.reply_by) == (entry.id, 1, reply_by)
    assert summons.severity_class == severity_class
    parties = Party.select().where(Party.summons == summons).order_by(Party.id)
    assert [(p.organization_id, p.answer, p.is_current) for p in parties] == [
        ("police", "", True),
        ("city", "", True),
    ]
    assert "公安分局、城管局" in entry.resident_line
    assert "11月23日 14:00" in entry.resident_line


@pytest.mark.parametrize(
    ("severity_class", "what", "field"),
    [
        ("B", {"parties": []}, "parties"),
        ("B", {"parties": ["nobody"]}, "parties"),
        ("A", {"parties": ["station"]}, "parties"),
        ("A", {"parties": ["city", "partner"]}, "parties"),
        ("B", {"reply_by": NOW}, "reply_by"),
        ("B", {"reply_by": NOW + 2 * A_MINUTE}, "reply_by"),
        ("B", {"asked": "  "}, "asked"),
    ],
)
def test_a_summons_that_cannot_be_is_refused(
    severity_class: str, what: dict[str, object], field: str
) -> None:
    make("classify", DAN, severity_class=severity_class)
    with nothing_written(NotPossible, field):
        make("summon", STELLA if severity_class == "A" else DAN, **what)


def test_for_class_b_stations_and_partners_can_be_called_and_for_a_departments_only() -> None:
    assert set(casework.callable_units(CIRCLE, "B")) == set(CIRCLE.departments)
    assert set(casework.callable_units(CIRCLE, "A")) == {"city", "police", "fire"}


def test_a_summoned_party_answers_for_itself_and_may_answer_again() -> None:
    bring(Step.RESPONDING, "B")
    make("answer", BOB, answer="acknowledged", opinion="马上到。")
    entry = make("answer", BOB, answer="arrived", opinion="已经看过。")
    assert stands() == ("responding", 1, "B")
    city, fire = Party.select().where(Party.issue == issue()).order_by(Party.id)
    assert (city.answer, city.opinion, city.answered_at) == ("arrived", "已经看过。", entry.made_at)
    assert (fire.answer, fire.answered_at) == ("", None)
    assert (entry.organization_id, entry.note) == ("city", "已到现场。已经看过。")
    assert entry.resident_line == "城管局已响应。"


def test_carol_cannot_answer_a_summons_to_bobs_department() -> None:
    bring(Step.RESPONDING, "B")
    with nothing_written(IssueUnknown):
        make("answer", CAROL)


def test_carol_who_was_called_to_another_round_cannot_answer_in_this_one() -> None:
    make("classify", DAN, severity_class="B")
    make("summon", DAN, parties=["police", "city"])
    make("plan", DAN, assist=[])
    make("escalate", DAN)
    make("summon", STELLA, parties=["city"])
    with nothing_written(NotAllowed):
        make("answer", CAROL)
    make("answer", BOB)


def test_who_has_arrived_does_not_go_back_to_having_heard_of_it() -> None:
    bring(Step.RESPONDING, "B")
    make("answer", BOB, answer="arrived")
    with nothing_written(NotPossible, "answer"):
        make("answer", BOB, answer="acknowledged")
    make("answer", BOB, answer="arrived", opinion="又看了一遍。")


def test_an_answer_of_an_unknown_kind_is_refused() -> None:
    bring(Step.RESPONDING, "B")
    with nothing_written(NotPossible, "answer"):
        make("answer", BOB, answer="maybe")


def test_a_plan_names_who_leads_and_who_assists() -> None:
    bring(Step.RESPONDING, "B")
    entry = make("plan", DAN, text="一周内修好", lead="fire", assist=["city", "fire", "city"])
    assert stands() == ("handling", 1, "B")
    assert leads() == [("lead", None, "fire"), ("assist", None, "city")]
    assert issue().reply_by is None
    assert entry.resident_line == "解决方案已定：一周内修好。主办：消防大队。"
    assert entry.note == "一周内修好。主办：消防大队；协办：城管局"


def test_the_community_itself_may_lead_a_plan_and_then_its_own_staff_do() -> None:
    bring(Step.RESPONDING, "B")
    make("plan", DAN, lead="jingui", assist=["city"])
    make("progress", BOB)
    make("resolve", WENDY)
    assert stands() == ("evaluating", 1, "B")


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"lead": "police"}, "lead"),
        ({"lead": ""}, "lead"),
        ({"lead": "yinxing"}, "lead"),
        ({"assist": ["police"]}, "assist"),
        ({"text": ""}, "plan"),
    ],
)
def test_a_plan_only_names_parties_that_were_called(what: dict[str, object], field: str) -> None:
    bring(Step.RESPONDING, "B")
    with nothing_written(NotPossible, field):
        make("plan", DAN, **what)


def test_only_the_caller_makes_the_plan() -> None:
    bring(Step.RESPONDING, "B")
    for other in (DORA, WENDY, BOB, STELLA):
        with nothing_written(NotAllowed):
            make("plan", other)


def test_a_department_that_left_the_data_keeps_its_part_under_its_id() -> None:
    bring(Step.RESPONDING, "B")
    departments = {key: unit for key, unit in CIRCLE.departments.items() if key != "city"}
    without = replace(CIRCLE, departments=departments)
    assert casework.plan_units(without, issue()) == {
        "city": "city", "fire": "消防大队", "jingui": "金桂社区",
    }  # fmt: skip
    entry = casework.answer(
        without, BOB, FIRST, None, answer="arrived", opinion="到了。", now=next_moment(FIRST)
    )
    assert entry.resident_line == "city已响应。"


# Carrying it out


def test_progress_is_told_by_lead_assistants_and_caller() -> None:
    make("classify", DAN, severity_class="B")
    make("summon", DAN, parties=["city", "police"])
    make("plan", DAN, lead="city", assist=["police"])
    for actor in (BOB, CAROL, DAN):
        assert make("progress", actor, note="快了。").resident_line == "办理进展：快了。"
    for actor in (DORA, WENDY, STELLA):
        with nothing_written(NotAllowed):
            make("progress", actor)
    assert stands() == ("handling", 1, "B")


@pytest.mark.parametrize(("severity_class", "by"), [("C", DAN), ("B", DORA), ("A", STEVE)])
def test_an_extension_moves_the_deadline_to_the_end_of_that_day(
    severity_class: str, by: Actor
) -> None:
    bring(Step.HANDLING, severity_class)
    entry = make("extend", by, new_due_on=date(2026, 12, 24), reason="等配件。")
    assert issue().due_at == entry.due_at == datetime.fromisoformat("2026-12-24T16:00:00Z")
    assert stands() == ("handling", 1, severity_class)
    assert entry.resident_line == "办理时限延到12月24日 24:00，理由：等配件。"


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 24), date(2026, 11, 30)])
def test_an_extension_to_no_later_day_is_refused(day: date) -> None:
    bring(Step.HANDLING)
    assert issue().due_at == datetime.fromisoformat("2026-11-30T16:00:00Z")
    with nothing_written(NotPossible, "new_due_on"):
        make("extend", DAN, new_due_on=day)


def test_an_overdue_issue_cannot_be_extended_into_the_past() -> None:
    bring(Step.HANDLING)
    with nothing_written(NotPossible, "new_due_on"):
        make("extend", DAN, new_due_on=date(2026, 12, 4), now=NOW + timedelta(days=14))


def test_only_the_lead_resolves_and_then_it_is_the_residents_turn() -> None:
    bring(Step.HANDLING)
    for other in (DAN, WILL, STELLA):
        with nothing_written(NotAllowed):
            make("resolve", other)
    entry = make("resolve", WENDY, outcome="灯亮了")
    assert stands() == ("evaluating", 1, "C")
    assert issue().evaluating_since == entry.made_at
    assert entry.resident_line == "已经办结：灯亮了。请您评价，满意了才算办完。"


def test_a_failed_c_becomes_b_and_a_failed_b_becomes_a_while_the_clock_runs_on() -> None:
    bring(Step.HANDLING, "C")
    due_at = issue().due_at
    make("escalate", DAN)
    assert stands() == ("classified", 1, "B")
    assert leads() == []
    make("summon", DAN)
    make("plan", DAN)
    make("escalate", STELLA)
    assert stands() == ("classified", 1, "A")
    assert (issue().due_at, issue().caller, issue().reply_by) == (due_at, None, None)
    assert not Party.select().where(Party.issue == issue(), Party.is_current).exists()
    assert leads() == []


def test_an_a_that_could_not_be_solved_is_explained_with_a_day_to_look_again() -> None:
    bring(Step.HANDLING, "A")
    entry = make("explain", STELLA, explanation="要等规划", review_on=date(2027, 3, 1))
    assert stands() == ("evaluating", 1, "A")
    assert (issue().review_on, issue().evaluating_since) == ("2027-03-01", entry.made_at)
    assert entry.resident_line == "目前未能解决，街道说明：要等规划。下次研究时间：2027-03-01。"


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 23)])
def test_the_next_look_at_it_must_lie_ahead(day: date) -> None:
    bring(Step.HANDLING, "A")
    with nothing_written(NotPossible, "review_on"):
        make("explain", STELLA, review_on=day)


# The verdict


@pytest.mark.parametrize("satisfaction", [3, 4, 5])
def test_a_satisfied_resident_closes_the_issue(satisfaction: int) -> None:
    bring(Step.EVALUATING)
    entry = make("evaluate", ALICE, satisfaction=satisfaction, asked_at=None, asked_how="")
    assert stands() == ("closed", 1, "C")
    assert (entry.satisfaction, entry.from_step, entry.to_step) == (
        satisfaction, "evaluating", "closed",
    )  # fmt: skip


@pytest.mark.parametrize("satisfaction", [1, 2])
def test_a_dissatisfied_resident_opens_the_next_round_ungraded_with_a_fresh_clock(
    satisfaction: int,
) -> None:
    bring(Step.EVALUATING, "B")
    later = NOW + timedelta(days=5)
    entry = make("evaluate", ALICE, satisfaction=satisfaction, comment="又坏了。", now=later)
    found = issue()
    assert stands() == ("collected", 2, None)
    assert (entry.round_no, entry.to_round, entry.severity_class) == (1, 2, None)
    assert (found.round_started_at, found.opinion_due_at) == (later, later + timedelta(minutes=10))
    cleared = ("urgency", "opined_at", "classified_at", "due_at", "reply_by", "caller",
               "evaluating_since", "merged_into")  # fmt: skip
    assert {name: getattr(found, name) for name in cleared} == dict.fromkeys(cleared)
    assert (found.initial_opinion, found.review_on) == ("", "")
    assert found.received_at == NOW
    assert leads() == []
    assert not Party.select().where(Party.issue == found, Party.is_current).exists()
    with nothing_written(NotAllowed):
        make("progress", BOB)


def test_the_office_may_count_fewer_levels_as_satisfied() -> None:
    bring(Step.EVALUATING)
    strict = replace(CIRCLE, satisfied_levels=frozenset({4, 5}))
    casework.evaluate(
        strict, ALICE, FIRST, None, satisfaction=3, comment="一般。", now=next_moment(FIRST)
    )
    assert stands() == ("collected", 2, None)


@pytest.mark.parametrize("comment", ["", " \n "])
def test_a_dissatisfied_verdict_says_why(comment: str) -> None:
    bring(Step.EVALUATING)
    with nothing_written(NotPossible, "comment"):
        make("evaluate", ALICE, satisfaction=2, comment=comment)


@pytest.mark.parametrize("satisfaction", [0, 6, -1])
def test_a_verdict_is_one_of_five(satisfaction: int) -> None:
    bring(Step.EVALUATING)
    with nothing_written(NotPossible, "satisfaction"):
        make("evaluate", ALICE, satisfaction=satisfaction)


@pytest.mark.parametrize("actor", [WENDY, DAN, STELLA])
def test_staff_pass_a_verdict_on_with_when_and_how_they_asked(actor: Actor) -> None:
    bring(Step.EVALUATING)
    asked_at = next_moment(FIRST)
    entry = make(
        "evaluate", actor, asked_at=asked_at, asked_how="上门", now=asked_at + timedelta(hours=1)
    )
    assert stands() == ("closed", 1, "C")
    assert (entry.asked_at, entry.asked_how) == (asked_at, "上门")


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"asked_at": None}, "asked_at"),
        ({"asked_at": NOW + timedelta(days=1)}, "asked_at"),
        ({"asked_at": NOW - timedelta(days=1)}, "asked_at"),
        ({"asked_how": " "}, "asked_how"),
    ],
)
def test_a_verdict_that_staff_cannot_have_heard_is_refused(
    what: dict[str, object], field: str
) -> None:
    bring(Step.EVALUATING)
    with nothing_written(NotPossible, field):
        make("evaluate", WENDY, **what)


def test_the_form_asks_for_minutes_so_the_very_minute_of_the_end_counts() -> None:
    bring(Step.HANDLING)
    ended_at = NOW + timedelta(minutes=30, seconds=40)
    make("resolve", WENDY, now=ended_at)
    make("evaluate", DAN, asked_at=ended_at.replace(second=0), now=ended_at + A_MINUTE)
    assert stands() == ("closed", 1, "C")


def test_nobody_elses_resident_gives_a_verdict() -> None:
    bring(Step.EVALUATING)
    with nothing_written(IssueUnknown):
        make("evaluate", resident(SECOND))


def test_a_closed_issue_takes_no_second_verdict() -> None:
    bring(Step.CLOSED)
    with nothing_written(NotAllowed):
        make("evaluate", ALICE, satisfaction=1, comment="还是不行。")


def test_three_attempts_on_three_days_shelve_an_issue_and_a_later_verdict_still_counts() -> None:
    bring(Step.EVALUATING)
    entry = make("shelve", DAN)
    assert stands() == ("shelved", 1, "C")
    attempts = ContactAttempt.select().where(ContactAttempt.entry == entry)
    assert sorted(attempt.tried_on for attempt in attempts) == [
        "2026-11-23", "2026-11-24", "2026-11-25",
    ]  # fmt: skip
    assert "；" in entry.note
    make("evaluate", ALICE)
    assert stands() == ("closed", 1, "C")


def _tried(*days: int) -> list[tuple[date, str]]:
    return [(local_day(NOW) + timedelta(day), "电话") for day in days]


@pytest.mark.parametrize(
    "attempts",
    [
        [],
        _tried(0, 1),
        _tried(0, 1, 1),
        _tried(0, 0, 0, 0),
        _tried(-1, 0, 1),
        _tried(0, 1, 3),
        [*_tried(0, 1), (local_day(NOW) + timedelta(2), " ")],
    ],
)
def test_fewer_than_three_days_or_days_that_cannot_be_do_not_shelve(
    attempts: list[tuple[date, str]],
) -> None:
    bring(Step.EVALUATING)
    with nothing_written(NotPossible, "attempts"):
        make("shelve", DAN, attempts=attempts)


# Other ways out, and back


def test_a_transfer_tells_who_is_competent_and_why() -> None:
    entry = make("transfer", DAN, authority="社保部门", reason="请到窗口")
    assert stands() == ("transferred", 1, None)
    assert entry.resident_line == "这件事由社保部门负责：请到窗口。"


@pytest.mark.parametrize(("step", "severity_class"), [(Step.COLLECTED, None), (Step.HANDLING, "B")])
def test_a_merged_issue_follows_the_other(step: Step, severity_class: str | None) -> None:
    bring(step, severity_class)
    entry = make("merge", DAN, into=SECOND)
    assert stands() == ("merged", 1, severity_class)
    assert issue().merged_into.number == SECOND
    assert entry.note == f"并入 {SECOND}"
    assert SECOND not in entry.resident_line


@pytest.mark.parametrize("into", [FIRST, ELSEWHERE, "269999", ""])
def test_an_issue_merges_only_with_another_of_its_community(into: str) -> None:
    with nothing_written(NotPossible, "merged_into"):
        make("merge", DAN, into=into)


@pytest.mark.parametrize("step", [Step.CLOSED, Step.TRANSFERRED, Step.WITHDRAWN, Step.MERGED])
def test_an_issue_merges_only_with_an_open_one(step: Step) -> None:
    bring(step, number=SECOND)
    with nothing_written(NotPossible, "merged_into"):
        make("merge", DAN, into=SECOND)


def test_two_issues_never_follow_one_another() -> None:
    make("merge", DAN, FIRST, into=SECOND)
    with nothing_written(NotPossible, "merged_into"):
        make("merge", DAN, SECOND, into=FIRST)


def test_a_merged_resident_waits_for_the_other_issue_and_then_gives_a_verdict_of_their_own() -> (
    None
):
    make("merge", DAN, FIRST, into=SECOND)
    make("merge", DAN, SECOND, into=THIRD)
    for step in (Step.COLLECTED, Step.CLASSIFIED, Step.HANDLING):
        with undone():
            bring(step, number=THIRD)
            with nothing_written(NotPossible, "satisfaction"):
                make("evaluate", ALICE)
    bring(Step.EVALUATING, number=THIRD)
    make("evaluate", ALICE, now=next_moment(THIRD))
    assert stands(FIRST) == ("closed", 1, None)
    assert stands(SECOND)[0] == "merged"
    assert stands(THIRD)[0] == "evaluating"
    make("evaluate", resident(SECOND), SECOND, satisfaction=1, comment="没有修好。",
         now=next_moment(THIRD))  # fmt: skip
    assert stands(SECOND) == ("collected", 2, None)
    assert issue(SECOND).merged_into is None


def test_a_merged_resident_is_asked_after_the_other_issue_was_handled_not_before() -> None:
    make("merge", DAN, FIRST, into=SECOND)
    bring(Step.HANDLING, number=SECOND)
    too_early = next_moment(SECOND)
    make("resolve", WENDY, SECOND, now=too_early + timedelta(hours=1))
    now = too_early + timedelta(hours=2)
    with nothing_written(NotPossible, "asked_at"):
        make("evaluate", DAN, asked_at=too_early, now=now)
    make("evaluate", DAN, asked_at=now, now=now)


def test_a_resident_takes_the_issue_back_and_may_change_their_mind() -> None:
    bring(Step.HANDLING)
    entry = make("withdraw", ALICE, reason="已经好了。")
    assert (stands(), entry.note) == (("withdrawn", 1, "C"), "已经好了。")
    make("reopen", ALICE, reason="又坏了。")
    assert stands() == ("collected", 2, None)
    assert leads() == []


def test_a_resident_cannot_reopen_somebody_elses_withdrawal() -> None:
    bring(Step.WITHDRAWN, number=SECOND)
    with nothing_written(IssueUnknown):
        make("reopen", ALICE, SECOND)


@pytest.mark.parametrize("step", [Step.TRANSFERRED, Step.MERGED])
def test_what_the_community_ended_only_the_street_reopens(step: Step) -> None:
    bring(step)
    for other in (DAN, WENDY, ALICE):
        with nothing_written(NotAllowed):
            make("reopen", other)
    make("reopen", STELLA)
    assert stands() == ("collected", 2, None)
    assert issue().merged_into is None


# People who left


def test_a_colleague_of_the_level_takes_over_from_a_caller_who_left() -> None:
    bring(Step.RESPONDING, "B")
    casework.disable_account("dan", now=NOW)
    for other in (ERIN, STELLA, WENDY):
        with nothing_written():
            make("plan", other)
    make("plan", DORA)


def test_a_colleague_at_the_street_takes_over_a_class_a_from_a_caller_who_left() -> None:
    bring(Step.RESPONDING, "A")
    casework.disable_account("stella", now=NOW)
    with nothing_written(NotAllowed):
        make("plan", DAN)
    make("plan", STEVE)


def test_the_communitys_leader_replaces_a_lead_who_left() -> None:
    bring(Step.HANDLING)
    with nothing_written(NotAllowed):
        make("resolve", DORA)
    casework.disable_account("wendy", now=NOW)
    with nothing_written(NotAllowed):
        make("resolve", WILL)
    make("resolve", DORA)


# What holds for every move


TEXTS = {
    "initial_opinion": "text", "asked": "asked", "opinion": "opinion", "plan": "text",
    "note": "note", "reason": "reason", "outcome": "outcome", "explanation": "explanation",
    "authority": "authority",
}  # fmt: skip
TEXTS_NEEDED = [
    (row, need)
    for row in MOVES
    for need in row.needs
    if row.from_steps and need in TEXTS and row.name != "classify"
]


def bring_to(row: Move) -> Issue:
    """Takes the issue to where this row of the table begins."""
    step = row.from_steps[0]
    return bring(step, (row.severity_classes or ("B" if step is Step.RESPONDING else "C",))[0])


@pytest.mark.parametrize(
    ("row", "need"), TEXTS_NEEDED, ids=lambda part: getattr(part, "name", part)
)
def test_every_text_that_the_procedure_needs_must_say_something(row: Move, need: str) -> None:
    found = bring_to(row)
    makers = [actor for actor in EVERYBODY.values() if row in moves_of(actor, found)]
    assert makers
    for actor in makers:
        with nothing_written(NotPossible, need):
            make(row.name, actor, **{TEXTS[need]: " \n"})


def moves_of(actor: Actor, found: Issue) -> tuple[Move, ...]:
    case = reports.case(actor, found.number)
    return moves_from(Step(found.step), case.parts, found.severity_class) if case else ()


MOVES_MADE = tuple(dict.fromkeys(row.name for row in MOVES if row.name != "submit"))
STANDING_IDS = [f"{step.value}-{severity_class}" for step, severity_class in STANDINGS]


@pytest.mark.parametrize(("step", "severity_class"), STANDINGS, ids=STANDING_IDS)
def test_everybody_can_make_exactly_the_moves_that_the_procedure_gives_them(
    step: Step, severity_class: str | None
) -> None:
    found = bring(step, severity_class)
    if step is Step.MERGED:  # its resident's turn has come when the other issue is handled
        bring(Step.EVALUATING, number=THIRD)
    now = max(next_moment(FIRST), next_moment(THIRD)) + timedelta(days=2)
    before = dump()
    for who, actor in EVERYBODY.items():
        offered = moves_of(actor, found)
        for name in MOVES_MADE:
            rows = [row for row in offered if row.name == name]
            assert bool(rows) == may(actor, name, found, now), f"{who}: {name}"
            for row in rows:
                what = {} if row.satisfied is not False else {"satisfaction": 1, "comment": "否。"}
                with undone():
                    call(name, actor, found, now, **what)
                    check_what_a_move_left(found, actor, now, row)
    assert dump() == before


def may(actor: Actor, name: str, found: Issue, now: datetime) -> bool:
    """Whether casework lets this person make the move; it is taken back."""
    with undone():
        try:
            call(name, actor, found, now)
        except (IssueUnknown, NotAllowed):
            return False
    return True


def check_what_a_move_left(before: Issue, actor: Actor, now: datetime, row: Move) -> None:
    entry, after = last(), issue()
    assert after.version == before.version + 1
    assert (entry.move, entry.made_at, entry.account_id) == (row.name, now, actor.account_id)
    assert (entry.actor_role, entry.actor_name) == (actor.role.value, actor.name)
    assert (entry.from_step, entry.round_no) == (before.step, before.round_no)
    assert entry.to_step == after.step == (row.to_step or Step(before.step)).value
    assert entry.to_round == after.round_no == before.round_no + row.new_round
    assert entry.severity_class == after.severity_class
    assert (entry.urgency, entry.due_at) == (after.urgency, after.due_at)
    assert entry.opinion_due_at == after.opinion_due_at
    assert entry.resident_line
    assert "{" not in entry.resident_line
    assert reports.retrace(entries()) == (Step(after.step), after.round_no, after.severity_class)


@pytest.mark.parametrize(
    "row", [row for row in MOVES if row.name in VERSIONED], ids=lambda row: row.name
)
def test_a_move_on_what_a_colleague_has_changed_since_is_refused(row: Move) -> None:
    found = bring_to(row)
    makers = [actor for actor in EVERYBODY.values() if row in moves_of(actor, found)]
    assert makers
    for actor in makers:
        with nothing_written(StaleCase):
            make(row.name, actor, version=found.version - 1)


def test_a_form_pressed_twice_makes_its_move_once() -> None:
    bring(Step.HANDLING)
    wendy = replace(WENDY, press="one form's key")
    make("progress", wendy)
    with nothing_written(AlreadyMade):
        make("progress", wendy)
    with nothing_written(AlreadyMade):  # whatever has become of the issue since
        make("resolve", wendy, version=1)
    assert "one form's key" not in repr(dump())
    make("progress", replace(WENDY, press="another form's key"))
    make("progress", WENDY)
    make("progress", WENDY)
    assert [entry.move for entry in entries()].count("progress") == 4


def test_a_residents_verdict_pressed_twice_is_one_verdict() -> None:
    bring(Step.EVALUATING)
    alice = resident(FIRST, press="one form's key")
    make("evaluate", alice, satisfaction=1, comment="又坏了。")
    with nothing_written(AlreadyMade):
        make("evaluate", alice, satisfaction=1, comment="又坏了。")
    assert casework.is_made(issue(), "one form's key")
    assert not casework.is_made(issue(), "another form's key")
    assert not casework.is_made(issue(), "")
    assert not casework.is_made(issue(SECOND), "one form's key")


def test_what_a_resident_may_do_takes_the_issue_as_it_is() -> None:
    bring(Step.EVALUATING)
    casework.evaluate(CIRCLE, ALICE, FIRST, None, satisfaction=5, now=next_moment(FIRST))
    assert stands() == ("closed", 1, "C")


def test_an_issue_that_does_not_exist_is_unknown() -> None:
    with nothing_written(IssueUnknown):
        casework.opine(CIRCLE, DAN, "269999", 1, "看。", now=NOW)


@pytest.mark.parametrize("actor", [ERIN, FRANK, BOB, STAN, ADA, COLIN])
def test_an_issue_out_of_sight_is_unknown_rather_than_forbidden(actor: Actor) -> None:
    with nothing_written(IssueUnknown):
        make("opine", actor)


def test_a_supervisor_sees_all_and_changes_nothing() -> None:
    with nothing_written(NotAllowed):
        make("opine", SUNNY)


def test_every_error_has_its_status_and_a_sentence_to_read() -> None:
    named = (IssueUnknown, NotAllowed, StaleCase, AlreadyMade)
    assert [(error.status, error().sentence) for error in named] == [
        (404, "没有找到这个问题，或者它不在您的查看范围内。"),
        (403, "您的角色不能办理这一步。"),
        (409, "刚刚有同事先办了一步，情况已经变了。您写的内容还在，请看过最新进展再决定。"),
        (409, "这一步刚才已经办好了。"),
    ]
    refused = NotPossible("lead", "请选择。")
    assert (refused.status, refused.field, str(refused)) == (422, "lead", "请选择。")


def deadline_by_the_entries(number: str) -> datetime | None:
    """When the issue is due, from what its entries say and nothing else."""
    due_at, classified_at = None, None
    for entry in entries(number):
        if entry.to_round != entry.round_no:
            due_at = None
        elif entry.move == "classify":
            classified_at = entry.made_at
            due_at = urgency_due(CIRCLE.clocks, classified_at, entry.urgency)
        elif entry.move == "extend":
            due_at = entry.due_at
        elif entry.field == "urgency":
            assert classified_at is not None
            due_at = urgency_due(CIRCLE.clocks, classified_at, int(entry.new_value))
        assert entry.due_at == due_at
    return due_at


def test_every_deadline_can_be_recomputed_from_the_entries_alone() -> None:
    bring(Step.HANDLING, "B")
    make("extend", DAN)
    make("correct", DAN, field="urgency", new_value="1")
    make("extend", DAN)
    make("escalate", DAN)
    make("correct", STELLA, field="urgency", new_value="3")
    assert deadline_by_the_entries(FIRST) == issue().due_at is not None
    make("summon", STELLA)
    make("plan", STELLA)
    make("explain", STELLA)
    make("evaluate", ALICE, satisfaction=1, comment="不行。")
    assert deadline_by_the_entries(FIRST) is issue().due_at is None
    assert issue().opinion_due_at == opinion_due(CIRCLE.clocks, last().made_at)
    assert last().opinion_due_at == issue().opinion_due_at
    make("classify", DAN, severity_class="A", urgency=3)
    assert deadline_by_the_entries(FIRST) == issue().due_at is not None


# Ratings


def test_a_rating_counts_once_a_form() -> None:
    for _ in range(2):
        casework.rate(CIRCLE, "service:meals", 4, "不错", form_key="rated once", now=NOW)
    (rating,) = Rating.select()
    assert (rating.about, rating.satisfaction, rating.comment) == ("service:meals", 4, "不错")
    assert rating.made_at == NOW
    assert "rated once" not in rating.form_key_hash


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ("service:meals", "老人助餐"),
        ("activity:choir", "合唱"),
        ("venue:library", "示例书屋"),
        ("venue:meals", None),
        ("meals", None),
        ("", None),
        ("person:dan", None),
    ],
)
def test_services_activities_and_venues_are_rated_and_nothing_else(
    about: str, name: str | None
) -> None:
    assert casework.rated_name(CIRCLE, about) == name
    if name is None:
        with nothing_written(NotPossible, "about"):
            casework.rate(CIRCLE, about, 5, "", form_key="key", now=NOW)


@pytest.mark.parametrize("satisfaction", [0, 6])
def test_a_rating_is_one_of_five(satisfaction: int) -> None:
    with nothing_written(NotPossible, "satisfaction"):
        casework.rate(CIRCLE, "service:meals", satisfaction, "", form_key="key", now=NOW)


def test_a_naive_time_never_enters_the_database(database: peewee.Database) -> None:
    before = dump()
    with pytest.raises(ValueError, match="without a zone"):
        make("opine", WENDY, now=NOW.replace(tzinfo=None))
    assert dump() == before
    assert not database.in_transaction()

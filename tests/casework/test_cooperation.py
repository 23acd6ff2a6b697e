"""Who will do it: assignment, summons, answers, plan."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.casework import (
    IssueUnknown,
    NotAllowed,
    NotPossible,
    StaleCase,
)
from forms_app.issues.access import Actor
from forms_app.rules.steps import Step
from forms_app.store.models import (
    Measure,
    Party,
    Summons,
)
from tests.support.actors import (
    BOB,
    CAROL,
    CIRCLE,
    COLIN,
    DAN,
    DORA,
    ERIN,
    FIRST,
    FRANK,
    NOW,
    STELLA,
    WENDY,
    WILL,
    bring,
    entries,
    issue,
    make,
    next_moment,
)
from tests.support.moves import A_MINUTE, leads, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")


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
    assert "最晚11月23日（周一）下午回话" in entry.resident_line


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
    assert set(casework.callable_units(CIRCLE, "B", "jingui")) == set(CIRCLE.departments)
    assert set(casework.callable_units(CIRCLE, "A", "jingui")) == {"city", "police", "fire"}


def test_a_summoned_party_answers_for_itself_and_may_answer_again() -> None:
    bring(Step.RESPONDING, "B")
    make("answer", BOB, answer="acknowledged", opinion="马上到。")
    entry = make("answer", BOB, answer="arrived", opinion="已经看过。")
    assert stands() == ("responding", 1, "B")
    city, fire = Party.select().where(Party.issue == issue()).order_by(Party.id)
    assert (city.answer, city.opinion, city.answered_at) == ("arrived", "已经看过。", entry.made_at)
    assert (fire.answer, fire.answered_at) == ("", None)
    assert (entry.organization_id, entry.note) == ("city", "已到现场。已经看过。")
    assert entry.resident_line == "城管局回话了。"


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
    assert entry.resident_line == "商量好怎么办了：一周内修好。由消防大队来办。"
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


def test_another_plan_takes_the_place_of_the_one_that_was_made_and_keeps_it_to_read() -> None:
    bring(Step.HANDLING, "B")
    measure = casework.PlannedMeasure("清淤", "city")
    make("replan", DAN, lead="jingui", assist=["fire"], measures=[measure])
    assert leads() == [("lead", None, "jingui"), ("assist", None, "fire"), ("assist", None, "city")]
    *_, before, after = entries()
    assert before.note == "一周内修好。主办：城管局；协办：消防大队"
    assert after.note.endswith("主办：金桂社区；协办：消防大队、城管局。调整的原因：太慢。")
    assert "第1步：清淤（城管局）。" in after.resident_line
    assert stands() == ("handling", 1, "B")
    make("replan", DAN, lead="city", assist=[])
    assert leads() == [("lead", None, "city")]
    assert Measure.select().where(Measure.is_current).count() == 0
    assert Measure.select().count() == 1


def test_a_plan_is_changed_by_its_caller_alone_and_only_while_it_is_carried_out() -> None:
    bring(Step.HANDLING, "B")
    for actor in (BOB, WENDY, STELLA):
        with nothing_written(NotAllowed):
            make("replan", actor)
    make("resolve", BOB)
    with nothing_written(NotAllowed):
        make("replan", DAN)


def test_who_changes_the_plan_and_who_resolves_at_once_hear_of_each_other() -> None:
    seen = bring(Step.HANDLING, "B").version
    make("replan", DAN)
    with nothing_written(StaleCase):
        make("resolve", BOB, version=seen)
    with nothing_written(NotAllowed):  # no longer the one who leads
        make("resolve", BOB)


def test_only_the_caller_makes_the_plan() -> None:
    bring(Step.RESPONDING, "B")
    for other in (DORA, WENDY, BOB, STELLA):
        with nothing_written(NotAllowed):
            make("plan", other)


def test_a_department_that_left_the_data_keeps_its_part_under_its_id() -> None:
    bring(Step.RESPONDING, "B")
    departments = {key: unit for key, unit in CIRCLE.departments.items() if key != "city"}
    without = replace(CIRCLE, departments=departments)
    assert casework.plan_units(without, ["city", "fire"], "jingui") == {
        "city": "city", "fire": "消防大队", "jingui": "金桂社区",
    }  # fmt: skip
    entry = casework.answer(
        without, BOB, FIRST, None, answer="arrived", opinion="到了。", now=next_moment(FIRST)
    )
    assert entry.resident_line == "city回话了。"

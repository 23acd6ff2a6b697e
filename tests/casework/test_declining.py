"""Whose it is: who may say that it is not theirs, who rules on it, and what either changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, NotAllowed, NotPossible, Recorded, StaleCase
from forms_app.casework.reminders import remind
from forms_app.casework.urging import urgeable
from forms_app.issues.access import Actor
from forms_app.queries.retrace import other_deadlines
from forms_app.rules.steps import Role, Step
from forms_app.rules.worktime import ruling_due
from forms_app.store.accounts import Account
from forms_app.store.models import Entry, Issue, Objection, Party, Summons
from forms_app.store.notices import Notice
from tests.support.actors import (
    ALICE,
    BOB,
    CAROL,
    CIRCLE,
    DAN,
    FIRST,
    STELLA,
    SUNNY,
    THIRD,
    bring,
    call,
    entries,
    issue,
    make,
    next_moment,
    open_rows,
)
from tests.support.moves import last, leads, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")


def offered(actor: Actor) -> tuple[str, ...]:
    case = queries.case(actor, FIRST)
    return () if case is None else case.moves


def waits(actor: Actor) -> list[tuple[str, tuple[str, ...]]]:
    (row,) = [row for row in open_rows(actor, next_moment(FIRST)) if row.issue.number == FIRST]
    return [(one.move, one.names) for one in row.awaited]


def told(event: str) -> set[str]:
    rows = Notice.select().where(Notice.event == event, Notice.kind == "account")
    return {Account.get_by_id(int(row.recipient)).username for row in rows}


def party(unit: str) -> Party:
    return Party.get(Party.organization_id == unit, Party.is_current)


def declined(whose: str, severity_class: str = "B", step: Step = Step.HANDLING) -> Issue:
    bring(step, severity_class)
    make("decline", BOB, whose=whose)
    return issue()


def test_a_unit_that_declines_has_answered_and_goes_on_acting() -> None:
    bring(Step.RESPONDING, "B")
    summoned = issue().answers_due_at
    entry = make("decline", BOB, whose="police", reason="归公安管。")
    assert party("city").answer == "declined"
    assert issue().answers_due_at == summoned  # the fire brigade's
    assert entry.note == "城管局提出职责异议，应由公安分局办：归公安管。"
    assert entry.resident_line == "由哪家来办正在核对，核对好以前照常办。"
    assert issue().ruling_due_at == ruling_due(CIRCLE.clocks, entry.made_at)
    make("answer", BOB, answer="acknowledged")
    assert party("city").answer == "acknowledged"
    assert issue().ruling_due_at is not None


def test_what_was_answered_stays_answered_where_the_unit_declines_afterwards() -> None:
    bring(Step.RESPONDING, "B")
    make("answer", BOB)
    make("decline", BOB)
    assert party("city").answer == "arrived"


def test_whoever_leads_reports_and_resolves_until_it_is_ruled() -> None:
    declined("police")
    make("progress", BOB)
    make("resolve", BOB)
    assert stands() == ("reported", 1, "B")
    assert issue().ruling_due_at is None  # the step is left
    assert Objection.get().ended_at is not None


def test_a_caller_writes_the_objection_down_for_a_unit_without_an_account() -> None:
    bring(Step.HANDLING, "B")
    with nothing_written(NotPossible, "told_by"):
        make("decline", DAN, recorded=Recorded(" ", "电话", next_moment(FIRST)))
    with nothing_written(NotPossible, "for_unit"):
        make("decline", DAN, for_unit="city")  # it has one, and says so itself
    entry = make("decline", DAN)
    assert (entry.organization_id, entry.told_by, entry.asked_how) == ("fire", "老赵", "电话")
    assert entry.resident_line.endswith("（打电话问来，替他们记下的）")


@pytest.mark.parametrize("whose", ["city", "nobody", "yinxing", ""])
def test_whose_it_is_must_be_somebody_elses_of_this_subdistrict(whose: str) -> None:
    bring(Step.RESPONDING, "B")
    with nothing_written(NotPossible, "whose"):
        make("decline", BOB, whose=whose)


def test_who_has_nothing_to_do_by_the_plan_does_not_decline() -> None:
    bring(Step.RESPONDING, "B")
    make("summon", DAN, parties=["police"])
    make("plan", DAN)
    assert "decline" not in offered(CAROL)
    with nothing_written(NotAllowed):
        make("decline", CAROL)


@pytest.mark.parametrize(
    ("whose", "severity_class", "ruling", "names"),
    [
        ("jingui", "B", DAN, "dan"),
        ("police", "B", STELLA, "示例街道"),
        ("unknown", "B", STELLA, "示例街道"),
        ("jingui", "A", STELLA, "示例街道"),
    ],
)
@pytest.mark.parametrize("step", [Step.RESPONDING, Step.HANDLING])
def test_it_waits_for_whoever_may_rule(
    step: Step, whose: str, severity_class: str, ruling: Actor, names: str
) -> None:
    declined(whose, severity_class, step)
    assert told("decline") == ({"dan"} if ruling is DAN else {"stella", "steve"})
    assert ("裁定", (names,)) in waits(SUNNY)
    assert [p.name for p in (DAN, STELLA, BOB, CAROL, SUNNY) if "rule" in offered(p)] == [
        ruling.name
    ]
    case = queries.case(ruling, FIRST)
    assert case is not None
    # Where a unit without an account is still silent, its caller is waited for first.
    writes = step is Step.RESPONDING and "answer" in case.moves
    assert case.due(ruling, next_moment(FIRST)) == ("answer" if writes else "rule")
    other = STELLA if ruling is DAN else DAN
    with nothing_written(NotAllowed):
        make("rule", other)
    make("rule", ruling)
    assert "裁定" not in dict(waits(SUNNY))
    assert issue().ruling_due_at is None


def test_two_units_that_decline_are_one_ruling_between_units() -> None:
    bring(Step.HANDLING, "B")
    make("decline", BOB, whose="jingui")
    first = issue().ruling_due_at
    make("decline", DAN, whose="jingui")
    assert (issue().ruling_due_at, issue().ruling_between) == (first, "units")
    make("rule", STELLA, lead="jingui")
    assert leads() == [("lead", None, "jingui")]
    assert not Objection.select().where(Objection.ended_at.is_null())


def test_a_unit_may_say_it_once_more_and_the_clock_is_the_first_ones() -> None:
    declined("police")
    first = issue().ruling_due_at
    make("decline", BOB, whose="jingui")
    assert (issue().ruling_due_at, issue().ruling_between) == (first, "home")


def test_the_resident_reads_who_leads_and_nobodys_fault() -> None:
    declined("police")
    entry = make("rule", STELLA, lead="police", reason="法规写明了")
    assert entry.resident_line == "定下来由公安分局来办，接着办。"
    assert entry.note == (
        "裁定由公安分局主办；协办：消防大队。理由：法规写明了。原来没有号召，一并号召。"
    )
    page = queries.case(ALICE, FIRST)
    assert page is not None
    assert page.objections == ()


def test_whoever_leads_by_a_ruling_is_called_and_the_others_stay_as_it_says() -> None:
    declined("police")
    make("rule", STELLA, lead="police")
    assert leads() == [("lead", None, "police"), ("assist", None, "fire")]
    assert party("police").summons.reply_by > last().made_at
    assert "resolve" in offered(CAROL)
    assert "resolve" not in offered(BOB)


def test_a_ruling_may_leave_the_lead_and_keep_an_assistant_that_declined() -> None:
    bring(Step.HANDLING, "B")
    make("decline", DAN)
    with nothing_written(NotPossible, "assist"):
        make("rule", STELLA, lead="city", assist=["police"])
    make("rule", STELLA, lead="city", assist=["fire"])
    assert leads() == [("lead", None, "city"), ("assist", None, "fire")]


def test_a_ruling_before_the_plan_calls_whoever_was_not_called() -> None:
    declined("police", step=Step.RESPONDING)
    Summons.update(phone="0797-0000-190").execute()
    before = Summons.get()
    make("rule", STELLA, lead="police")
    assert {p.organization_id for p in Party.select().where(Party.is_current)} == {
        *("city", "fire", "police"),
    }
    assert party("police").summons.asked == before.asked
    assert party("police").summons.phone == before.phone == "0797-0000-190"
    assert issue().answers_due_at == before.reply_by
    assert "answer" in offered(CAROL)
    case = queries.case(DAN, FIRST)
    assert case is not None
    assert [one.organization_id for one in case.leads] == ["police"]
    make("plan", DAN, lead="police", assist=[])
    assert leads() == [("lead", None, "police")]


def test_a_unit_without_an_account_may_lead_by_a_ruling() -> None:
    declined("partner")
    make("rule", STELLA, lead="partner")
    make("resolve", DAN)
    assert stands() == ("evaluating", 1, "B")


def test_a_ruling_names_only_who_may_be_called() -> None:
    declined("unknown", "A")
    for lead in ("station", "yinxing", "nobody", ""):
        with nothing_written(NotPossible, "lead"):
            make("rule", STELLA, lead=lead)


def test_of_two_rulings_at_once_the_second_is_told_so() -> None:
    found = declined("police")
    make("rule", STELLA)
    with nothing_written(StaleCase):
        call("rule", STELLA, found, next_moment(FIRST), found.version)
    with nothing_written(NotAllowed):
        make("rule", STELLA)  # nobody has declined since


def test_another_plan_answers_an_objection_as_well() -> None:
    declined("police")
    make("replan", DAN, lead="jingui", assist=[])
    assert (issue().ruling_due_at, issue().ruling_between) == (None, "")
    with nothing_written(NotAllowed):
        make("rule", STELLA)


@pytest.mark.parametrize(("name", "actor"), [("escalate", DAN), ("plan", DAN), ("withdraw", ALICE)])
def test_the_clock_ends_with_the_step(name: str, actor: Actor) -> None:
    declined("police", step=Step.RESPONDING)
    make(name, actor)
    assert (issue().ruling_due_at, issue().ruling_between) == (None, "")


def test_a_merge_that_is_taken_back_leaves_the_clock_as_if_never_stopped() -> None:
    due_at = declined("police").ruling_due_at
    make("merge", DAN, into=THIRD)
    make("unmerge", DAN)
    assert issue().ruling_due_at == due_at
    assert "rule" in offered(STELLA)


def test_an_urge_is_answered_by_declining_and_ends_with_another_lead() -> None:
    bring(Step.HANDLING, "B")
    make("urge", SUNNY, to="lead:city")
    make("decline", BOB, whose="police")
    assert issue().urge_due_at is None
    make("urge", SUNNY, to="lead:city")
    make("rule", STELLA, lead="police")
    assert issue().urge_due_at is None


def test_whoever_is_to_rule_can_be_urged_and_is_no_more_once_it_is_ruled() -> None:
    declined("police")
    assert {one.key for one in urgeable(issue())} == {
        *("lead:city", "assist:fire", "caller:", "street_leader:"),
    }
    make("urge", SUNNY, to="street_leader:")
    with nothing_written(NotPossible, "to"):
        make("urge", STELLA, to="street_leader:")  # not oneself
    make("progress", BOB)
    assert issue().urge_due_at is not None
    make("rule", STELLA)
    assert issue().urge_due_at is None
    make("decline", CAROL)
    make("urge", SUNNY, to="street_leader:")
    make("replan", DAN, lead="jingui", assist=[])
    assert issue().urge_due_at is None


def test_where_the_caller_rules_it_is_the_caller_who_is_urged() -> None:
    declined("jingui")
    assert "street_leader:" not in {one.key for one in urgeable(issue())}


def test_whoever_rules_is_reminded_and_the_supervisor_told_when_it_is_late() -> None:
    due_at = declined("police").ruling_due_at
    assert due_at is not None
    remind(CIRCLE, now=due_at - timedelta(hours=1))
    assert told("remind_ruling") == {"stella", "steve"}
    remind(CIRCLE, now=due_at + timedelta(minutes=1))
    assert {"stella", "sunny"} <= told("overdue_ruling")


def test_the_deadline_is_recomputed_from_the_entries() -> None:
    declined("police")
    assert other_deadlines(CIRCLE) == []
    make("rule", STELLA)
    assert other_deadlines(CIRCLE) == []
    Issue.update(ruling_due_at=last().made_at).where(Issue.number == FIRST).execute()
    assert other_deadlines(CIRCLE) == [FIRST]


def test_declining_counts_as_answering_in_time_and_a_ruling_ends_a_part() -> None:
    first = next_moment(FIRST).date().replace(day=1)
    declined("police", step=Step.RESPONDING)
    month = queries.month_of(CIRCLE, STELLA, first, next_moment(FIRST))
    assert {row.unit_id: row.answered_on_time for row in month.units} == {"city": 1, "fire": 0}
    make("plan", DAN, lead="city", assist=["fire"])
    make("decline", BOB, whose="police")
    make("rule", STELLA, lead="police")
    month = queries.month_of(CIRCLE, STELLA, first, next_moment(FIRST))
    assert {row.unit_id: (row.still_open, row.other) for row in month.units} == {
        "city": (0, 1), "fire": (1, 0), "police": (1, 0),
    }  # fmt: skip


def test_who_stands_in_for_a_street_without_a_leader_rules() -> None:
    declined("police")
    Account.update(disabled_at=last().made_at).where(
        Account.role == Role.SUBDISTRICT_LEADER.value
    ).execute()
    make("rule", DAN)
    assert last().stood_in_for == "street_leader"


def test_pressed_twice_or_at_once_it_is_said_once_each() -> None:
    bring(Step.HANDLING, "B")
    press = replace(BOB, press="one form's key")
    make("decline", press)
    with nothing_written(AlreadyMade):
        make("decline", press)
    made: list[Entry] = entries()
    casework.decline(
        CIRCLE, DAN, FIRST, None, reason="不归。", whose="unknown", for_unit="fire",
        recorded=Recorded("老赵", "电话", next_moment(FIRST)), now=next_moment(FIRST),
    )  # fmt: skip
    assert len(entries()) == len(made) + 1
    assert Objection.select().where(Objection.ended_at.is_null()).count() == 2

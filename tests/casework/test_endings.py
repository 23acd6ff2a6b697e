"""Other ways out of the circle and back, and people who left."""

from datetime import timedelta

import pytest

from forms_app import casework, queries
from forms_app.casework import (
    IssueUnknown,
    NotAllowed,
    NotPossible,
    StaleCase,
)
from forms_app.issues.access import Actor, resident
from forms_app.rules.clocks import running
from forms_app.rules.steps import Step
from forms_app.store.models import Issue
from forms_app.store.notices import Notice, PhoneDuty
from tests.support.actors import (
    ALICE,
    BOB,
    CIRCLE,
    DAN,
    DORA,
    ELSEWHERE,
    ERIN,
    FIRST,
    HANDED_IN,
    NOW,
    SECOND,
    STELLA,
    STEVE,
    SUNNY,
    THIRD,
    WENDY,
    WILL,
    bring,
    entries,
    issue,
    make,
    next_moment,
    open_rows,
    seal_anew,
)
from tests.support.moves import (
    assert_all_is_whole,
    last,
    leads,
    nothing_written,
    stands,
    undone,
)

pytestmark = pytest.mark.usefixtures("database")


def test_a_transfer_tells_who_is_competent_and_why() -> None:
    entry = make("transfer", DAN, authority="社保部门", reason="请到窗口")
    assert stands() == ("transferred", 1, None)
    assert entry.resident_line == "这件事由社保部门负责：请到窗口。"


CALLED = [
    (Step.RESPONDING, "B", DAN), (Step.HANDLING, "C", DAN), (Step.HANDLING, "B", DAN),
    (Step.RESPONDING, "A", STELLA), (Step.HANDLING, "A", STELLA),
]  # fmt: skip


@pytest.mark.parametrize(("step", "severity_class", "caller"), CALLED)
def test_what_is_at_work_is_transferred_by_its_caller_alone_and_its_clocks_stop(
    step: Step, severity_class: str, caller: Actor
) -> None:
    found = bring(step, severity_class)
    make("ask", caller)
    if severity_class != "C":
        make("decline", BOB, whose="police")
    make("urge", SUNNY)
    for other in (WENDY, BOB, ALICE, STELLA if caller is DAN else DAN):
        with nothing_written():
            make("transfer", other)
    late = found.due_at + timedelta(days=1)
    make("transfer", caller, now=late)
    assert stands() == ("transferred", 1, severity_class)
    left = issue()
    assert running(left) == ()
    assert (left.asked_since, left.urge_due_at, left.ruling_due_at) == (None, None, None)
    for actor in (caller, BOB, WENDY):
        assert FIRST not in {row.issue.number for row in open_rows(actor, late)}
    assert_all_is_whole()


def test_a_community_transfers_for_a_street_without_an_account_and_says_so() -> None:
    bring(Step.RESPONDING, "A")
    for name in ("stella", "steve"):
        casework.disable_account(name, now=NOW)
    entry = make("transfer", DAN)
    assert stands()[0] == "transferred"
    assert entry.stood_in_for == "street_leader"
    assert entry.resident_line.endswith("（社区替着办的）")


def test_what_follows_a_transferred_issue_goes_along_each_told_with_its_own_words() -> None:
    Issue.update(reporter_email="alice@example.org").execute()
    seal_anew()
    make("merge", DAN, FIRST, into=SECOND)
    make("merge", DAN, SECOND, into=THIRD)  # so that the first follows the third through it
    bring(Step.HANDLING, "B", THIRD)
    Notice.delete().execute()
    made = make("transfer", DAN, THIRD, authority="社保部门", reason="请到窗口")
    for number in (FIRST, SECOND):
        assert stands(number) == ("transferred", 1, None)
        entry = last(number)
        assert (entry.move, entry.from_step, entry.made_at) == ("transfer", "merged", made.made_at)
        assert (entry.account_id, entry.actor_name) == (made.account_id, made.actor_name)
        assert entry.resident_line == ("您和邻居说的这件事由社保部门负责，一起转过去了：请到窗口。")
        assert (issue(number).merged_into, issue(number).merged_at) == (None, None)
    told = Notice.select().where(Notice.kind == "resident", Notice.event == "transfer")
    assert {row.issue.number for row in told} == {FIRST, SECOND, THIRD}
    assert not Notice.select().where(Notice.event == "left_alone").exists()
    # Their chat group hears of it once.
    assert [row.issue.number for row in Notice.select().where(Notice.kind == "group")] == [THIRD]
    assert_all_is_whole()


@pytest.mark.parametrize("actor", [STELLA, resident(THIRD)], ids=["street", "resident"])
def test_what_went_along_is_told_that_the_other_is_handled_here_again_and_may_be_too(
    actor: Actor,
) -> None:
    Issue.update(reporter_email="alice@example.org").execute()
    seal_anew()
    make("merge", DAN, FIRST, into=SECOND)
    make("merge", DAN, SECOND, into=THIRD)
    make("transfer", DAN, HANDED_IN)  # sent on by itself
    sent = make("transfer", DAN, THIRD, authority="社保部门", reason="请到窗口").made_at
    days = timedelta(days=CIRCLE.clocks.reopen_days)
    make("reopen", resident(SECOND), SECOND, now=next_moment(SECOND))  # by itself, meanwhile
    Notice.delete().execute()
    again = sent + days if actor is not STELLA else sent + days * 5
    make("reopen", actor, THIRD, now=again)
    entry = last(FIRST)
    assert (entry.move, entry.from_step, entry.to_step) == ("here_again", *["transferred"] * 2)
    assert entry.actor_name == "系统"
    assert "又在这里办了" in entry.resident_line
    assert stands(FIRST) == ("transferred", 1, None)
    told = Notice.select().where(Notice.event == "here_again")
    assert {(row.issue.number, row.kind) for row in told} == {(FIRST, "resident")}
    assert [last(number).move for number in (SECOND, HANDED_IN)] == ["reopen", "transfer"]
    assert_all_is_whole()
    end = again + days
    for late, offered in ((end, True), (end + timedelta(seconds=1), False)):
        case = queries.case(ALICE, FIRST, queries.Moment(CIRCLE.clocks, late))
        assert case is not None
        assert ("您这件还要办吗" in case.stands) == ("reopen" in case.moves) == offered
    make("reopen", ALICE, now=end)
    assert stands(FIRST) == ("collected", 2, None)
    make("transfer", DAN, THIRD)
    make("reopen", STELLA, THIRD)
    assert last(FIRST).move == "reopen"  # it is told of what it went along with, and no more
    assert_all_is_whole()


def test_whoever_can_only_be_rung_is_rung_as_the_other_is_handled_here_again() -> None:
    Issue.update(reporter_phone="13800000001", tell_by="phone").where(
        Issue.number == FIRST
    ).execute()
    seal_anew()
    make("merge", DAN, FIRST, into=THIRD)
    make("transfer", DAN, THIRD)
    make("reopen", STELLA, THIRD)
    duties = PhoneDuty.select().where(PhoneDuty.ended_at.is_null())
    assert [(duty.issue.number, duty.event) for duty in duties] == [(FIRST, "here_again")]


def test_what_was_judged_before_stays_closed_as_its_main_issue_is_transferred() -> None:
    make("merge", DAN, FIRST, into=THIRD)
    make("merge", DAN, SECOND, into=THIRD)
    bring(Step.EVALUATING, number=THIRD)
    now = next_moment(THIRD)
    make("evaluate", ALICE, now=now)
    make("evaluate", resident(THIRD), THIRD, satisfaction=1, comment="又坏了。", now=now)
    make("transfer", DAN, THIRD)
    assert (stands(FIRST)[0], stands(SECOND)[0]) == ("closed", "transferred")
    assert_all_is_whole()


def test_a_transfer_that_is_refused_leaves_what_follows_where_it_is() -> None:
    make("merge", DAN, FIRST, into=SECOND)
    with nothing_written(NotPossible, "reason"):
        make("transfer", DAN, SECOND, reason=" ")
    with nothing_written(StaleCase):
        make("transfer", DAN, SECOND, version=0)


def test_a_resident_has_what_the_authority_does_not_take_handled_after_all_for_so_many_days() -> (
    None
):
    bring(Step.RESPONDING, "B")
    sent = make("transfer", DAN).made_at
    end = sent + timedelta(days=CIRCLE.clocks.reopen_days)
    with nothing_written(IssueUnknown):
        make("reopen", resident(SECOND))
    with nothing_written(NotAllowed):
        make("reopen", ALICE, now=end + timedelta(seconds=1))
    for late, offered in ((end, True), (end + timedelta(seconds=1), False)):
        case = queries.case(ALICE, FIRST, queries.Moment(CIRCLE.clocks, late))
        assert ("reopen" in case.moves, case.again_until == end) == (offered, offered)
    with undone():
        make("reopen", STELLA, now=end + timedelta(days=900))  # the street, whenever
        assert stands() == ("collected", 2, None)
    entry = make("reopen", ALICE, reason="那边说不归他们管，还是请你们办。", now=end)
    assert stands() == ("collected", 2, None)
    assert (entry.note, entry.resident_line) == ("那边说不归他们管，还是请你们办。", "重新办了。")
    assert_all_is_whole()
    # Sent on once more, the days count from then.
    again = make("transfer", DAN, now=end + timedelta(days=20)).made_at
    make("reopen", ALICE, now=again + timedelta(days=CIRCLE.clocks.reopen_days))
    assert stands() == ("collected", 3, None)


def test_whoever_went_along_has_their_own_handled_after_all_and_nobody_elses() -> None:
    make("merge", DAN, FIRST, into=SECOND)
    make("transfer", DAN, SECOND)
    make("reopen", ALICE, reason="那边不收。")
    assert stands(FIRST) == ("collected", 2, None)
    assert stands(SECOND) == ("transferred", 1, None)
    assert_all_is_whole()


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
def test_what_the_community_ended_the_street_reopens(step: Step) -> None:
    bring(step)
    # Taking a wrong merge apart starts the community's own clock, so its leader may too.
    # A resident tells what the authority did not take, and takes apart what they joined alone.
    for other in (WENDY, DAN if step is Step.TRANSFERRED else ALICE):
        with nothing_written(NotAllowed):
            make("reopen", other)
    make("reopen", STELLA)
    assert stands() == ("collected", 2, None)
    assert issue().merged_into is None


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


@pytest.mark.parametrize(
    ("step", "severity_class"),
    [(Step.COLLECTED, None), (Step.CLASSIFIED, "B"), (Step.RESPONDING, "B"), (Step.HANDLING, "C")],
)
def test_a_merge_by_mistake_is_taken_back_as_if_nothing_had_happened(
    step: Step, severity_class: str | None
) -> None:
    bring(step, severity_class)
    make("ask", WENDY)
    make("urge", STELLA)
    asked = issue()
    make("merge", DAN)
    entry = make("unmerge", DAN)
    assert (entry.from_step, entry.to_step) == ("merged", step.value)
    assert stands() == (step.value, 1, severity_class)
    found = issue()
    kept = [name for name in Issue._meta.fields if name not in ("version", "added_since")]
    assert {name: getattr(found, name) for name in kept} == {
        name: getattr(asked, name) for name in kept
    }
    assert queries.retrace(entries()) == (step, 1, severity_class)
    assert queries.sums_hold()


def test_a_merge_is_taken_back_for_ten_minutes_and_by_the_communitys_leader_alone() -> None:
    merged = make("merge", DAN).made_at
    for actor in (WENDY, STELLA, ALICE):
        with nothing_written(NotAllowed):
            make("unmerge", actor)
    late = merged + timedelta(minutes=10, seconds=1)
    with nothing_written(NotAllowed):
        make("unmerge", DAN, now=late)
    assert "unmerge" not in queries.case(DAN, FIRST, queries.Moment(CIRCLE.clocks, late)).moves
    make("unmerge", DAN, now=merged + timedelta(minutes=10))
    assert stands() == ("collected", 1, None)


def test_neither_what_its_reporter_joined_nor_what_was_judged_is_taken_apart_so() -> None:
    make("join", ALICE)
    with nothing_written(NotAllowed):
        make("unmerge", DAN)
    bring(Step.EVALUATING, number=THIRD)
    make("merge", DAN, SECOND)
    seen = issue(SECOND).version
    make("evaluate", resident(SECOND), SECOND)
    with nothing_written():
        make("unmerge", DAN, SECOND, version=seen)

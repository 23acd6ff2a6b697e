"""A unit's result goes back the way it came: by whoever called it, and by itself in the end."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework, queries
from forms_app.casework import NotAllowed, NotPossible, Recorded, ResultPassed, StaleCase
from forms_app.rules.steps import Step
from forms_app.rules.worktime import Clocks, DutyHours, relay_due
from forms_app.store.accounts import Account
from forms_app.store.models import Entry, Issue
from forms_app.store.notices import Notice
from tests.casework.test_at_once import all_at_once
from tests.support.actors import (
    ALICE,
    BOB,
    CIRCLE,
    DAN,
    DORA,
    FIRST,
    NOW,
    SECOND,
    STELLA,
    STEVE,
    WENDY,
    WILL,
    bring,
    entries,
    issue,
    make,
    next_moment,
)
from tests.support.moves import last, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")

A_MINUTE = timedelta(minutes=1)


def pass_at(moment: datetime) -> int:
    return casework.pass_results(CIRCLE, now=moment)


def time_is_up() -> datetime:
    due_at = issue().relay_due_at
    assert due_at is not None
    return due_at + A_MINUTE


# The way back


@pytest.mark.parametrize(("severity_class", "caller"), [("B", DAN), ("A", STELLA)])
def test_a_units_result_waits_for_whoever_called_it(severity_class: str, caller: object) -> None:
    bring(Step.HANDLING, severity_class)
    told = make("resolve", BOB, outcome="灯亮了")
    assert stands() == ("reported", 1, severity_class)
    assert issue().evaluating_since is None
    assert issue().relay_due_at == told.made_at + timedelta(hours=24)
    assert "灯亮了" not in told.resident_line
    entry = make("relay", caller, words="我们去看过，灯亮了")
    assert stands() == ("evaluating", 1, severity_class)
    assert issue().evaluating_since == entry.made_at
    office = {"B": "金桂社区", "A": "示例街道"}[severity_class]
    assert (
        entry.resident_line == f"{office}告诉您：我们去看过，灯亮了。您看行不行？您说行才算办完。"
    )


def test_a_worker_of_the_community_hands_on_a_b_and_not_an_a() -> None:
    bring(Step.REPORTED, "A")
    for other in (WENDY, DAN, BOB, STEVE, ALICE):
        with nothing_written(NotAllowed):
            make("relay", other)
    bring(Step.REPORTED, "B", SECOND)
    for other in (DORA, BOB, STELLA):
        with nothing_written(NotAllowed):
            make("relay", other, SECOND)
    make("relay", WILL, SECOND)
    assert stands(SECOND) == ("evaluating", 1, "B")


def test_the_communitys_own_result_of_a_b_goes_straight_on_and_that_of_an_a_does_not() -> None:
    bring(Step.RESPONDING, "B")
    make("plan", DAN, lead="jingui")
    make("resolve", WENDY)
    assert stands() == ("evaluating", 1, "B")
    bring(Step.RESPONDING, "A", SECOND)
    make("plan", STELLA, SECOND, lead="jingui")
    make("resolve", WENDY, SECOND)
    assert stands(SECOND) == ("reported", 1, "A")


def test_what_could_not_be_done_is_said_to_the_resident_as_that() -> None:
    bring(Step.HANDLING)
    entry = make("resolve", WENDY, result="not_done", outcome="要等配件")
    assert entry.resident_line == "社区说这次没能办成：要等配件。您看行不行？您说行才算办完。"
    assert (entry.result, issue().result) == ("not_done", "not_done")
    bring(Step.HANDLING, number=SECOND)
    with nothing_written(NotPossible, "result"):
        make("resolve", WENDY, SECOND, result="perhaps")


def test_a_correction_counts_from_the_first_report_and_what_is_handed_on_is_the_newest() -> None:
    bring(Step.REPORTED, "B")
    due_at = issue().relay_due_at
    make("resolve", BOB, outcome="还有一盏没亮", result="not_done", now=due_at - 2 * A_MINUTE)
    assert (issue().relay_due_at, issue().result) == (due_at, "not_done")
    with nothing_written(NotAllowed):
        make("resolve", DAN)
    make("relay", DAN)
    assert queries.case(ALICE, FIRST).outcome.unit.note == "还有一盏没亮"


def test_what_is_sent_back_is_handled_on_by_the_old_deadline_and_waits_anew_when_it_comes() -> None:
    bring(Step.REPORTED, "B")
    due_at = issue().due_at
    for other in (WENDY, BOB, DORA):
        with nothing_written(NotAllowed):
            make("send_back", other)
    sent = make("send_back", DAN, missing="还有一盏不亮。")
    assert "还有一盏不亮" not in sent.resident_line
    assert stands() == ("handling", 1, "B")
    assert (issue().due_at, issue().relay_due_at, issue().result) == (due_at, None, "")
    again = make("resolve", BOB, now=NOW + timedelta(days=3))
    assert issue().relay_due_at == again.made_at + timedelta(hours=24)


def test_it_is_escalated_and_explained_from_where_the_result_waits() -> None:
    bring(Step.REPORTED, "B")
    make("escalate", DAN)
    assert stands() == ("classified", 1, "A")
    assert (issue().result, issue().relay_due_at, issue().caller) == ("", None, None)
    bring(Step.REPORTED, "A", SECOND)
    make("explain", STELLA, SECOND)
    assert stands(SECOND) == ("evaluating", 1, "A")
    assert queries.broken_histories() == []


# By itself


def test_a_result_passes_by_itself_once_its_time_is_up_and_says_so() -> None:
    bring(Step.REPORTED, "B")
    # What stands between is nobody's result, least of all what no resident may read.
    make("note", BOB, note="配件是从别处拆的")
    assert pass_at(issue().relay_due_at) == 0
    assert casework.has_work(CIRCLE, time_is_up())
    assert pass_at(time_is_up()) == 1
    entry = last()
    assert (entry.move, entry.actor_role, entry.actor_name, entry.account) == (
        "relay", "system", "系统", None,
    )  # fmt: skip
    assert entry.resident_line == (
        "说好的时间到了，系统自动告诉您：已经修好。您看行不行？您说行才算办完。"
    )
    assert stands() == ("evaluating", 1, "B")
    assert issue().passed_at == issue().evaluating_since == entry.made_at
    assert queries.broken_histories() == queries.other_deadlines(CIRCLE) == []


def test_after_a_day_without_a_tick_it_passes_once_at_the_true_time() -> None:
    bring(Step.REPORTED, "B")
    due_at = issue().relay_due_at
    a_day_later = due_at + timedelta(days=1)
    assert pass_at(a_day_later) == 1
    assert pass_at(a_day_later + A_MINUTE) == 0
    assert [entry.made_at for entry in entries() if entry.move == "relay"] == [a_day_later]
    assert last().note == "到11月24日 09:05没有人反馈，办理结果自动转给反映人。"
    assert due_at == datetime(2026, 11, 24, 1, 5, tzinfo=UTC)
    # The days for the verdict count from when the resident could read it.
    assert issue().evaluating_since == a_day_later


def test_what_could_not_be_done_never_passes_by_itself_and_its_caller_is_asked_instead() -> None:
    bring(Step.HANDLING, "B")
    make("resolve", BOB, result="not_done", outcome="要等配件。")
    Notice.delete().execute()
    near, late = issue().relay_due_at - timedelta(hours=1), time_is_up()
    casework.remind(CIRCLE, now=near)
    assert pass_at(late + timedelta(days=30)) == 0
    casework.remind(CIRCLE, now=late)
    assert stands() == ("reported", 1, "B")
    told = {
        (row.event, row.recipient)
        for row in Notice.select().where(Notice.clock == "relay", Notice.kind == "account")
    }
    assert {who for event, who in told if event == "remind_relay"} == {str(DAN.account_id)}
    assert str(DAN.account_id) in {who for event, who in told if event == "overdue_relay"}
    make("relay", DAN)
    assert stands() == ("evaluating", 1, "B")


def test_the_caller_adds_their_words_once_to_what_passed_by_itself() -> None:
    bring(Step.REPORTED, "B")
    pass_at(time_is_up())
    began = issue().evaluating_since
    assert "relay" in queries.case(DAN, FIRST).moves
    assert "relay" not in queries.case(WENDY, FIRST).moves
    entry = make("relay", DAN, words="对不起，晚了一天。")
    assert entry.resident_line == "金桂社区又告诉您：对不起，晚了一天。"
    assert (issue().evaluating_since, issue().passed_at) == (began, None)
    outcome = queries.case(ALICE, FIRST).outcome
    assert (outcome.words.note, outcome.unit.note) == ("对不起，晚了一天。", "已经修好")
    assert "relay" not in queries.case(DAN, FIRST).moves
    with nothing_written(NotAllowed):
        make("relay", DAN)
    assert queries.broken_histories() == []


def test_what_was_handed_on_by_somebody_takes_no_second_words() -> None:
    bring(Step.EVALUATING, "B")
    assert "relay" not in queries.case(DAN, FIRST).moves
    with nothing_written(NotAllowed):
        make("relay", DAN)


# At the same moment


@pytest.mark.parametrize("name", ["relay", "send_back"])
def test_whoever_presses_as_it_passes_learns_that_it_passed(name: str) -> None:
    bring(Step.REPORTED, "B")
    version = issue().version
    pass_at(time_is_up())
    with nothing_written(ResultPassed):
        make(name, DAN, version=version)
    assert issubclass(ResultPassed, StaleCase)
    make("relay", DAN)


def test_a_unit_that_corrects_itself_while_the_caller_hands_on_is_not_talked_over() -> None:
    bring(Step.REPORTED, "B")
    version = issue().version
    make("resolve", BOB, outcome="还有一盏没亮")
    with nothing_written(StaleCase):
        make("relay", DAN, version=version)
    make("relay", DAN)


def test_of_handing_on_correcting_and_passing_at_once_one_is_first_and_all_is_whole() -> None:
    bring(Step.REPORTED, "B")
    version, now = issue().version, time_is_up()
    outcome = all_at_once(
        lambda: make("relay", DAN, version=version, now=now),
        lambda: make("resolve", BOB, version=version, now=now),
        lambda: make("send_back", DAN, version=version, now=now),
        lambda: pass_at(now),
    )
    made = [result for result in outcome if isinstance(result, Entry)]
    assert len(made) + sum(result == 1 for result in outcome) in (1, 2)
    assert queries.broken_histories() == []


# Its time


def test_only_service_time_counts_and_hours_of_the_clock_where_working_days_are_unknown() -> None:
    at_work = Clocks(duty=DutyHours(((540, 1080),), workdays_only=True), relay_hours=18)
    friday_noon = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
    assert relay_due(at_work, friday_noon) == datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
    new_year = datetime(2050, 12, 31, 4, 0, tzinfo=UTC)
    assert relay_due(at_work, new_year) == new_year + timedelta(hours=18)
    assert relay_due(Clocks(), friday_noon) == friday_noon + timedelta(hours=24)


def test_the_circle_says_how_many_hours() -> None:
    bring(Step.HANDLING, "B")
    quick = replace(CIRCLE, clocks=Clocks(relay_hours=2))
    now = next_moment(FIRST)
    casework.resolve(quick, BOB, FIRST, issue().version, "好了。", now=now)
    assert issue().relay_due_at == now + timedelta(hours=2)
    assert queries.other_deadlines(CIRCLE) == [FIRST]
    assert queries.other_deadlines(quick) == []


# What was there before


def test_what_went_straight_to_its_resident_once_stays_and_reads_whole() -> None:
    bring(Step.EVALUATING, "A")
    relayed = last()
    came = entries()[-2]
    # As it was written before results came back by their callers.
    Entry.update(to_step="evaluating", result="").where(Entry.id == came.id).execute()
    relayed.delete_instance()
    Issue.update(version=issue().version - 1, result="", relay_due_at=None).where(
        Issue.number == FIRST
    ).execute()
    assert queries.broken_histories() == []
    make("evaluate", ALICE)
    assert stands() == ("closed", 1, "A")
    assert queries.broken_histories() == []


# Written down for a unit without an account


def told(now: datetime = NOW + A_MINUTE) -> Recorded:
    return Recorded("老赵", "电话", now)


def led_by_fire(severity_class: str = "B") -> None:
    """Nobody of the fire brigade has an account."""
    caller = DAN if severity_class == "B" else STELLA
    bring(Step.RESPONDING, severity_class)
    make("plan", caller, lead="fire", assist=["city"])


def test_the_caller_writes_a_result_down_and_hands_it_on_in_one_form() -> None:
    led_by_fire()
    assert "resolve" in queries.case(DAN, FIRST).moves
    for other in (BOB, WENDY, DORA, STELLA):
        with nothing_written(NotAllowed):
            make("resolve", other, recorded=told(), words="好了。")
    caller = dataclasses.replace(DAN, press="one form's key")
    make("resolve", caller, outcome="修好了", recorded=told(), words="我们看过了。")
    came, relayed = entries()[-2:]
    assert [entry.move for entry in (came, relayed)] == ["resolve", "relay"]
    assert (came.told_by, came.asked_how, came.asked_at, came.organization_id) == (
        "老赵", "电话", NOW + A_MINUTE, "fire",
    )  # fmt: skip
    assert came.resident_line.endswith("（打电话问来，替他们记下的）")
    assert "老赵" not in came.resident_line
    assert stands() == ("evaluating", 1, "B")
    assert queries.broken_histories() == []
    with nothing_written(casework.AlreadyMade):
        make("resolve", caller, outcome="修好了", recorded=told(), words="我们看过了。", version=1)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"recorded": None}, "told_by"),
        ({"recorded": replace(told(), told_by=" ")}, "told_by"),
        ({"recorded": replace(told(), told_how="")}, "told_how"),
        ({"recorded": replace(told(), told_at=None)}, "told_at"),
        ({"recorded": told(NOW + timedelta(days=9))}, "told_at"),
        ({"recorded": told(NOW - timedelta(days=9))}, "told_at"),
        ({"words": " "}, "words"),
        ({"outcome": ""}, "outcome"),
    ],
)
def test_what_is_written_down_says_who_how_and_when_or_nothing_is(
    what: dict[str, object], field: str
) -> None:
    led_by_fire()
    with nothing_written(NotPossible, field):
        make("resolve", DAN, **{"recorded": told(), "words": "我们看过了。"} | what)


def test_a_unit_with_an_account_speaks_for_itself() -> None:
    bring(Step.HANDLING, "B")
    assert "resolve" not in queries.case(DAN, FIRST).moves
    with nothing_written(NotAllowed):
        make("resolve", DAN, recorded=told(), words="好了。")
    with nothing_written(NotPossible, "for_unit"):
        make("progress", DAN, for_unit="city", recorded=told())
    Account.update(disabled_at=NOW).where(Account.username == "bob").execute()
    make("resolve", DAN, recorded=told(), words="好了。")
    assert stands() == ("evaluating", 1, "B")


def test_answers_and_progress_are_written_down_likewise() -> None:
    bring(Step.RESPONDING, "B")
    with nothing_written(NotPossible, "for_unit"):
        make("answer", DAN, for_unit="police")
    with nothing_written(NotAllowed):
        make("answer", WENDY)
    answered = make("answer", DAN)
    assert (answered.organization_id, answered.told_by) == ("fire", "老赵")
    assert answered.resident_line == "消防大队回话了。（打电话问来，替他们记下的）"
    (fire,) = [p for p in queries.case(DAN, FIRST).parties if p.organization_id == "fire"]
    assert fire.answer == "arrived"
    make("plan", DAN, lead="city", assist=["fire"])
    entry = make("progress", DAN, for_unit="fire", recorded=told())
    assert (entry.organization_id, entry.told_by) == ("fire", "老赵")
    assert make("progress", DAN).told_by == ""
    with nothing_written(NotPossible, "for_unit"):
        make("progress", BOB, for_unit="fire", recorded=told())

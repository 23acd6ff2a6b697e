"""What a colleague had in hand goes to another in one press, all or nothing."""

from datetime import timedelta

import pytest

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, IssueUnknown, NotAllowed, NotPossible, StaleCase
from forms_app.issues.access import Actor
from forms_app.rules.steps import Step
from forms_app.store.accounts import Account
from forms_app.store.notices import Notice
from tests.support.actors import (
    ADA,
    BOB,
    CIRCLE,
    COLIN,
    DAN,
    DORA,
    ELSEWHERE,
    ERIN,
    FIRST,
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
)
from tests.support.moves import last, leads, nothing_written

pytestmark = pytest.mark.usefixtures("database")
LATER = NOW + timedelta(days=4)


def hand_over(
    actor: Actor = DAN,
    giver: str = "wendy",
    taker: str = "will",
    numbers: tuple[str, ...] = (FIRST,),
    reason: str = "工作调动。",
    **changes: object,
) -> int:
    issues = {number: issue(number).version for number in numbers}
    what: dict[str, object] = {"issues": issues, "now": LATER} | changes
    return casework.hand_over(CIRCLE, actor, giver=giver, taker=taker, reason=reason, **what)  # type: ignore[arg-type]


def test_the_lead_of_each_issue_changes_with_one_entry_that_says_from_whom_to_whom() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring(Step.EVALUATING, "C", SECOND)
    before = {number: len(entries(number)) for number in (FIRST, SECOND)}
    assert hand_over(numbers=(FIRST, SECOND)) == 2
    for number in (FIRST, SECOND):
        entry = last(number)
        assert len(entries(number)) == before[number] + 1 == issue(number).version
        assert (entry.move, entry.field, entry.note) == ("correct", "lead", "工作调动。")
        assert (entry.old_value, entry.new_value) == ("wendy", "will")
        assert leads(number) == [("lead", WILL.account_id, "")]
    assert queries.broken_histories() == []
    assert queries.other_deadlines(CIRCLE) == []


def test_what_was_promised_and_until_when_stays() -> None:
    stood = bring(Step.HANDLING, "C")
    hand_over()
    now = issue()
    for name in ("step", "round_no", "severity_class", "urgency", "due_at", "initial_opinion"):
        assert getattr(now, name) == getattr(stood, name)
    assert now.caller.id == DAN.account_id


def test_who_took_over_resolves_it_and_who_gave_it_away_does_not() -> None:
    bring(Step.HANDLING, "C")
    hand_over()
    with nothing_written(NotAllowed):
        make("resolve", WENDY)
    assert make("resolve", WILL).actor_name == "will"


@pytest.mark.parametrize(
    ("severity_class", "giver", "taker"), [("B", DAN, DORA), ("A", STELLA, STEVE)]
)
def test_a_caller_of_the_same_level_takes_the_summons_over(
    severity_class: str, giver: Actor, taker: Actor
) -> None:
    bring(Step.RESPONDING, severity_class)
    assert hand_over(STELLA, giver.name, taker.name) == 1
    assert last().field == "caller"
    assert issue().caller.id == taker.account_id
    make("answer", BOB)
    with nothing_written(NotAllowed):
        make("plan", giver)
    make("plan", taker)
    assert leads() == [("lead", None, "city"), ("assist", None, "fire")]


def test_a_leader_who_called_and_leads_gives_both_away_in_one_entry() -> None:
    bring(Step.CLASSIFIED, "C")
    make("assign", DAN, worker_id=DAN.account_id)
    hand_over(STELLA, "dan", "dora")
    assert last().field == "caller_lead"
    assert issue().caller.id == DORA.account_id
    assert leads() == [("lead", DORA.account_id, "")]
    assert len(entries()) == issue().version


def test_the_resident_reads_that_it_goes_on_and_no_name_and_no_reason() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring(Step.SHELVED, "C", SECOND)
    hand_over(numbers=(FIRST, SECOND), reason="家里有事请假。")
    assert last(FIRST).resident_line == (
        "登记的内容有更正：承办人有变动。由同事接着办理，答应您的时限不变。"
    )
    assert last(SECOND).resident_line == "登记的内容有更正：承办人有变动。由同事接着请您评价。"


def test_who_takes_twenty_over_is_told_in_one_message_that_may_wait() -> None:
    numbers = (FIRST, SECOND, THIRD)
    for number in numbers:
        bring(Step.HANDLING, "C", number)
        make("correct", DAN, number, field="urgency", new_value="1")
    Account.update(email="will@example.cn").where(Account.username == "will").execute()
    Notice.delete().execute()
    hand_over(numbers=numbers)
    told = list(Notice.select())
    assert {(row.kind, row.recipient) for row in told} == {("account", str(WILL.account_id))}
    assert {row.event for row in told} == {"handed_lead"}
    assert not any(row.is_urgent for row in told)
    assert {row.due_at for row in told} == {issue(number).due_at for number in numbers}
    assert casework.recipients_due(CIRCLE, LATER) == [("account", str(WILL.account_id))]
    message = casework.claim_message(CIRCLE, "account", str(WILL.account_id), now=LATER)
    assert message is not None
    assert len(message.notices) == len(numbers)
    (line,) = queries.inbox(WILL)
    assert (line.together, line.event) == (3, "handed_lead")
    casework.mark_read(WILL, line.id, now=LATER)
    assert queries.inbox(WILL) == []


def test_what_waits_for_its_resident_has_no_deadline_to_tell() -> None:
    bring(Step.EVALUATING, "C")
    Notice.delete().execute()
    hand_over()
    assert [row.due_at for row in Notice.select()] == [None]


def test_a_leader_who_takes_it_over_themselves_is_not_told_of_it() -> None:
    bring(Step.HANDLING, "C")
    Notice.delete().execute()
    hand_over(DAN, "wendy", "dan")
    assert Notice.select().count() == 0


def test_a_colleague_who_left_hands_over_as_well() -> None:
    bring(Step.HANDLING, "C")
    casework.disable_account("wendy", now=LATER)
    assert hand_over() == 1
    assert leads() == [("lead", WILL.account_id, "")]


def test_an_issue_that_a_colleague_moved_meanwhile_stops_the_whole_handover() -> None:
    for number in (FIRST, SECOND):
        bring(Step.HANDLING, "C", number)
    seen = {number: issue(number).version for number in (FIRST, SECOND)}
    make("progress", WENDY, SECOND)
    with nothing_written(StaleCase):
        hand_over(issues=seen)
    with pytest.raises(StaleCase, match=f"问题 {SECOND} .*一件都没有移交"):
        hand_over(issues=seen)


def test_an_issue_that_was_closed_meanwhile_stops_the_whole_handover() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring(Step.EVALUATING, "C", SECOND)
    seen = {number: issue(number).version for number in (FIRST, SECOND)}
    make("evaluate", WILL, SECOND)
    with nothing_written(StaleCase):
        hand_over(issues=seen)
    with nothing_written(NotPossible, "numbers"):
        hand_over(numbers=(FIRST, SECOND))


def test_the_same_press_counts_once() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring(Step.HANDLING, "C", SECOND)
    seen = {number: issue(number).version for number in (FIRST, SECOND)}
    pressing = Actor(**{**vars(DAN), "press": "one press"})
    assert hand_over(pressing, issues=seen) == 2
    with nothing_written(AlreadyMade):
        hand_over(pressing, issues=seen)
    assert [len(entries(number)) for number in (FIRST, SECOND)] == [4, 4]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issues": {}}, "numbers"),
        ({"reason": " "}, "reason"),
        ({"taker": "wendy"}, "taker"),
        ({"taker": "nobody"}, "taker"),
        ({"taker": "frank"}, "taker"),  # of the other community
        ({"taker": "bob"}, "taker"),
        ({"taker": "stella"}, "taker"),
        ({"giver": "will", "taker": "wendy"}, "numbers"),  # it is not in his hand
    ],
)
def test_a_handover_that_does_not_fit_is_refused(changes: dict[str, object], field: str) -> None:
    bring(Step.HANDLING, "C")
    with nothing_written(NotPossible, field):
        hand_over(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("severity_class", "giver", "taker"),
    [("B", "dan", "erin"), ("B", "dan", "wendy"), ("B", "dan", "stella"), ("A", "stella", "dan")],
)
def test_a_caller_is_followed_only_by_one_of_the_level_and_the_community(
    severity_class: str, giver: str, taker: str
) -> None:
    bring(Step.RESPONDING, severity_class)
    with nothing_written(NotPossible, "taker"):
        hand_over(STELLA, giver, taker)


def test_a_successor_who_was_disabled_meanwhile_is_refused() -> None:
    bring(Step.HANDLING, "C")
    casework.disable_account("will", now=LATER)
    with nothing_written(NotPossible, "taker"):
        hand_over()


@pytest.mark.parametrize("actor", [WENDY, WILL, BOB, COLIN, SUNNY, ADA, ERIN])
def test_who_does_not_lead_the_colleague_hands_nothing_over(actor: Actor) -> None:
    bring(Step.HANDLING, "C")
    with nothing_written(NotAllowed):
        hand_over(actor)


def test_an_issue_out_of_sight_is_refused_with_all_the_others() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring_elsewhere()
    with nothing_written(IssueUnknown):
        hand_over(numbers=(FIRST, ELSEWHERE))


def bring_elsewhere() -> None:
    make("classify", ERIN, ELSEWHERE)
    make("assign", ERIN, ELSEWHERE)

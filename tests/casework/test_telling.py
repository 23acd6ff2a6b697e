"""Who is told of which move, and that no notice holds a word that anybody wrote."""

from datetime import timedelta

import peewee
import pytest

from forms_app import casework
from forms_app.issues.access import resident
from forms_app.rules.steps import Step
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from tests.support.actors import (
    ALICE,
    BOB,
    CAROL,
    CIRCLE,
    COLIN,
    DAN,
    FIRST,
    NOW,
    RUTH,
    SECOND,
    STAFF,
    STELLA,
    WENDY,
    bring,
    issue,
    make,
    open_district,
    submit,
)

pytestmark = pytest.mark.usefixtures("database")
NAMES = {str(actor.account_id): name for name, actor in STAFF.items()}


@pytest.fixture(autouse=True)
def nothing_told_yet(database: peewee.Database) -> None:
    Notice.delete().execute()
    assert database is not None


def told(event: str, number: str = FIRST) -> set[str]:
    """Which of the staff were told of it."""
    rows = (
        Notice.select()
        .join(Issue)
        .where(Notice.event == event, Notice.kind == "account", Issue.number == number)
    )
    return {NAMES[row.recipient] for row in rows}


def test_leaders_and_workers_of_the_community_hear_of_a_new_issue() -> None:
    made = submit("a new form", community_id="yinxing")
    assert told("submit", made.number) == {"erin", "frank"}
    row = Notice.select().where(Notice.kind == "account").first()
    assert (row.due_at, row.step, row.is_urgent) == (made.opinion_due_at, "collected", True)
    assert [r.recipient for r in Notice.select().where(Notice.kind == "group")] == ["yinxing"]


def test_the_worker_hears_of_the_assignment_and_whoever_made_a_move_does_not() -> None:
    bring(Step.CLASSIFIED, "C")
    assert told("classify") == {"dora"}
    make("assign", DAN)
    assert told("assign") == {"wendy"}
    make("extend", DAN)
    assert told("extend") == {"wendy"}


def test_each_party_hears_of_the_summons_and_the_caller_of_each_answer() -> None:
    bring(Step.CLASSIFIED, "B")
    make("summon", DAN, parties=["city", "police", "fire"])
    assert told("summon") == {"bob", "carol"}
    make("answer", BOB)
    make("answer", CAROL)
    assert told("answer") == {"dan"}
    assert Notice.select().where(Notice.event == "answer", Notice.kind == "account").count() == 2
    make("plan", DAN, lead="city", assist=["police", "jingui"])
    assert told("plan") == {"bob", "carol", "dora", "wendy", "will"}


def test_the_street_hears_of_what_is_its_own_to_call_for() -> None:
    bring(Step.CLASSIFIED, "A")
    assert told("classify") == {"stella", "steve"}
    bring(Step.HANDLING, "B", SECOND)
    make("escalate", DAN, SECOND)
    assert told("escalate", SECOND) == {"dora", "stella", "steve"}


def test_a_caller_who_has_left_is_replaced_by_their_colleagues() -> None:
    bring(Step.RESPONDING, "A")
    Account.update(disabled_at=NOW).where(Account.username == "stella").execute()
    make("answer", BOB)
    assert told("answer") == {"steve"}


def test_a_new_round_and_another_community_start_from_the_beginning() -> None:
    bring(Step.EVALUATING)
    make("evaluate", ALICE, satisfaction=1, comment="没修")
    assert told("new_round") == {"dan", "dora", "wendy", "will"}
    make("correct", DAN, SECOND, field="community_id", new_value="yinxing")
    assert told("moved_here", SECOND) == {"erin", "frank"}


def test_whoever_works_on_it_hears_that_the_resident_took_it_back() -> None:
    bring(Step.HANDLING, "C")
    make("withdraw", ALICE)
    assert told("withdraw") == {"wendy"}


def test_whoever_was_called_or_works_on_it_hears_that_it_was_transferred() -> None:
    bring(Step.RESPONDING, "B")
    make("transfer", DAN)
    # Who writes down for a unit that has no account hears for it.
    assert told("transfer") == {"bob", "dora"}
    bring(Step.HANDLING, "C", SECOND)
    make("transfer", DAN, SECOND)
    assert told("transfer", SECOND) == {"wendy"}


def test_the_street_that_called_hears_that_the_district_transferred_it() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    make("refer_up", STELLA)
    make("transfer", RUTH)
    assert {"bob", "stella"} <= told("transfer")


def test_caller_lead_and_assistants_hear_of_a_result_its_return_and_the_verdict() -> None:
    bring(Step.CLASSIFIED, "B")
    make("summon", DAN, parties=["city", "police"])
    make("plan", DAN, lead="city", assist=["police"])
    make("resolve", BOB)
    assert told("reported") == {"dan", "carol"}
    due_at = issue().relay_due_at
    assert {row.due_at for row in Notice.select().where(Notice.event == "reported")} == {due_at}
    make("resolve", BOB, outcome="换了灯泡。")
    assert told("reported_again") == {"dan", "carol"}
    make("send_back", DAN)
    assert told("send_back") == {"bob", "carol"}
    make("resolve", BOB)
    make("relay", WENDY)
    assert told("relay") == {"bob", "carol", "dan"}
    make("evaluate", ALICE)
    assert told("evaluate") == {"bob", "carol", "dan"}
    assert told("resolve") == told("dissatisfied") == set()


def test_a_result_that_passed_by_itself_is_told_to_the_same_people() -> None:
    bring(Step.REPORTED, "A")
    casework.pass_results(CIRCLE, now=issue().relay_due_at + timedelta(seconds=1))
    assert told("passed") == {"stella", "bob"}
    assert told("relay") == set()


def test_a_dissatisfied_verdict_is_told_to_those_whose_part_it_ends_and_to_nobody_twice() -> None:
    bring(Step.EVALUATING, "B")
    make("evaluate", ALICE, satisfaction=1, comment="没修")
    assert told("new_round") == {"dan", "dora", "wendy", "will"}
    assert told("dissatisfied") == {"bob"}  # the caller has heard of the new round
    bring(Step.EVALUATING, "A", SECOND)
    make("evaluate", resident(SECOND), SECOND, satisfaction=1, comment="没修")
    assert told("dissatisfied", SECOND) == {"bob", "stella"}


def test_what_a_caller_writes_down_for_a_unit_is_told_once() -> None:
    bring(Step.RESPONDING, "B")
    make("plan", DAN, lead="fire", assist=["city"])
    make(
        "resolve", DAN, words="我们看过了。", recorded=casework.Recorded("老赵", "电话", NOW),
    )  # fmt: skip
    assert told("reported") == set()
    assert told("relay") == {"bob"}  # for the lead without an account its caller, who did it


def test_a_move_that_is_refused_tells_nobody() -> None:
    bring(Step.CLASSIFIED, "B")
    before = Notice.select().count()
    with pytest.raises(casework.NotPossible):
        make("summon", DAN, parties=["nobody"])
    with pytest.raises(casework.NotAllowed):
        make("summon", STELLA)
    assert Notice.select().count() == before


def test_a_resident_with_an_address_hears_of_every_step_but_their_own() -> None:
    Issue.update(reporter_email="alice@example.org").where(Issue.number == FIRST).execute()
    bring(Step.HANDLING, "B")
    make("progress", BOB)
    make("resolve", BOB)
    make("relay", DAN)
    make("evaluate", ALICE, satisfaction=2, comment="没修")
    bring(Step.EVALUATING, "C", SECOND)
    mails = Notice.select().where(Notice.kind == "resident").order_by(Notice.id)
    assert [(row.event, row.issue.number) for row in mails] == [
        (event, FIRST)
        for event in (
            *("classify", "summon", "answer", "plan", "progress"),
            *("resolve", "relay"),
        )
    ]
    assert not any(row.is_urgent for row in mails)


def test_a_new_issue_is_confirmed_to_who_left_an_address() -> None:
    made = submit("a new form", reporter_email="alice@example.org")
    mails = Notice.select().where(Notice.kind == "resident")
    assert [(row.event, row.issue) for row in mails] == [("submit", made)]


def test_what_is_most_urgent_may_come_at_night() -> None:
    bring(Step.CLASSIFIED, "C", SECOND)
    make("classify", DAN, urgency=1)
    assert {row.is_urgent for row in Notice.select().where(Notice.issue == issue())} == {True}
    assert {row.is_urgent for row in Notice.select().where(Notice.issue == issue(SECOND))} == {
        False
    }


def test_no_notice_holds_a_word_that_anybody_wrote() -> None:
    words = {
        name: f"CANARY{name}"
        for name in ("description", "location", "reporter_name", "reporter_phone")
    }
    made = submit("canary", COLIN, channel="phone", reporter_email="canary@example.org", **words)
    number = made.number
    make("opine", DAN, number, text="CANARYopinion")
    make("classify", DAN, number, severity_class="B", initial_opinion="CANARY")
    make("summon", DAN, number, asked="CANARYasked", parties=["city"])
    make("answer", BOB, number, opinion="CANARYanswer")
    make("plan", DAN, number, text="CANARYplan", assist=[])
    make("progress", BOB, number, note="CANARYnote")
    make("extend", DAN, number, reason="CANARYreason")
    make("escalate", DAN, number, reason="CANARYreason")
    make("summon", STELLA, number, asked="CANARYasked", parties=["city"])
    make("answer", BOB, number, opinion="CANARYanswer")
    make("plan", STELLA, number, text="CANARYplan", assist=[])
    make("explain", STELLA, number, explanation="CANARYexplanation")
    casework.remind(CIRCLE, now=NOW.replace(year=2027))
    rows = [str(row) for row in Notice.select().tuples()]
    assert len(rows) > 30
    assert not any("CANARY" in row or "canary" in row for row in rows)

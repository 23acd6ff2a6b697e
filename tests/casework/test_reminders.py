"""Deadlines that come near or pass are told once: after downtime, after extensions, whatever the
clock does."""

from datetime import datetime, timedelta

import peewee
import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.rules.steps import Step
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from tests.support.actors import (
    CIRCLE,
    DAN,
    FIRST,
    NOW,
    SECOND,
    STAFF,
    THIRD,
    WENDY,
    bring,
    issue,
    make,
)

pytestmark = pytest.mark.usefixtures("database")

QUIET = replace(CIRCLE, quiet_hours=None)


@pytest.fixture(autouse=True)
def only_the_first(database: peewee.Database) -> None:
    """The neighbours' issues have been given their opinion; what was told so far is gone."""
    Issue.update(opined_at=NOW).where(Issue.number != FIRST).execute()
    Notice.delete().execute()
    assert database is not None


def told(*kinds: str) -> list[tuple[str, str]]:
    """Event and recipient of every notice, staff by name; of reminders only."""
    names = {str(actor.account_id): name for name, actor in STAFF.items()}
    rows = Notice.select().where(Notice.clock != "").order_by(Notice.id)
    return [
        (row.event, names.get(row.recipient, row.kind) if row.kind == "account" else row.kind)
        for row in rows
        if not kinds or row.kind in kinds
    ]


def events() -> list[str]:
    return list(dict.fromkeys(event for event, _ in told()))


def people(event: str) -> set[str]:
    return {name for told_event, name in told("account") if told_event == event}


def remind(now: datetime) -> casework.Reminded:
    return casework.remind(QUIET, now=now)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_an_opinion_is_asked_for_at_half_time_and_missed_once() -> None:
    remind(NOW + minutes(4.9))
    assert told() == []
    for later in (5, 5.5, 7, 10):
        remind(NOW + minutes(later))
        assert events() == ["remind_opinion"]
    assert people("remind_opinion") == {"dan", "dora", "wendy", "will"}
    for later in (10.1, 11, 60 * 24):
        remind(NOW + minutes(later))
    assert events() == ["remind_opinion", "overdue_opinion"]
    assert people("overdue_opinion") == {"dan", "dora", "wendy", "will", "sunny"}
    assert told().count(("overdue_opinion", "dan")) == 1
    assert told("group") == [("remind_opinion", "group"), ("overdue_opinion", "group")]


def test_after_hours_of_downtime_only_what_is_true_now_is_told() -> None:
    counted = remind(NOW + timedelta(hours=9))
    assert events() == ["overdue_opinion"]
    assert (counted.near, counted.overdue, counted.verdicts) == (0, 1, 0)


def test_an_opinion_that_was_given_is_not_asked_for() -> None:
    make("opine", DAN)
    remind(NOW + timedelta(hours=9))
    assert told() == []


def test_a_grade_is_asked_for_of_the_leaders_and_missed_once() -> None:
    make("opine", WENDY)
    due_at = issue().grade_due_at
    remind(due_at - minutes(121))
    assert told() == []
    remind(due_at - minutes(120))
    assert people("remind_grade") == {"dan", "dora"}
    for later in (1, 2):
        remind(due_at + minutes(later))
    assert people("overdue_grade") == {"dan", "dora", "sunny"}
    assert told().count(("overdue_grade", "dan")) == 1


def test_a_clock_set_back_tells_nothing_again() -> None:
    remind(NOW + minutes(11))
    before = told()
    for moment in (NOW, NOW + minutes(6), NOW + minutes(12)):
        remind(moment)
    assert told() == before


def test_a_result_is_asked_for_a_day_before_of_whoever_leads() -> None:
    bring(Step.HANDLING, "C")
    due_at = issue().due_at
    remind(due_at - timedelta(hours=25))
    assert told() == []
    remind(due_at - timedelta(hours=23))
    assert people("remind_result") == {"wendy"}
    remind(due_at + minutes(1))
    assert people("overdue_result") == {"wendy", "dan", "dora", "sunny"}


def test_a_lead_that_is_an_organisation_is_all_who_work_there() -> None:
    bring(Step.HANDLING, "A")
    remind(issue().due_at - timedelta(hours=2))
    assert people("remind_result") == {"bob"}
    remind(issue().due_at + timedelta(hours=2))
    assert people("overdue_result") == {"bob", "stella", "steve", "dan", "dora", "sunny"}


def test_who_has_left_is_not_told_and_their_leaders_are() -> None:
    bring(Step.HANDLING, "C")
    Account.update(disabled_at=NOW).where(Account.username == "wendy").execute()
    remind(issue().due_at - timedelta(hours=2))
    assert people("remind_result") == {"dan", "dora"}


def test_a_new_deadline_is_told_anew() -> None:
    bring(Step.HANDLING, "C")
    remind(issue().due_at + minutes(1))
    make("extend", DAN, now=issue().due_at + minutes(2))
    remind(issue().due_at - timedelta(hours=20))
    remind(issue().due_at + minutes(1))
    assert [event for event, name in told() if name == "wendy"] == [
        "overdue_result", "remind_result", "overdue_result",
    ]  # fmt: skip


def test_the_result_is_due_while_the_parties_are_asked_too() -> None:
    bring(Step.RESPONDING, "B")
    make("answer", STAFF["bob"])
    remind(issue().due_at + minutes(1))
    assert "overdue_result" in events()


def test_only_a_party_that_is_silent_is_asked_again() -> None:
    bring(Step.CLASSIFIED, "B")
    made = make("summon", DAN, parties=["city", "police"])
    make("answer", STAFF["bob"])
    reply_by = issue().reply_by
    remind(reply_by - timedelta(hours=2, minutes=1))
    assert told() == []
    remind(reply_by - timedelta(hours=1, minutes=59))
    assert people("remind_reply") == {"carol"}
    remind(reply_by + minutes(1))
    assert people("overdue_reply") == {"carol", "dan", "dora", "sunny"}
    assert made.issue_id == issue().id


def test_when_all_have_answered_nobody_is_asked_again() -> None:
    bring(Step.CLASSIFIED, "B")
    make("summon", DAN, parties=["city"])
    make("answer", STAFF["bob"])
    remind(issue().reply_by + minutes(1))
    assert told() == []


def test_half_an_hour_to_answer_is_reminded_of_after_half_of_it() -> None:
    bring(Step.CLASSIFIED, "B")
    now = NOW + minutes(10)
    make("summon", DAN, parties=["police"], now=now, reply_by=now + minutes(30))
    remind(now + minutes(14))
    assert told() == []
    remind(now + minutes(15))
    assert people("remind_reply") == {"carol"}


def test_a_verdict_is_asked_for_after_one_three_and_seven_days() -> None:
    Issue.update(reporter_email="alice@example.org").execute()
    began = bring(Step.EVALUATING).evaluating_since
    for hours in range(0, 24 * 12, 7):
        remind(began + timedelta(hours=hours))
    asked = [event for event, name in told() if name == "resident"]
    assert asked == ["remind_verdict"] * 3
    assert people("remind_verdict") == {"dan", "dora", "wendy", "will"}
    assert told("group") == []


def test_of_verdict_reminders_missed_by_downtime_only_the_last_is_sent() -> None:
    Issue.update(reporter_email="alice@example.org").execute()
    began = bring(Step.EVALUATING).evaluating_since
    remind(began + timedelta(days=4))
    remind(began + timedelta(days=2))
    assert told("resident") == [("remind_verdict", "resident")]


def test_a_joined_resident_is_asked_once_the_other_issue_is_handled() -> None:
    Issue.update(reporter_email="alice@example.org").where(Issue.number == FIRST).execute()
    make("classify", DAN, THIRD)
    make("assign", DAN, THIRD)
    make("merge", DAN, FIRST)
    remind(NOW + timedelta(days=2))
    assert told("resident") == []
    make("resolve", STAFF["wendy"], THIRD, now=NOW + timedelta(days=2))
    outcomes = Notice.select().where(Notice.kind == "resident", Notice.event == "outcome")
    assert [row.issue.number for row in outcomes] == [FIRST]
    remind(NOW + timedelta(days=3, hours=1))
    assert told("resident") == [("remind_verdict", "resident")]


def test_two_issues_are_two_reminders() -> None:
    Issue.update(opined_at=None).where(Issue.number == SECOND).execute()
    counted = remind(NOW + minutes(30))
    assert counted.overdue == 2


def test_more_than_a_batch_is_told_in_one_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casework.reminders, "BATCH", 1)
    Issue.update(opined_at=None).execute()
    counted = remind(NOW + minutes(30))
    assert counted.overdue == 5

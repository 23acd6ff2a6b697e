"""The outbox: nothing twice, nothing lost, many as one, and quiet at night."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import peewee
import pytest

from forms_app import casework
from forms_app.casework import Attempt, Ending, Message
from forms_app.issues.access import resident
from forms_app.rules.steps import Step
from forms_app.rules.worktime import CHINA
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from tests.support.actors import (
    ADA,
    ALICE,
    BOB,
    CIRCLE,
    DAN,
    ERIN,
    FIRST,
    NOW,
    SECOND,
    STELLA,
    THIRD,
    WENDY,
    bring,
    issue,
    make,
    submit,
)

pytestmark = pytest.mark.usefixtures("database")

SENT = Attempt(Ending.SENT)
DOWN = Attempt(Ending.RETRY, "对方没有在接收")


@pytest.fixture(autouse=True)
def nothing_told_yet(database: peewee.Database) -> None:
    """Everybody has an address, and the neighbours' issues tell nothing."""
    for account in Account.select():
        Account.update(email=f"{account.username}@example.org").where(
            Account.id == account.id
        ).execute()
    Issue.update(opined_at=NOW).execute()
    Notice.delete().execute()
    assert database is not None


def share(can_mail: bool = True, robots: Sequence[str] = (), now: datetime = NOW) -> None:
    casework.share_out(
        lambda _community: robots, can_mail, robots, now, can_text=False, can_wake=False
    )


def due(now: datetime) -> list[tuple[str, str]]:
    return casework.recipients_due(CIRCLE, now)


def claim(kind: str, recipient: str, now: datetime) -> Message | None:
    return casework.claim_message(CIRCLE, kind, recipient, now=now)


def send(now: datetime, attempt: Attempt = SENT) -> list[Message]:
    """What a tick sends at this moment, each with this outcome."""
    sent = []
    for kind, recipient in due(now):
        message = claim(kind, recipient, now)
        if message is not None:
            casework.settle_message(message, attempt, now=now)
            sent.append(message)
    return sent


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for row in Notice.select():
        found[row.state] = found.get(row.state, 0) + 1
    return found


def assigned() -> None:
    """One notice, for Wendy, that is not urgent."""
    bring(Step.CLASSIFIED, "C")
    Notice.delete().execute()
    make("assign", DAN)
    Notice.delete().where(Notice.kind == "group").execute()


def test_what_was_sent_is_not_sent_again() -> None:
    assigned()
    later = NOW + timedelta(hours=1)
    (message,) = send(later)
    assert (message.kind, message.address) == ("account", "wendy@example.org")
    assert [row.event for row in message.notices] == ["assign"]
    assert send(later + timedelta(hours=1)) == []
    assert states() == {"sent": 1}


def test_a_claimed_message_is_nobody_elses() -> None:
    assigned()
    wendy = str(WENDY.account_id)
    assert claim("account", wendy, NOW) is not None
    assert claim("account", wendy, NOW) is None
    assert due(NOW + timedelta(minutes=2)) == []


def test_after_a_crash_the_very_same_message_goes_out_when_the_lease_is_over() -> None:
    assigned()
    wendy = str(WENDY.account_id)
    first = claim("account", wendy, NOW)
    assert first is not None
    make("extend", DAN, now=NOW + timedelta(minutes=2))
    Notice.delete().where(Notice.kind == "group").execute()
    later = NOW + timedelta(minutes=4)
    (again,) = [m for m in send(later) if m.key == first.key]
    assert [row.id for row in again.notices] == [row.id for row in first.notices]
    (rest,) = send(later + timedelta(minutes=6))
    assert [row.event for row in rest.notices] == ["extend"]


def test_a_late_settlement_does_not_touch_what_somebody_else_has_sent() -> None:
    assigned()
    wendy = str(WENDY.account_id)
    slow = claim("account", wendy, NOW)
    quick = claim("account", wendy, NOW + timedelta(minutes=4))
    assert slow is not None
    assert quick is not None
    casework.settle_message(quick, SENT, now=NOW + timedelta(minutes=4))
    casework.settle_message(slow, DOWN, now=NOW + timedelta(minutes=5))
    assert states() == {"sent": 1}


def test_many_at_once_are_one_message() -> None:
    for number in (FIRST, SECOND, THIRD):
        bring(Step.HANDLING, "C", number)
    (message,) = [m for m in send(NOW + timedelta(hours=1)) if m.address.startswith("wendy")]
    assert len(message.notices) == 3
    assert len({row.issue.number for row in message.notices}) == 3


def test_after_a_message_the_next_waits_some_minutes_unless_it_is_urgent() -> None:
    assigned()
    now = NOW + timedelta(hours=1)
    assert len(send(now)) == 1
    make("extend", DAN, now=now)
    Notice.delete().where(Notice.kind == "group").execute()
    assert send(now + timedelta(minutes=4)) == []
    submit("an urgent one", now=now + timedelta(minutes=4))
    addresses = {m.address for m in send(now + timedelta(minutes=4))}
    assert "wendy@example.org" in addresses
    assert send(now + timedelta(minutes=6)) == []


@pytest.mark.slow
def test_what_cannot_be_delivered_is_tried_at_growing_pauses_for_two_days() -> None:
    assigned()
    tries = []
    now = NOW
    while states() != {"failed": 1}:
        if send(now, DOWN):
            tries.append(now)
        now += timedelta(minutes=1)
        assert now < NOW + timedelta(days=3)
    pauses = [(b - a).total_seconds() / 60 for a, b in pairwise(tries)]
    assert pauses[:7] == [1, 2, 5, 15, 30, 60, 60]
    assert timedelta(days=2) <= tries[-1] - NOW < timedelta(days=2, hours=1, minutes=1)
    assert [due(now + timedelta(hours=hours)) for hours in range(48)] == [[]] * 48
    assert Notice.get().error == "对方没有在接收"


def test_what_is_refused_for_good_is_not_tried_again() -> None:
    assigned()
    send(NOW, Attempt(Ending.REFUSED, "没有这个收件人"))
    assert states() == {"failed": 1}
    assert due(NOW + timedelta(days=1)) == []


def test_a_receiver_that_asks_for_time_gets_it() -> None:
    assigned()
    send(NOW, Attempt(Ending.RETRY, "太忙", timedelta(minutes=20)))
    assert due(NOW + timedelta(minutes=19)) == []
    assert len(due(NOW + timedelta(minutes=20))) == 1


def test_what_may_have_arrived_is_sent_again_with_its_own_key_alone() -> None:
    assigned()
    (first,) = send(NOW, Attempt(Ending.UNSURE, "没有回音"))
    make("extend", DAN, now=NOW)
    Notice.delete().where(Notice.kind == "group").execute()
    again = send(NOW + timedelta(minutes=1))
    assert [m.key for m in again] == [first.key]


def test_what_surely_did_not_arrive_goes_with_what_has_come_since() -> None:
    assigned()
    (first,) = send(NOW, DOWN)
    make("extend", DAN, now=NOW)
    Notice.delete().where(Notice.kind == "group").execute()
    (again,) = send(NOW + timedelta(minutes=1))
    assert len(again.notices) == 2
    assert again.key != first.key


NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=CHINA).astimezone(UTC)


def test_at_night_only_what_is_urgent_comes() -> None:
    bring(Step.CLASSIFIED, "C")
    make("assign", DAN, now=NIGHT)
    make("classify", DAN, SECOND, urgency=1, now=NIGHT)
    make("assign", DAN, SECOND, now=NIGHT)
    share()
    urgent = send(NIGHT)
    assert {row.issue.number for m in urgent for row in m.notices} == {SECOND}
    assert send(NIGHT + timedelta(hours=7)) == []
    morning = send(NIGHT + timedelta(hours=7, minutes=30))
    assert {row.issue.number for m in morning for row in m.notices} == {FIRST}


def test_a_report_that_was_joined_at_once_asks_for_no_opinion() -> None:
    Notice.delete().execute()
    made = submit("a new form")
    casework.join(CIRCLE, resident(made.number), made.number, None, into=FIRST, now=NOW)
    share()
    told = [notice.event for message in send(NOW) for notice in message.notices]
    assert "submit" not in told
    assert "join" in told
    assert states()["lapsed"]


def test_a_reminder_that_is_no_longer_true_is_not_sent() -> None:
    bring(Step.HANDLING, "C")
    Notice.delete().execute()
    due_at = issue().due_at
    assert due_at is not None
    casework.remind(CIRCLE, now=due_at - timedelta(hours=3))
    make("resolve", WENDY, now=due_at - timedelta(hours=2))
    share()
    assert [m for m in send(due_at + timedelta(hours=9)) if m.notices[0].clock] == []
    assert states()["lapsed"] == 1


def test_of_near_and_overdue_in_one_night_only_overdue_is_told() -> None:
    bring(Step.HANDLING, "C")
    Notice.delete().execute()
    due_at = issue().due_at
    assert due_at is not None
    casework.remind(CIRCLE, now=due_at - timedelta(minutes=1))
    casework.remind(CIRCLE, now=due_at + timedelta(minutes=1))
    share()
    told = [row.event for m in send(due_at + timedelta(hours=8)) for row in m.notices]
    assert set(told) == {"overdue_result"}


def test_where_nothing_is_set_up_nothing_piles_up() -> None:
    bring(Step.HANDLING, "B")
    Issue.update(reporter_email="alice@example.org").execute()
    make("progress", BOB)
    share(can_mail=False)
    assert set(states()) == {"no_channel"}
    assert due(NOW + timedelta(days=1)) == []


def test_who_has_no_address_reads_it_in_the_app() -> None:
    assigned()
    Account.update(email="").where(Account.username == "wendy").execute()
    share()
    assert states() == {"no_channel": 1}


def test_an_erased_address_is_written_to_no_more() -> None:
    Issue.update(reporter_email="alice@example.org").where(Issue.number == FIRST).execute()
    bring(Step.CLASSIFIED, "C")
    casework.erase_asked_for(FIRST, now=NOW)
    share()
    assert [m for m in send(NOW + timedelta(hours=1)) if m.kind == "resident"] == []


def test_a_group_with_two_robots_is_told_by_each_on_its_own() -> None:
    bring(Step.CLASSIFIED, "C")
    share(robots=["wecom", "dingtalk"])
    share(robots=["wecom", "dingtalk"])
    now = NOW + timedelta(hours=1)
    robots = [m for m in send(now, DOWN) if m.kind == "hook"]
    assert [m.address for m in robots] == ["wecom", "dingtalk"]
    share(robots=["wecom"])
    assert [r for k, r in due(now + timedelta(minutes=5)) if k == "hook"] == ["wecom"]


def test_a_clock_set_back_sends_nothing_twice_and_holds_nothing_up() -> None:
    assigned()
    later = NOW + timedelta(hours=6)
    assert len(send(later)) == 1
    assert send(NOW) == []
    make("extend", DAN, now=NOW + timedelta(minutes=30))
    Notice.delete().where(Notice.kind == "group").execute()
    assert len(send(NOW + timedelta(minutes=30))) == 1


def test_a_lease_from_before_the_clock_was_set_back_is_none() -> None:
    assigned()
    assert claim("account", str(WENDY.account_id), NOW + timedelta(hours=6)) is not None
    assert len(due(NOW)) == 1


def test_a_pause_from_before_the_clock_was_set_back_is_none() -> None:
    assigned()
    ahead = NOW + timedelta(days=365)
    assert len(send(ahead, DOWN)) == 1
    assert len(due(NOW)) == 1
    # Nor does the first try of a year to come keep it from failing in its time.
    assert len(send(NOW)) == 1
    assert states() == {"sent": 1}


def test_whoever_may_see_to_it_sends_the_failed_again_once() -> None:
    assigned()
    send(NOW, Attempt(Ending.REFUSED, "x"))
    for actor in (WENDY, ERIN, ALICE, BOB):
        assert casework.resend_failed(actor, now=NOW) == 0
    assert casework.resend_failed(DAN, now=NOW) == 1
    assert casework.resend_failed(DAN, now=NOW) == 0
    # It is tried as often, and as soon again, as if it were new.
    assert [row.attempts for row in Notice.select().where(Notice.state == "waiting")] == [0]
    assert len(send(NOW, Attempt(Ending.REFUSED, "x"))) == 1
    assert casework.resend_failed(ADA, now=NOW) == 1
    assert len(send(NOW, Attempt(Ending.REFUSED, "x"))) == 1
    assert casework.resend_failed(STELLA, now=NOW) == 1


def test_there_is_work_only_while_there_is_some() -> None:
    assert not casework.has_work(CIRCLE, NOW)
    assigned()
    assert casework.has_work(CIRCLE, NOW)
    send(NOW)
    assert not casework.has_work(CIRCLE, NOW)
    due_at = issue().due_at
    assert due_at is not None
    assert not casework.has_work(CIRCLE, due_at - timedelta(hours=25))
    assert casework.has_work(CIRCLE, due_at - timedelta(hours=23))


def test_at_night_what_waits_for_the_morning_is_no_work() -> None:
    assigned()
    assert not casework.has_work(CIRCLE, NIGHT)
    assert casework.has_work(CIRCLE, NIGHT + timedelta(hours=8))


def test_who_has_seen_a_notice_has_seen_it() -> None:
    assigned()
    casework.mark_read(BOB, 10**6, now=NOW)
    assert Notice.get().read_at is None
    casework.mark_read(WENDY, Notice.get().id, now=NOW)
    assert Notice.get().read_at == NOW

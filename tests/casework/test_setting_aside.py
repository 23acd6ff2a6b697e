"""What comes in a flood: told as one, set aside by leaders, and back at its resident's word."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import peewee
import pytest

from forms_app import casework, queries
from forms_app.casework import NotAllowed, NotPossible, remind
from forms_app.casework.bursts import BURST_SPAN, MOST_TOLD_SINGLY, size_of, span_of
from forms_app.issues import sums
from forms_app.issues.access import resident
from forms_app.queries import tallies
from forms_app.queries.retrace import retrace
from forms_app.rules.steps import Step
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from tests.support.actors import (
    CIRCLE,
    DAN,
    ERIN,
    FIRST,
    NOW,
    SECOND,
    STELLA,
    WENDY,
    bring,
    entries,
    issue,
    make,
    open_rows,
    submit,
)

pytestmark = pytest.mark.usefixtures("database")
MANY = MOST_TOLD_SINGLY + 5
LATER = NOW + timedelta(hours=6)  # nothing of before is of the same span


def flood(many: int = MANY) -> list[str]:
    """So many reports within a minute; their numbers."""
    return [
        submit(f"flood-{n}", resident(), now=LATER + timedelta(seconds=n)).number
        for n in range(many)
    ]


def told(*events: str) -> list[str]:
    return [row.recipient for row in Notice.select().where(Notice.event.in_(events))]


def test_what_came_at_once_is_marked_from_the_first_on_and_nothing_else() -> None:
    numbers = flood()
    assert all(issue(number).in_burst for number in numbers)
    assert not issue(FIRST).in_burst
    assert size_of(issue(numbers[0])) == MANY
    assert size_of(issue(FIRST)) == 0


def test_what_its_resident_insists_on_is_not_marked_again_by_what_comes_later() -> None:
    numbers = flood()
    make("set_aside", DAN, numbers[0])
    make("insist", resident(numbers[0]), numbers[0])
    submit("one more", resident(), now=LATER + timedelta(seconds=MANY))
    assert not issue(numbers[0]).in_burst
    assert Issue.select().where(Issue.in_burst).count() == MANY  # one came, one went


def test_of_many_in_one_second_all_are_marked() -> None:
    numbers = [submit(f"same-{n}", resident(), now=LATER).number for n in range(MANY)]
    assert all(issue(number).in_burst for number in numbers)


def test_ten_at_once_are_no_flood() -> None:
    assert not any(issue(number).in_burst for number in flood(MOST_TOLD_SINGLY))


def test_what_staff_hand_in_is_never_of_a_flood() -> None:
    handed = submit("handed", WENDY, now=LATER, channel="phone").number
    flood()
    assert not issue(handed).in_burst


def test_the_alerts_of_a_flood_are_one_to_each() -> None:
    flood()
    for minutes in (7, 15, 30):
        remind(CIRCLE, now=LATER + timedelta(minutes=minutes))
    for event in ("burst", "remind_opinion", "overdue_opinion"):
        since = Notice.select().where(Notice.event == event, Notice.created_at >= LATER)
        of_flood = [row.recipient for row in since if row.key.startswith("burst:")]
        assert of_flood
        # A flood over the edge of a span is two of them, not fifteen.
        assert max(of_flood.count(one) for one in of_flood) <= 2
        assert size_of(next(iter(since)).issue) in (0, MANY)


def overdue(now: datetime) -> list[str]:
    """Of whose issues a flood's alert goes out at this moment, to whomever."""
    told = []
    for kind, recipient in casework.recipients_due(CIRCLE, now):
        message = casework.claim_message(CIRCLE, kind, recipient, now=now)
        if message is not None:
            told += [row.issue.number for row in message.notices if row.key.startswith("burst:")
                     and row.event == "overdue_opinion"]  # fmt: skip
    return told


@pytest.fixture
def everybody_is_mailed(database: peewee.Database) -> None:
    assert database is not None
    Account.update(email="somebody@example.org").execute()
    Issue.update(opined_at=NOW).where(Issue.received_at < LATER).execute()


@pytest.mark.usefixtures("everybody_is_mailed")
def test_a_floods_alert_is_of_the_others_where_its_first_has_gone_on() -> None:
    numbers = flood()
    now = LATER + timedelta(minutes=15)
    remind(CIRCLE, now=now)
    Notice.update(state="sent").where(Notice.event != "overdue_opinion").execute()
    make("set_aside", DAN, numbers[0], now=now)
    found = overdue(now)
    assert found
    assert numbers[0] not in found
    assert set(found) <= set(numbers)


@pytest.mark.usefixtures("everybody_is_mailed")
def test_a_floods_alert_comes_for_what_is_late_after_those_before_had_gone_on() -> None:
    numbers = flood()
    Issue.update(opinion_due_at=LATER + timedelta(minutes=12)).where(
        Issue.number == numbers[-1]
    ).execute()
    last = issue(numbers[-1])
    others = [number for number in numbers[:-1] if _span(number) == _span(last.number)]
    now = LATER + timedelta(minutes=11, seconds=30)
    remind(CIRCLE, now=now)
    for number in numbers[:-1]:
        make("set_aside", DAN, number, now=now)
    Notice.update(state="sent").where(Notice.event != "overdue_opinion").execute()
    assert others
    assert overdue(now) == []
    now = LATER + timedelta(minutes=13)
    remind(CIRCLE, now=now)
    assert set(overdue(now)) == {last.number}


def _span(number: str) -> int:
    return span_of(issue(number).opinion_due_at)


def test_a_leader_sets_a_flood_aside_and_takes_it_back_as_if_nothing_had_been() -> None:
    number = flood()[0]
    before = issue(number)
    entry = make("set_aside", DAN, number, reason="看着是程序发的")
    assert issue(number).step == Step.SET_ASIDE
    assert "看着是程序发的。" in entry.resident_line
    assert "没有删除" in entry.resident_line
    assert number not in {row.issue.number for row in open_rows(DAN, LATER)}
    make("restore", WENDY, number)
    after = issue(number)
    kept = ("step", "round_no", "opinion_due_at", "opined_at", "round_started_at", "in_burst")
    assert {name: getattr(after, name) for name in kept} == {
        name: getattr(before, name) for name in kept
    }
    assert after.aside_press == ""
    assert retrace(entries(number)) == (Step.COLLECTED, 1, None)


def test_its_residents_word_brings_it_back_on_top_and_for_good() -> None:
    numbers = flood()
    for number in numbers:
        make("set_aside", DAN, number)
    number = numbers[7]
    entry = make("insist", resident(number), number, words="楼上真的漏水")
    assert entry.note == "楼上真的漏水"
    assert issue(number).step == Step.COLLECTED
    now = entry.made_at + timedelta(minutes=15)
    mine = [row for row in open_rows(DAN, now) if row.issue.received_at >= LATER]
    assert [row.issue.number for row in mine] == [number]
    # Late at once, and among what residents said last.
    assert mine[0].due_at is not None
    assert mine[0].due_at < now
    added = queries.spoken(CIRCLE.clocks, DAN, now).added
    assert number in [listed.number for listed, _ in added]
    assert set(told("insist")) >= {str(DAN.account_id), str(WENDY.account_id)}
    with pytest.raises(NotAllowed):
        make("set_aside", DAN, number)


@pytest.mark.parametrize("number", [FIRST, SECOND])
def test_what_came_by_itself_cannot_be_set_aside(number: str) -> None:
    for leader in (DAN, STELLA):
        with pytest.raises(NotAllowed):
            make("set_aside", leader, number)


def test_nobody_else_sets_aside_and_no_stranger_takes_back() -> None:
    number = flood()[0]
    with pytest.raises(NotAllowed):
        make("set_aside", WENDY, number)
    with pytest.raises(Exception, match="没有找到"):
        make("set_aside", ERIN, number)
    make("set_aside", STELLA, number)
    with pytest.raises(Exception, match="没有找到"):
        make("insist", resident(FIRST), number)
    with pytest.raises(Exception, match="没有找到"):
        make("restore", ERIN, number)


def test_a_reason_is_said_and_what_others_follow_stays() -> None:
    number, other = flood()[:2]
    with pytest.raises(NotPossible):
        make("set_aside", DAN, number, reason="　")
    make("merge", DAN, other, into=number)
    with pytest.raises(NotPossible) as refused:
        make("set_aside", DAN, number)
    assert "并入" in refused.value.sentence


def test_a_round_more_is_of_no_flood() -> None:
    number = flood()[0]
    make("settle", WENDY, number)
    make("evaluate", resident(number), number, satisfaction=1, comment="没有说清")
    assert issue(number).step == Step.COLLECTED
    with pytest.raises(NotAllowed):
        make("set_aside", DAN, number)


def test_figures_count_what_is_set_aside_apart() -> None:
    before = sums.kept()
    numbers = flood()
    for number in numbers:
        make("set_aside", DAN, number)
    community = issue(numbers[0]).community_id
    changed = sums.kept()
    changed.subtract(before)
    assert {key: n for key, n in changed.items() if n} == {("set aside", community): MANY}
    assert sums.kept() == sums.recounted()
    told: Any = tallies(CIRCLE, LATER + timedelta(days=40))["record"]
    assert told["at_work"][0]["set_aside"] == MANY
    make("insist", resident(numbers[0]), numbers[0])
    assert sums.kept() == sums.recounted()
    assert sums.kept()["set aside", community] == MANY - 1


def test_what_one_press_set_aside_is_found_together_along_an_index() -> None:
    numbers = flood()
    pressing = replace(DAN, press="one press")
    for number in numbers[:4]:
        make("set_aside", pressing, number)
    make("set_aside", replace(DAN, press="another"), numbers[4])
    make("restore", DAN, numbers[0])
    found = queries.set_aside_with(DAN, issue(numbers[1]).id, 100)
    assert found == tuple(numbers[1:4])
    assert queries.set_aside_with(DAN, issue(numbers[1]).id, 2) == tuple(numbers[1:3])
    assert queries.set_aside_with(ERIN, issue(numbers[1]).id, 100) == ()


def test_a_flood_is_over_after_its_span() -> None:
    flood()
    late = submit("later", resident(), now=LATER + BURST_SPAN + timedelta(minutes=1))
    assert not late.in_burst
    assert bring(Step.SET_ASIDE).step == Step.SET_ASIDE
    assert Issue.select().where(Issue.in_burst).count() == MANY + 1

"""The resident's verdict, and nobody answering."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.casework import (
    IssueUnknown,
    NotAllowed,
    NotPossible,
)
from forms_app.issues.access import Actor, resident
from forms_app.rules.steps import Step
from forms_app.rules.worktime import local_day
from forms_app.store.models import ContactAttempt, Issue, Party
from forms_app.store.notices import PushSubscription
from tests.support.actors import (
    ALICE,
    BOB,
    CIRCLE,
    DAN,
    FIRST,
    NOW,
    SECOND,
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
    assert found.initial_opinion == ""
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


@pytest.mark.parametrize("actor", [WILL, DAN, STELLA])
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
        make("evaluate", WILL, **what)


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


def test_a_try_that_was_noted_as_it_was_made_is_not_noted_again() -> None:
    bring(Step.EVALUATING)
    make("contact", DAN, reached="no_answer", how="phone")
    noted = ContactAttempt.select().where(ContactAttempt.issue == issue())
    day = date.fromisoformat(noted.get().tried_on)
    tries = [(day + timedelta(days), "电话") for days in (0, 1, 2)]
    make("shelve", DAN, now=next_moment(FIRST) + timedelta(days=2), attempts=tries)
    assert sorted(row.tried_on for row in noted) == [str(on) for on, _ in tries]


def _without_tries(after: timedelta) -> None:
    since = issue().evaluating_since
    assert since is not None
    make("shelve", DAN, now=since + after, attempts=[])


def test_who_left_no_way_to_be_reached_and_is_silent_for_a_week_need_not_be_tried() -> None:
    bring(Step.EVALUATING)
    Issue.update(reporter_phone="", reporter_email="").where(Issue.number == FIRST).execute()
    _without_tries(timedelta(days=7))
    assert stands() == ("shelved", 1, "C")
    assert entries()[-1].note == "反映人没有留下联系方式，请评价以后一直没有回音"
    assert not ContactAttempt.select().exists()
    make("evaluate", ALICE)
    assert stands() == ("closed", 1, "C")


@pytest.mark.parametrize(
    ("left", "after"),
    [
        ({}, timedelta(days=7) - timedelta(seconds=1)),
        ({"reporter_phone": "13800138000"}, timedelta(days=30)),
        ({"reporter_phone": "0797-8765432"}, timedelta(days=30)),
        ({"reporter_email": "wang@example.com"}, timedelta(days=30)),
    ],
)
def test_before_that_or_whoever_left_a_way_is_tried(left: dict[str, str], after: timedelta) -> None:
    bring(Step.EVALUATING)
    nothing = {"reporter_phone": "", "reporter_email": ""}
    Issue.update(**nothing | left).where(Issue.number == FIRST).execute()
    with nothing_written(NotPossible, "attempts"):
        _without_tries(after)


def test_a_browser_that_is_told_of_news_is_a_way_to_be_reached() -> None:
    bring(Step.EVALUATING)
    Issue.update(reporter_phone="", reporter_email="").where(Issue.number == FIRST).execute()
    PushSubscription.create(
        issue=issue(), endpoint="https://push.example.com/1", p256dh="", auth="", made_for="",
        key_hash="", made_at=NOW,
    )  # fmt: skip
    with nothing_written(NotPossible, "attempts"):
        _without_tries(timedelta(days=30))


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

"""A verdict is asked for after one, three and seven days of each round on every way that a resident
chose, and never given for them."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from forms_app import casework
from forms_app.casework.phone_duties import open_duty
from forms_app.rules.steps import Step
from forms_app.rules.waking import Woken
from forms_app.store.models import Entry, Issue
from forms_app.store.notices import Notice, PhoneDuty
from tests.support.actors import ALICE, CIRCLE, DAN, FIRST, WENDY, bring, issue, make

pytestmark = pytest.mark.usefixtures("database")
HOURS = 7  # between two looks, through nights and weekends
WOKEN = Woken("https://push.example.org/x", "B" * 87, "C" * 22, "D" * 87)


def contacts(**columns: str) -> Callable[[], None]:
    def leave() -> None:
        none = {"reporter_email": "", "reporter_phone": "", "tell_by": ""}
        Issue.update(none | columns).where(Issue.number == FIRST).execute()

    return leave


def browser() -> None:
    contacts()()
    casework.wake_here(ALICE, FIRST, WOKEN, "key", now=issue().received_at)


# What a resident left, and by which ways they are asked three times; nobody twice by the same.
WAYS: dict[str, tuple[Callable[[], None], set[str]]] = {
    "mail": (
        contacts(
            reporter_email="alice@example.org", confirmed_email="alice@example.org", tell_by="email"
        ),
        {"resident"},
    ),
    "mail that nobody confirmed": (
        contacts(reporter_email="alice@example.org", reporter_phone="13800001234"),
        {"resident", "ring"},
    ),
    "telephone": (contacts(reporter_phone="13800001234", tell_by="phone"), {"ring"}),
    "text message": (contacts(reporter_phone="13800001234", tell_by="sms"), {"sms"}),
    "browser": (browser, {"push"}),
    "looks for themselves": (
        contacts(reporter_email="alice@example.org", reporter_phone="13800001234", tell_by="self"),
        set(),
    ),
    "nothing": (contacts(), set()),
}


def walk(since: datetime, days: int) -> None:
    """The clock goes on for so long, looked at again and again."""
    for hours in range(0, 24 * days, HOURS):
        casework.remind(CIRCLE, now=since + timedelta(hours=hours))


def asked(since: datetime) -> dict[str, list[int]]:
    """The days after which each way asked for the verdict of the round that ended then."""
    found: dict[str, list[int]] = {}
    for row in Notice.select().where(Notice.clock == "verdict", Notice.created_at >= since):
        found.setdefault(row.kind, []).append((row.created_at - since).days)
    for row in PhoneDuty.select().where(PhoneDuty.event == "verdict", PhoneDuty.made_at >= since):
        found.setdefault("ring", []).append((row.made_at - since).days)
    for row in Notice.select().where(Notice.event == "verdict", Notice.created_at >= since):
        found.setdefault(row.kind, []).append((row.created_at - since).days)
    # A database gives rows in whatever order it likes.
    return {way: sorted(days) for way, days in found.items()}


def judged() -> int:
    return Entry.select().join(Issue).where(
        Issue.number == FIRST, Entry.satisfaction.is_null(False)
    ).count()  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_every_way_asks_after_one_three_and_seven_days_of_each_round(way: str) -> None:
    leave, ways = WAYS[way]
    leave()
    began = bring(Step.EVALUATING).evaluating_since
    assert began is not None
    walk(began, 10)
    first = asked(began)
    # Four who work there are reminded to ask, whatever way there is.
    staff = first.pop("account")
    assert sorted(Counter(staff).items()) == [(1, 4), (3, 4), (7, 4)]
    assert first == {kind: [1, 3, 7] for kind in ways}
    assert (judged(), issue().step) == (0, Step.EVALUATING.value)

    again = began + timedelta(days=11)
    make("evaluate", ALICE, satisfaction=1, comment="还是漏", now=again)
    walk(again, 5)
    assert set(asked(again)) == set()  # it is being done again: there is nothing to judge
    make("classify", DAN, now=again + timedelta(days=5))
    make("assign", DAN, now=again + timedelta(days=5))
    make("resolve", WENDY, now=again + timedelta(days=5))
    began = issue().evaluating_since
    assert (issue().round_no, judged()) == (2, 1)
    assert began == again + timedelta(days=5)
    walk(began, 10)
    second = asked(began)
    assert sorted(Counter(second.pop("account")).items()) == [(1, 4), (3, 4), (7, 4)]
    assert second == {kind: [1, 3, 7] for kind in ways}


def test_silence_is_never_an_answer() -> None:
    contacts(reporter_phone="13800001234", tell_by="phone")()
    began = bring(Step.EVALUATING).evaluating_since
    assert began is not None
    for days in (1, 30, 400, 4000):
        later = began + timedelta(days=days)
        casework.remind(CIRCLE, now=later)
        casework.pass_results(CIRCLE, now=later)
    found = issue()
    assert (found.step, found.closed_at, found.verdict_by) == (Step.EVALUATING.value, None, "")
    assert judged() == 0
    assert open_duty(found) is not None  # somebody is still to ring


def test_an_answer_ends_the_asking_on_every_way() -> None:
    contacts(reporter_email="alice@example.org", reporter_phone="13800001234")()
    casework.wake_here(ALICE, FIRST, WOKEN, "key", now=issue().received_at)
    began = bring(Step.EVALUATING).evaluating_since
    assert began is not None
    walk(began, 2)
    before = asked(began)
    assert set(before) == {"account", "resident", "push", "ring"}
    make("evaluate", ALICE, satisfaction=5, now=began + timedelta(days=2))
    walk(began + timedelta(days=2), 10)
    assert asked(began) == before
    assert open_duty(issue()) is None

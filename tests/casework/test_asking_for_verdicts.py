"""A verdict is asked for after one, three and seven days of each round on every way that a resident
chose, and never given for them."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from forms_app import casework
from forms_app.casework.phone_duties import open_duty
from forms_app.issues.access import resident
from forms_app.rules.steps import Step
from forms_app.rules.waking import Woken
from forms_app.store.models import Entry, Issue
from forms_app.store.notices import Notice, PhoneDuty
from tests.support.actors import (
    ALICE,
    CIRCLE,
    DAN,
    FIRST,
    WENDY,
    bring,
    issue,
    make,
    submit,
)
from tests.support.every import each

pytestmark = pytest.mark.usefixtures("database")
HOURS = 7  # between two looks, through nights and weekends
WOKEN = Woken("https://push.example.org/x", "B" * 87, "C" * 22, "D" * 87)


Leave = Callable[[str], None]


def contacts(**columns: str) -> Leave:
    """Leaves these with an issue; a telephone and an address are of nobody else."""

    def leave(number: str = FIRST) -> None:
        none = {"reporter_email": "", "reporter_phone": "", "tell_by": ""}
        own = {name: value.replace("NUMBER", number[-4:]) for name, value in columns.items()}
        Issue.update(none | own).where(Issue.number == number).execute()

    return leave


def browser(number: str) -> None:
    contacts()(number)
    casework.wake_here(resident(number), number, WOKEN, "key", now=issue(number).received_at)


PHONE, MAIL = "1380000NUMBER", "aliceNUMBER@example.org"

# What a resident left, and by which ways they are asked three times; nobody twice by the same.
WAYS: dict[str, tuple[Leave, set[str]]] = {
    "mail": (
        contacts(reporter_email=MAIL, confirmed_email=MAIL, tell_by="email"), {"resident"},
    ),
    "mail that nobody confirmed": (
        contacts(reporter_email=MAIL, reporter_phone=PHONE), {"resident", "ring"},
    ),
    "telephone": (contacts(reporter_phone=PHONE, tell_by="phone"), {"ring"}),
    "text message": (contacts(reporter_phone=PHONE, tell_by="sms"), {"sms"}),
    "browser": (browser, {"push"}),
    "looks for themselves": (
        contacts(reporter_email=MAIL, reporter_phone=PHONE, tell_by="self"), set(),
    ),
    "nothing": (contacts(), set()),
}  # fmt: skip


def walk(since: datetime, days: int) -> None:
    """The clock goes on for so long, looked at again and again."""
    for hours in range(0, 24 * days, HOURS):
        casework.remind(CIRCLE, now=since + timedelta(hours=hours))


def asked(since: datetime, number: str = FIRST) -> dict[str, list[int]]:
    """The days after which each way asked for the verdict of the round that ended then."""
    found: dict[str, list[int]] = {}
    notices = Notice.select().join(Issue).where(
        Issue.number == number, Notice.created_at >= since
    )  # fmt: skip
    for row in notices.where(Notice.clock == "verdict"):
        found.setdefault(row.kind, []).append((row.created_at - since).days)
    duties = PhoneDuty.select().join(Issue).where(
        Issue.number == number, PhoneDuty.event == "verdict", PhoneDuty.made_at >= since
    )  # fmt: skip
    for row in duties:
        found.setdefault("ring", []).append((row.made_at - since).days)
    for row in notices.where(Notice.event == "verdict"):
        found.setdefault(row.kind, []).append((row.created_at - since).days)
    # A database gives rows in whatever order it likes.
    return {way: sorted(days) for way, days in found.items()}


def judged(number: str = FIRST) -> int:
    return Entry.select().join(Issue).where(
        Issue.number == number, Entry.satisfaction.is_null(False)
    ).count()  # fmt: skip


@pytest.mark.slow
def test_every_way_asks_after_one_three_and_seven_days_of_each_round() -> None:
    """One issue a way, as the clock goes on for all of them at once."""
    own = {way: submit(f"form of {way}").number for way in WAYS}
    for way, number in own.items():
        WAYS[way][0](number)
    (began,) = {bring(Step.EVALUATING, number=number).evaluating_since for number in own.values()}
    assert began is not None
    walk(began, 10)
    each(own.items(), lambda way, number: asks_three_times(way, number, began))
    for number in own.values():
        assert (judged(number), issue(number).step) == (0, Step.EVALUATING.value)

    again = began + timedelta(days=11)
    for number in own.values():
        make("evaluate", resident(number), number, satisfaction=1, comment="还是漏", now=again)
    walk(again, 5)
    for number in own.values():
        assert set(asked(again, number)) == set()  # it is being done again: nothing to judge
    done = again + timedelta(days=5)
    for number in own.values():
        make("classify", DAN, number, now=done)
        make("assign", DAN, number, now=done)
        make("resolve", WENDY, number, now=done)
        found = issue(number)
        assert (found.round_no, judged(number), found.evaluating_since) == (2, 1, done)
    walk(done, 10)
    each(own.items(), lambda way, number: asks_three_times(way, number, done))


def asks_three_times(way: str, number: str, since: datetime) -> None:
    found = asked(since, number)
    # Four who work there are reminded to ask, whatever way there is.
    staff = found.pop("account")
    assert sorted(Counter(staff).items()) == [(1, 4), (3, 4), (7, 4)]
    assert found == {kind: [1, 3, 7] for kind in WAYS[way][1]}


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

"""What came of bad ratings: worked out by hand, and told in public without a count."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.casework import Complaint, Holder
from forms_app.community import RatingReason
from forms_app.issues.access import resident
from forms_app.queries.followed_up import FollowedUp, followed_up, published
from forms_app.rules.bad_ratings import CHANNEL, span_of
from forms_app.store.models import Issue
from tests.support.actors import CIRCLE, NOW, WENDY, make

pytestmark = pytest.mark.usefixtures("database")

OURS = replace(CIRCLE, rating_reasons={"slow": RatingReason("slow", "等得太久", ("service",), 2)})
LATER = NOW + timedelta(days=1)


def rate(key: str, satisfaction: int = 1, reason: str = "slow", at: datetime = NOW) -> None:
    casework.rate(
        OURS, "service:meals", satisfaction, "", form_key=key,
        complaint=Complaint(reason), holder=Holder(f"ticket {key}"), now=at,
    )  # fmt: skip


def main() -> str:
    number: str = Issue.select().where(Issue.channel == CHANNEL).order_by(Issue.id).get().number
    return number


def test_of_nothing_nothing_is_told() -> None:
    assert followed_up(NOW, LATER) == FollowedUp(0, 0, 0, None)
    assert published("2026-12") == []


def test_who_follows_has_the_answer_of_what_they_follow() -> None:
    rate("counted only", 2, "")
    rate("satisfied", 4)
    rate("a")
    rate("b", at=NOW + timedelta(minutes=4))
    assert followed_up(NOW, LATER) == FollowedUp(3, 2, 0, None)
    make("opine", WENDY, main(), now=NOW + timedelta(minutes=6))
    rate("c", at=NOW + timedelta(minutes=10))  # answered already
    # Six, two and no minutes.
    assert followed_up(NOW, LATER) == FollowedUp(4, 3, 3, timedelta(minutes=2))
    assert followed_up(NOW, LATER, {"venue:library"}) == FollowedUp(0, 0, 0, None)
    assert followed_up(LATER, LATER + timedelta(days=1)).bad == 0


def test_in_public_a_share_is_told_of_whole_months_once_ten_have_come() -> None:
    for number in range(9):
        rate(f"first {number}")
    make("opine", WENDY, main(), now=NOW + timedelta(hours=2))
    assert published("2026-12") == []
    rate("tenth")
    assert published("2026-11") == []  # the month is not over
    told = published("2026-12")
    assert told == [{"until": "2026-11", "tenths": 10, "half_within": "day"}]
    # One more does not change what was told, ten more do.
    december = NOW + timedelta(days=10)
    rate("alone", at=december)
    assert published("2027-01", told) == told
    for number in range(9):
        casework.rate(
            OURS, "venue:library", 1, "", form_key=f"next {number}",
            complaint=Complaint("other"), holder=Holder(), now=december,
        )  # fmt: skip
    # Nobody has seen to nine of twenty.
    assert published("2027-01", told) == [{"until": "2026-12", "tenths": 6, "half_within": "day"}]


@pytest.mark.parametrize(
    ("half", "span"),
    [(timedelta(0), "ten_minutes"), (timedelta(minutes=11), "hour"), (timedelta(99), "longer")],
)
def test_a_time_is_told_as_the_shortest_span_that_it_lies_in(half: timedelta, span: str) -> None:
    assert span_of(half) == span


def test_what_was_answered_before_it_was_taken_back_is_answered_for_all_who_follow() -> None:
    rate("a")
    rate("b", at=NOW + timedelta(minutes=4))
    make("opine", WENDY, main(), now=NOW + timedelta(minutes=6))
    first = Issue.get(Issue.number == main())
    casework.withdraw(OURS, resident(main()), main(), None, now=NOW + timedelta(minutes=8))
    rate("c", at=NOW + timedelta(minutes=10))
    heir, last = (
        Issue.select().where(Issue.channel == CHANNEL, Issue.id > first.id).order_by(Issue.id)
    )
    assert (heir.initial_opinion, last.followed) == (first.initial_opinion, heir)
    assert followed_up(NOW, LATER) == FollowedUp(3, 3, 3, timedelta(minutes=2))

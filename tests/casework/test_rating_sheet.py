"""Ratings from the doorstep and on paper: a sheet at once, all of it or nothing; counted apart."""

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.casework import Complaint, GivenRating, NotAllowed, NotPossible, RowsRefused
from forms_app.community import RatingReason
from forms_app.issues import sums
from forms_app.issues.access import Actor
from forms_app.queries.tallies import tallies
from forms_app.rules.bad_ratings import CHANNEL
from forms_app.store.models import Issue, Rating
from tests.support.actors import BOB, CIRCLE, COLIN, DAN, NOW, STELLA, WENDY, dump
from tests.support.moves import nothing_written

pytestmark = pytest.mark.usefixtures("database")

OURS = replace(
    CIRCLE,
    rating_reasons={
        "slow": RatingReason("slow", "等得太久", ("service",), 2),
        "dirty": RatingReason("dirty", "不干净", ("venue",), 2),
    },
)
TODAY = date(2026, 11, 23)


def card(satisfaction: int, reason: str = "", about: str = "service:meals") -> GivenRating:
    complaint = Complaint(reason, "jingui") if reason else Complaint()
    return GivenRating(about, satisfaction, "", complaint)


def enter(
    *cards: GivenRating, actor: Actor = WENDY, way: str = "paper", on: date = TODAY,
    key: str = "sheet", now: datetime = NOW,
) -> list[str]:  # fmt: skip
    rows = dict(enumerate(cards, 1))
    return casework.enter_ratings(OURS, actor, rows, way=way, told_on=on, form_key=key, now=now)


def test_a_sheet_is_kept_once_marked_as_such_and_counted_apart() -> None:
    for _ in range(2):
        assert enter(card(5), card(4), card(3)) == []
    rows = list(Rating.select().order_by(Rating.id))
    assert [(row.satisfaction, row.way, row.entered_by_id) for row in rows] == [
        (level, "paper", WENDY.account_id) for level in (5, 4, 3)
    ]
    casework.rate(OURS, "service:meals", 5, "", form_key="own", now=NOW)
    kinds = {kind: number for (kind, _), number in sums.kept().items() if "rating" in kind}
    assert sum(n for (kind, _), n in sums.kept().items() if kind == sums.ENTERED_RATING) == 3
    assert set(kinds) == {sums.RATING, sums.ENTERED_RATING}
    assert sums.kept() == sums.recounted()
    told = tallies(OURS, NOW + timedelta(days=20))
    assert [row["about"] for row in told["entered_ratings"]] == ["service:meals"]  # type: ignore[attr-defined]


def test_a_bad_one_with_a_reason_is_work_and_the_next_follows() -> None:
    numbers = enter(card(1, "slow"), card(2, "slow"), card(2), actor=COLIN)
    opened = list(Issue.select().where(Issue.channel == CHANNEL).order_by(Issue.id))
    assert [row.number for row in opened] == numbers
    assert [(row.step, row.ticket_hash, row.collector_id) for row in opened] == [
        ("collected", "", COLIN.account_id), ("merged", "", COLIN.account_id),
    ]  # fmt: skip
    assert enter(card(1, "slow"), card(2, "slow"), card(2), actor=COLIN) == numbers


def test_wrong_rows_are_told_all_at_once_and_none_is_kept() -> None:
    before = dump()
    with pytest.raises(RowsRefused) as refused:
        enter(card(5), card(1, "dirty"), card(9))
    assert {place: error.field for place, error in refused.value.rows.items()} == {
        2: "reason", 3: "satisfaction",
    }  # fmt: skip
    assert dump() == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"way": "dream"}, "way"),
        ({"on": TODAY + timedelta(days=1)}, "told_on"),
        ({"on": TODAY - timedelta(days=91)}, "told_on"),
    ],
)
def test_what_is_wrong_with_the_whole_sheet_is_one_error(
    wrong: dict[str, object], field: str
) -> None:
    with nothing_written(NotPossible, field):
        enter(card(5), **wrong)  # type: ignore[arg-type]


def test_an_empty_sheet_and_one_of_nothing_known_are_refused() -> None:
    with nothing_written(NotPossible, ""):
        enter()
    with nothing_written(NotPossible, "about"):
        enter(card(5, about="service:gone"))
    with nothing_written(NotPossible, "about"):  # held tomorrow, rated yesterday
        enter(card(5, about="activity:choir"), on=TODAY - timedelta(days=1))


@pytest.mark.parametrize("actor", [BOB, STELLA])
def test_whoever_is_of_no_community_enters_none(actor: Actor) -> None:
    with nothing_written(NotAllowed):
        enter(card(5), actor=actor)


def test_an_earlier_day_is_kept_as_that_day() -> None:
    enter(card(5), actor=DAN, on=TODAY - timedelta(days=3), way="doorstep")
    (row,) = Rating.select()
    assert (row.made_at.date(), row.way) == (TODAY - timedelta(days=3), "doorstep")

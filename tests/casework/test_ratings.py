"""Ratings of services, activities and venues."""

from datetime import timedelta

import peewee
import pytest

from forms_app import casework
from forms_app.casework import (
    NotPossible,
)
from forms_app.store.models import (
    Rating,
)
from tests.support.actors import (
    CIRCLE,
    NOW,
    WENDY,
    dump,
    make,
)
from tests.support.moves import nothing_written

pytestmark = pytest.mark.usefixtures("database")


def test_a_rating_counts_once_a_form() -> None:
    for _ in range(2):
        casework.rate(CIRCLE, "service:meals", 4, "不错", form_key="rated once", now=NOW)
    (rating,) = Rating.select()
    assert (rating.about, rating.satisfaction, rating.comment) == ("service:meals", 4, "不错")
    assert rating.made_at == NOW
    assert "rated once" not in rating.form_key_hash


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ("service:meals", "老人助餐"),
        ("activity:choir", "合唱"),
        ("venue:library", "示例书屋"),
        ("venue:meals", None),
        ("meals", None),
        ("", None),
        ("person:dan", None),
    ],
)
def test_services_activities_and_venues_are_rated_and_nothing_else(
    about: str, name: str | None
) -> None:
    assert CIRCLE.rated_name(about) == name
    if name is None:
        with nothing_written(NotPossible, "about"):
            casework.rate(CIRCLE, about, 5, "", form_key="key", now=NOW)


def test_an_activity_is_rated_from_its_start_on() -> None:
    early = NOW - timedelta(minutes=1)
    with nothing_written(NotPossible, "about"):
        casework.rate(CIRCLE, "activity:choir", 5, "", form_key="early", now=early)
    casework.rate(CIRCLE, "activity:choir", 5, "", form_key="in time", now=NOW)
    assert Rating.select().count() == 1


@pytest.mark.parametrize("satisfaction", [0, 6])
def test_a_rating_is_one_of_five(satisfaction: int) -> None:
    with nothing_written(NotPossible, "satisfaction"):
        casework.rate(CIRCLE, "service:meals", satisfaction, "", form_key="key", now=NOW)


def test_a_naive_time_never_enters_the_database(database: peewee.Database) -> None:
    before = dump()
    with pytest.raises(ValueError, match="zone"):
        make("opine", WENDY, now=NOW.replace(tzinfo=None))
    assert dump() == before
    assert not database.in_transaction()

"""What the tests of the moves share: reading what stands, and proving that nothing was written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from forms_app import queries
from forms_app.casework import (
    CaseError,
    NotPossible,
)
from forms_app.issues.access import resident
from forms_app.store.database import proxy
from forms_app.store.models import (
    Assignment,
    Entry,
)
from tests.support.actors import (
    ALICE,
    CIRCLE,
    FIRST,
    SECOND,
    STAFF,
    entries,
    everything,
    issue,
)

EVERYBODY = {
    **{
        name: actor
        for name, actor in STAFF.items()
        if name not in ("will", "steve", "stan", "frank")
    },
    "alice": ALICE,
    "a neighbour": resident(SECOND),
}
A_MINUTE = timedelta(minutes=1)


@contextmanager
def nothing_written(error: type[CaseError] = CaseError, field: str | None = None) -> Iterator[None]:
    """The move inside is refused for this reason, and the database stays byte for byte."""
    before = everything()
    with pytest.raises(error) as caught:
        yield
    assert everything() == before
    assert caught.value.sentence.endswith("。")
    if field is not None:
        assert isinstance(caught.value, NotPossible)
        assert caught.value.field == field


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back, so that one database serves many stories."""
    with proxy.atomic() as transaction:
        yield
        transaction.rollback()


def last(number: str = FIRST) -> Entry:
    return entries(number)[-1]


def stands(number: str = FIRST) -> tuple[str, int, str | None]:
    found = issue(number)
    return found.step, found.round_no, found.severity_class


def leads(number: str = FIRST) -> list[tuple[str, int | None, str]]:
    rows = Assignment.select().where(Assignment.issue == issue(number), Assignment.is_current)
    return [(row.part, row.account_id, row.organization_id) for row in rows.order_by(Assignment.id)]


def assert_all_is_whole() -> None:
    """The histories lead to where everything stands, the sums are a recount's, and it is sealed."""
    assert queries.broken_histories() == []
    assert queries.sums_hold()
    assert queries.other_deadlines(CIRCLE) == []
    assert list(queries.broken_chains(())) == []

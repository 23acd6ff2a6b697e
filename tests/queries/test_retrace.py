"""The histories of all issues are looked through together."""

from importlib import import_module

import pytest

from forms_app import queries
from forms_app.store.models import Issue
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("house")


def test_histories_are_read_some_hundreds_at_once() -> None:
    many = Issue.select().count()
    with statements() as asked:
        assert queries.broken_histories() == []
    # Two for them all, one that finds no more, and a few for what went on under another number.
    assert len(asked) < many / 5


@pytest.mark.parametrize("at_once", [1, 7])
def test_none_is_left_out_where_one_reading_ends_and_the_next_begins(
    monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    # The package has a function of the module's name.
    monkeypatch.setattr(import_module("forms_app.queries.retrace"), "_AT_ONCE", at_once)
    assert queries.broken_histories() == []
    numbers = [issue.number for issue in Issue.select().order_by(Issue.id)]
    Issue.update(round_no=Issue.round_no + 1).execute()
    assert queries.broken_histories() == numbers

"""Whatever anybody does in whatever order: the history leads to where every issue stands."""

import peewee
import pytest

from forms_app.store.database import proxy
from tests.support.history import run_histories
from tests.support.seed import Seed


@pytest.mark.slow
def test_every_history_is_whole_after_any_sequence_of_moves(
    database: peewee.Database, seeded: Seed
) -> None:
    """A sample; `scripts/bench histories` runs two hundred sequences of thirty steps."""
    made = run_histories(database, seeded, sequences=10, steps=30)
    assert made
    assert not proxy.in_transaction()

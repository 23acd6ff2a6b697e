"""A seeded sample of posts at the same moment; the full size is `scripts/bench --attack races`."""

from collections import Counter

import pytest

from forms_app import queries
from tests.support.races import Track
from tests.support.web import House

pytestmark = pytest.mark.slow

SEED = 3
NUMBER = 60


def test_whatever_is_pressed_at_once_is_answered_and_leaves_whole_histories(house: House) -> None:
    track, kinds, went_through = Track(house, SEED), Counter[str](), 0
    for race in track.races(NUMBER):
        assert race.wrong == "", race
        kinds[race.kind] += 1
        went_through += 303 in race.statuses
    assert len(kinds) == 6
    assert went_through > NUMBER / 3
    assert queries.broken_histories() == []
    assert queries.sums_hold()

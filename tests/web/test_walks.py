"""People who press whatever they find: a sample. In full it is `scripts/bench --attack walks`."""

import pytest

from forms_app import queries
from tests.support.walks import Walk
from tests.support.web import House

pytestmark = pytest.mark.slow

STEPS = 120


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_opened_and_pressed_is_answered(house: House, seed: int) -> None:
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    walk = Walk(house, seed)
    walk.steps(STEPS)
    assert walk.wrong == []
    assert len(+walk.pressed) > 10, walk.pressed
    assert queries.broken_histories() == []
    assert queries.sums_hold()

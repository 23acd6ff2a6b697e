"""The parts of the bench of faults, small: what it promises at full size is promised each time."""

import pytest

from scripts.benchmarks import faults
from scripts.benchmarks.promised import NotTried
from tests.conftest import missing

# What `reloads` does is tried in test_keeper, what `alerts` does in commands/test_tick, and
# `damages` runs tests; how many seconds it takes only the bench says.
SMALL = sorted(set(faults.PARTS) - {"reloads", "alerts", "damages"})


@pytest.mark.slow
@pytest.mark.parametrize("part", SMALL)
def test_nothing_is_lost_and_nothing_comes_twice(part: str) -> None:
    try:
        faults.run(part, is_small=True)
    except NotTried as reason:
        missing(str(reason))

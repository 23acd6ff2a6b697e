"""Two hundred ways of thirty steps through the app: whoever there is presses whatever there is."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from forms_app import community, queries
from tests.support.running import ROOT
from tests.support.walks import Walk
from tests.support.web import house_at, sample_house

WAYS, STEPS = 200, 30
WAYS_A_HOUSE = 10  # one after another: the later ones find what the earlier ones left


def attack(folder: Path, say: Callable[..., None], ways: int = WAYS, seed: int = 11) -> int:
    """How many answers were stumbles, and histories not whole; each is said, and the sum of all."""
    statuses, pressed, failed = Counter[int](), Counter[str](), 0
    for first in range(seed, seed + ways, WAYS_A_HOUSE):
        data = folder / str(first) / "data"
        shutil.copytree(ROOT / "data" / "community", data / "community")
        circle = community.load(data / "community")
        sample_house(data, circle)
        house = house_at(data, circle, folder / "build")
        house.app.config["PROPAGATE_EXCEPTIONS"] = False
        for way in range(first, first + WAYS_A_HOUSE):
            walk = Walk(house, way)
            walk.steps(STEPS)
            statuses, pressed = statuses + walk.statuses, pressed + walk.pressed
            failed += len(walk.wrong)
            for wrong in walk.wrong:
                say("failed", seed=way, what=wrong)
        broken, holds = queries.broken_histories(), queries.sums_hold()
        if broken or not holds:
            failed += 1
            say("failed", seed=first, broken_histories=len(broken), sums_hold=holds)
    say("walks", ways=ways, steps=STEPS, failed=failed, statuses=statuses,
        kinds_of_what_was_taken=len(pressed))  # fmt: skip
    return failed

"""A thousand pairs of posts at the same moment: two threads in an app over its own database."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from forms_app import community, queries
from tests.support.races import Track
from tests.support.running import ROOT
from tests.support.web import house_at, sample_house

NUMBER = 1000
SEED = 11


def attack(folder: Path, say: Callable[..., None], number: int = NUMBER, seed: int = SEED) -> int:
    """How many came out wrong; each, and the sum of all, is said."""
    data = folder / "data"
    shutil.copytree(ROOT / "data" / "community", data / "community")
    circle = community.load(data / "community")
    sample_house(data, circle)
    track = Track(house_at(data, circle, folder / "build"), seed)
    track.house.app.config["PROPAGATE_EXCEPTIONS"] = False
    kinds, statuses, failed = Counter[str](), Counter[str](), 0
    for race in track.races(number):
        kinds[race.kind] += 1
        statuses[" ".join(map(str, sorted(race.statuses)))] += 1
        if race.wrong:
            failed += 1
            say("failed", why=race.wrong, kind=race.kind, pressed=race.pressed,
                statuses=race.statuses)  # fmt: skip
    broken = len(queries.broken_histories())
    is_whole = queries.sums_hold()
    say("races", number=number, failed=failed, kinds=kinds, statuses=statuses,
        broken_histories=broken, sums_hold=is_whole)  # fmt: skip
    return failed + broken + (not is_whole)

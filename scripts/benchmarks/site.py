"""The site of a large circle: 200 estates, 300 venues and 2,000 occurrences, and five times that.

Seconds and megabytes are those of this run and this machine; the ratio is what holds elsewhere.
"""

import gzip
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from forms_app.publishing.publish import publish
from forms_app.rules.worktime import local_day
from forms_app.settings import Settings
from scripts.benchmarks.circle import write_circle

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("site", "forms_app", "mkdocs.yml", "requirements.lock")
ESTATES, VENUES, OCCURRENCES = 200, 300, 2000
TIMES = 5


def measure_site(folder: Path, say: Callable[..., None]) -> None:
    """Says what publishing costs at both sizes, and what a page of near me weighs."""
    spent = {times: _build(folder / str(times), times, say) for times in (1, TIMES)}
    say(
        f"site of {TIMES} times as much to that of {ESTATES} estates",
        seconds_ratio=round(spent[TIMES] / spent[1], 2),
    )


def _build(folder: Path, times: int, say: Callable[..., None]) -> float:
    now = datetime.now(UTC)
    sizes = (ESTATES * times, VENUES * times, OCCURRENCES * times)
    folder.mkdir(parents=True)
    write_circle(
        ROOT / "data" / "community",
        folder / "data" / "community",
        *sizes,
        local_day(now),
    )
    for part in PARTS:
        (folder / part).symlink_to(ROOT / part)
    began = time.monotonic()
    published = publish(Settings.from_environment({"CIRCLE_DATA": "data"}, folder), None, now=now)
    seconds = time.monotonic() - began
    page = (folder / "build" / "site" / "near" / "e0" / "index.html").read_bytes()
    say(
        "site of {} estates, {} venues and {} occurrences".format(*sizes),
        pages=published.pages,
        seconds=round(seconds, 1),
        # The largest child so far: the smaller build comes first.
        build_peak_mb=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        near_page_gzipped_bytes=len(gzip.compress(page)),
    )
    return seconds

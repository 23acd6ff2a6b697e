"""Where the makers' arguments come from: folders and environment variables.

The only file of this package that reads anything; it knows no generator either.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from forms_app.community import Circle, Door, Streets, door_content, load, read_streets
from forms_app.rules.merkle import Root, read_roots
from forms_app.rules.worktime import CHINA
from pages.figures import Tallies


@dataclass(frozen=True)
class Sources:
    circle: Circle
    tallies: Tallies | None
    today: date
    public_url: str
    streets: Callable[[str], Streets | None]  # by estate
    ledger: bytes | None  # of the coverage; None before anything was counted
    roots: tuple[Root, ...]  # of the log's months
    doors: Callable[[Door], bytes]  # a venue's picture


def read(environ: Mapping[str, str], root: Path) -> Sources:
    """What `make` needs, from CIRCLE_DATA (else the sample), CIRCLE_PUBLIC_URL and SITE_TODAY
    (YYYY-MM-DD).

    Raises DataRefused with everything that is wrong with the community's data.
    """
    data = root / environ.get("CIRCLE_DATA", "data")
    today = environ.get("SITE_TODAY")
    return Sources(
        circle=load(data / "community"),
        tallies=_tallies(data / "published" / "tallies.json"),
        today=date.fromisoformat(today) if today else datetime.now(CHINA).date(),
        public_url=environ.get("CIRCLE_PUBLIC_URL", "").rstrip("/"),
        streets=partial(read_streets, data / "community"),
        ledger=_bytes(data / "published" / "coverage.csv"),
        roots=_roots(data / "published" / "log.json"),
        doors=partial(door_content, data / "community"),
    )


def _tallies(file: Path) -> Tallies | None:
    """What was published last; None too where that still counted all verdicts alike."""
    if not file.exists():
        return None
    tallies: Tallies = json.loads(file.read_text(encoding="utf-8"))
    return tallies if "verdicts" in tallies else None


def _roots(file: Path) -> tuple[Root, ...]:
    """None where the file cannot be read: the command that publishes says so."""
    try:
        return read_roots(_bytes(file) or b"[]")
    except ValueError:
        return ()


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None

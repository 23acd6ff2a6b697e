"""Where the makers' arguments come from: folders and environment variables.

The only file of this package that reads anything; it knows no generator either.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from forms_app.community import Circle, Door, Streets, door_content, load, read_streets
from forms_app.rules.merkle import Root, read_roots
from forms_app.rules.worktime import CHINA
from pages.done import Note
from pages.figures import Tallies
from pages.funds import Money, money_of


class Sources(Struct, frozen=True):
    circle: Circle
    tallies: Tallies | None
    today: date
    public_url: str
    streets: Callable[[str], Streets | None]  # by estate
    ledger: bytes | None  # of the coverage; None before anything was counted
    roots: tuple[Root, ...]  # of the log's months
    notes: tuple[Note, ...]  # what is told of closed issues
    photos: Mapping[str, bytes]  # beside them, by name
    doors: Callable[[Door], bytes]  # a venue's picture
    money: Money  # what is told of the funds and of meetings


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
        notes=_notes(data / "published" / "notes.json"),
        photos={one.name: one.read_bytes() for one in (data / "published" / "notes").glob("*.jpg")},
        doors=partial(door_content, data / "community"),
        money=_money(data / "published" / "money.json"),
    )


def _tallies(file: Path) -> Tallies | None:
    """What was published last; None too where that still counted all verdicts alike."""
    if not file.exists():
        return None
    tallies: Tallies = json.loads(file.read_text(encoding="utf-8"))
    # As an earlier version wrote them, they told from one day to the next what one issue was.
    return tallies if "finished" in tallies.get("totals", {}) else None


def _roots(file: Path) -> tuple[Root, ...]:
    """No roots where the file cannot be read: the command that publishes says so."""
    try:
        return read_roots(_bytes(file) or b"[]")
    except ValueError:
        return ()


def _notes(file: Path) -> tuple[Note, ...]:
    """No notes where nothing was told yet, or somebody edited the file."""
    try:
        return tuple(Note(**one) for one in json.loads(_bytes(file) or b"[]"))
    except (ValueError, TypeError):
        return ()


def _money(file: Path) -> Money:
    """Nothing where nothing was told yet, or somebody edited the file."""
    try:
        return money_of(_bytes(file) or b'{"books": [], "meetings": []}')
    except (ValueError, TypeError, KeyError):
        return Money()


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None

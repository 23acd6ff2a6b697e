"""Which red lines administrators were told of, and how many there were at the last look of whoever
looks by itself: a small file beside the data.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from forms_app.files.durable import keep_note
from forms_app.files.locks import holding

NAME = "doctor.json"


class Last(Struct, frozen=True):
    """When it was, how many lines were red, and the names of those that were told of."""

    at: datetime
    red: int
    told: frozenset[str]


@contextmanager
def telling(private: Path) -> Iterator[frozenset[str]]:
    """The names of the lines that were told of and have been red since; alone until the block ends.

    Raises Locked.
    """
    with holding(private / "doctor.lock"):
        before = last(private)
        yield frozenset() if before is None else before.told


def keep(private: Path, look: Last) -> None:
    """Keeps what came of a look. Raises OSError."""
    content = {"at": look.at.isoformat(), "red": look.red, "told": sorted(look.told)}
    keep_note(private / NAME, json.dumps(content).encode())


def last(private: Path) -> Last | None:
    """None before the first look, or where the file tells nothing whole."""
    try:
        kept = json.loads((private / NAME).read_text(encoding="utf-8"))
        return Last(
            datetime.fromisoformat(kept["at"]), int(kept["red"]), frozenset(map(str, kept["told"]))
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None

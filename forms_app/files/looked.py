"""When somebody last looked whether anything is due: the time of an empty file beside the data.

Whoever is in another process reads it there.
"""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

NAME = "looked_at"


def note_look(private: Path) -> None:
    """Somebody has just looked. A disk that takes nothing any more is told elsewhere."""
    with suppress(OSError):
        (private / NAME).touch(0o600)


def last_look(private: Path) -> datetime | None:
    """None where nobody ever did."""
    try:
        return datetime.fromtimestamp((private / NAME).stat().st_mtime, UTC)
    except OSError:
        return None

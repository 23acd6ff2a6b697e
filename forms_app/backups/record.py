"""How the last backup of each place went: a small file beside the data, for the administrator."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from forms_app.files.durable import keep_note

NAME = "backups.json"
LATE_AFTER = timedelta(days=2)


class Outcome(Struct, frozen=True):
    """What became of the last try at one place, and when one was last proved whole there."""

    tried_at: datetime
    said: str  # the sentence of its failure, "" for none
    verified_at: datetime | None
    name: str  # of the folder that was verified then

    def is_late(self, now: datetime) -> bool:
        """Whether the last one that was proved is too old; a clock set back counts as well."""
        return self.verified_at is None or not abs(now - self.verified_at) <= LATE_AFTER


NEVER = Outcome(datetime.min.replace(tzinfo=UTC), "", None, "")


def read(private: Path) -> Mapping[str, Outcome]:
    """By place; empty before the first try, or where the file tells nothing whole."""
    try:
        kept = json.loads((private / NAME).read_text(encoding="utf-8"))
        return {str(place): _outcome(one) for place, one in kept.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def note(private: Path, place: str, outcome: Outcome) -> None:
    """Keeps what became of this try. Raises OSError."""
    kept = {**read(private), place: outcome}
    content = {
        name: {key: _written(value) for key, value in asdict(one).items()}
        for name, one in kept.items()
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    keep_note(private / NAME, text.encode())


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _outcome(kept: Mapping[str, str | None]) -> Outcome:
    tried_at = datetime.fromisoformat(str(kept["tried_at"]))
    verified = kept["verified_at"]
    verified_at = None if verified is None else datetime.fromisoformat(verified)
    if any(one is not None and one.tzinfo is None for one in (tried_at, verified_at)):
        raise ValueError("a time without a zone")
    return Outcome(tried_at, str(kept["said"]), verified_at, str(kept["name"]))

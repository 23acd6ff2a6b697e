"""For which day the night's work was done, and what of it was not: a small file beside the data.

The server writes it; whoever looks what ails an office reads it.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct, field

from forms_app.files.durable import keep_note

NAME = "nightly"


class Night(Struct, frozen=True):
    """`undone`: by command, the first line of what it said when it was last tried."""

    day: date
    undone: Mapping[str, str] = field(default_factory=dict)


def last_night(private: Path) -> Night | None:
    """None before the first one, or where the file tells nothing whole."""
    try:
        text = (private / NAME).read_text(encoding="utf-8").strip()
        if not text.startswith("{"):  # of a version that kept the day alone
            return Night(date.fromisoformat(text))
        kept = json.loads(text)
        undone = {str(command): str(said) for command, said in kept["undone"].items()}
        return Night(date.fromisoformat(kept["day"]), undone)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def keep_night(private: Path, night: Night) -> None:
    """Raises OSError."""
    content = {"day": night.day.isoformat(), "undone": dict(night.undone)}
    keep_note(private / NAME, json.dumps(content, ensure_ascii=False).encode())

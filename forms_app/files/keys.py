"""Keys of what lies on disk: nobody guesses one, and none leads out of its folder."""

import re
import secrets

_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


def fresh_key() -> str:
    """A new one: 128 random bits in 22 letters, digits and signs that a file name may have."""
    return secrets.token_urlsafe(16)


def is_key(text: str) -> bool:
    """Whether it may be one; whatever else comes from outside is never part of a path."""
    return _KEY.fullmatch(text) is not None

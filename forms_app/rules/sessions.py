"""How long a member of staff stays signed in, and what their browser holds: nothing but a key."""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    DESK = "desk"
    WALL = "wall"  # shows the wall and nothing else


LENGTH = {Kind.DESK: timedelta(hours=12), Kind.WALL: timedelta(days=30)}

# What a browser says of itself, and how people call it; of several the first.
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "HarmonyOS": "鸿蒙手机",
    "Android": "安卓手机",
    "Windows": "Windows电脑",
    "Macintosh": "苹果电脑",
    "Linux": "Linux电脑",
}
_PROGRAMS = {
    "MicroMessenger": "微信",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}


def new_key() -> str:
    """A key of 192 random bits."""
    return secrets.token_urlsafe(24)


def hash_of(key: str) -> str:
    """What is kept of a key: it is random, so that nobody finds it by trying."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def browser_words(user_agent: str) -> str:
    """How a list of sessions calls a browser, as 安卓手机 微信; "" for one of no known kind."""
    found = (
        next((words for part, words in known.items() if part in user_agent), "")
        for known in (_SYSTEMS, _PROGRAMS)
    )
    return " ".join(filter(None, found))

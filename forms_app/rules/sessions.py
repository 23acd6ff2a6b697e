"""How long a member of staff stays signed in, at most and without doing anything, and a ticket
open; a browser holds a key, no more.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    DESK = "desk"
    WALL = "wall"  # shows the wall and nothing else
    HALF = "half"  # the password was right; the second factor is still to come


class Wants(StrEnum):
    """What somebody has still to do before their session opens anything."""

    CODE = "code"  # of their second factor
    FACTOR = "factor"  # to set up a second factor: their role needs one
    OWN = "own"  # a password of their own: theirs was given by an administrator


LENGTH = {
    Kind.DESK: timedelta(hours=12),
    Kind.WALL: timedelta(days=30),
    Kind.HALF: timedelta(minutes=15),
}
# How long without anything that somebody did. What an open page asks for by itself is nothing.
IDLE = {
    Kind.DESK: timedelta(hours=2),
    Kind.WALL: LENGTH[Kind.WALL],  # nobody touches it
    Kind.HALF: LENGTH[Kind.HALF],
}
ACTIVE_EVERY = timedelta(minutes=5)  # so exactly is it kept when somebody did something last
PRESSED_TWICE = timedelta(seconds=30)
TICKET_LENGTH = timedelta(days=30)
LONGEST_PAUSE = timedelta(minutes=15)  # after very many wrong tries
# So far may clocks be apart; what lies further ahead was written before one was set back.
AHEAD = timedelta(minutes=10)
TICKETS_HELD = 20  # open in one browser: the newest

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


def is_pause(until: datetime, now: datetime) -> bool:
    """Whether a pause until then goes on. One that is longer than any that is given was given
    before the clock was set back, and is over.
    """
    return now < until <= now + LONGEST_PAUSE + AHEAD


def new_key() -> str:
    """A key of 192 random bits."""
    return secrets.token_urlsafe(24)


def key_after(server_key: str, key: str, secret: str) -> str:
    """The key of a browser that held this one and has now shown a ticket's secret.

    Another one, so that a copy of the former opens nothing of what comes; the same for a button
    pressed twice, so that neither answer loses what the other gave.
    """
    if not key:
        return new_key()
    told = f"browser:{key}:{secret}".encode("utf-8", "replace")
    return hmac.digest(server_key.encode(), told, "sha256").hex()[:48]


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

"""What hits many at once (突发事件): its kinds, what is done with one, and whom it may hit.

It knows no rows: whoever asks, hands in the few facts.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

# What people call it. The last is told by its own words alone, and may run more than once.
OTHER = "other"
KINDS: Mapping[str, str] = {
    "water": "停水",
    "power": "停电",
    "gas": "停燃气",
    "heating": "停暖",
    "network": "断网",
    "typhoon": "台风",
    "rainstorm": "暴雨积水",
    "snow": "冰雪",
    "quake": "地震",
    "fire": "火情",
    "road": "道路塌陷、封路",
    "epidemic": "传染病防控",
    OTHER: "其他",
}
TITLE_LETTERS, TOLD_LETTERS = 40, 300  # a banner is read at a glance


class Main(StrEnum):
    """Whose an incident's main issue is: a resident's, or the office's own, without a resident."""

    REPORTED = "reported"
    OFFICE = "office"


class Event(StrEnum):
    """What the office did with an incident."""

    OPENED = "opened"
    TOLD = "told"
    ENDED = "ended"
    AGAIN = "again"


EVENT_LABELS: Mapping[Event, str] = {
    Event.OPENED: "开启",
    Event.TOLD: "更新",
    Event.ENDED: "结束",
    Event.AGAIN: "重新开启",
}


def estates_of(written: str) -> tuple[str, ...]:
    """The ids of the estates that a row names."""
    return tuple(written.split())


def hits(estate_ids: Collection[str], estate_id: str) -> bool:
    """Whether what hits these estates may hit somebody there; who names none, may live in one."""
    return not estate_ids or not estate_id or estate_id in estate_ids

"""Residents' meetings (居民议事): what is kept of one, and what of it may be told. PURE."""

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from forms_app.rules.dates import full_date

# Who came, as numbers: nobody stands in a record by name.
ATTENDED: Mapping[str, str] = {
    "residents": "居民",
    "delegates": "居民代表、楼栋长",
    "owners": "业主委员会",
    "property": "物业",
    "community": "社区工作人员、网格员",
    "offices": "街道、部门",
    "others": "其他",
}
AGREED, REFUSED, LATER = "agreed", "refused", "later"
OUTCOMES: Mapping[str, str] = {AGREED: "同意", REFUSED: "不同意", LATER: "再议"}
ITEMS = 6  # on a sheet, and so on the screen
MOST_PEOPLE = 9999
PLACE_LETTERS, TOPIC_LETTERS, DECISION_LETTERS, RESULT_LETTERS = 40, 60, 200, 200
REASON_LETTERS, TOLD_LETTERS = 100, 100
# Fewer opinions than these, and somebody's could be told from the share.
FEWEST_RATED = 10


class Event(StrEnum):
    OPENED = "opened"
    CHANGED = "changed"
    CLOSED = "closed"
    CORRECTED = "corrected"
    TOLD = "told"
    UNTOLD = "untold"


EVENT_LABELS: Mapping[Event, str] = {
    Event.OPENED: "记下",
    Event.CHANGED: "补记",
    Event.CLOSED: "结束",
    Event.CORRECTED: "更正",
    Event.TOLD: "审核，公示",
    Event.UNTOLD: "撤下公示",
}


def written(state: Mapping[str, object]) -> str:
    """A record, or a part of it, as it is kept: the same state is the same text."""
    return json.dumps(state, ensure_ascii=False, sort_keys=True)


def counts_of(text: str) -> dict[str, int]:
    """How many of each, as `attended` and `rated` keep it."""
    return {str(name): int(number) for name, number in json.loads(text).items()}


def satisfied_tenths(rated: Mapping[str, int], satisfied_levels: frozenset[int]) -> int | None:
    """How many of ten were satisfied, rounded; None of so few that it would tell of somebody."""
    count = sum(rated.values())
    if count < FEWEST_RATED:
        return None
    satisfied = sum(number for level, number in rated.items() if int(level) in satisfied_levels)
    return (20 * satisfied + count) // (2 * count)


def decided_at(held_on: str, place: int) -> str:
    """Where something was decided, as the book of the funds says it."""
    return f"{full_date(date.fromisoformat(held_on))}居民议事会第{place}项"

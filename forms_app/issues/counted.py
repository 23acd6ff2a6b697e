"""What counts of an issue and of what happened to it: the columns that the sums are made of."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from forms_app.rules.worktime import CHINA

# Of what is counted, and by what: ("received", "jingui"), ("own verdict", "2026-11 5").
Sums: TypeAlias = Counter[tuple[str, str]]


class Standing(NamedTuple):
    """What counts of an issue itself; times as the database keeps them, which sort."""

    id: int
    received_at: str
    community_id: str
    category: str
    step: str


class CountedEntry(NamedTuple):
    """What counts of an entry."""

    id: int
    made_at: str
    actor_role: str
    move: str
    round_no: int
    to_round: int
    from_step: str | None
    to_step: str
    is_opinion: bool
    opinion_due_at: str | None
    asked_at: str | None
    asked_how: str
    satisfaction: int | None
    severity_class: str | None
    urgency: int | None
    due_at: str | None
    organization_id: str
    duty: str = ""  # of worktime.Duty, where a clock of the first answer begins; "": not kept
    is_passed_on: bool = False  # its resident took it back, and the work goes on in another issue


# By the entry with which an issue took over: what was done before, under other numbers.
Taken: TypeAlias = Mapping[int, Sequence[CountedEntry]]


class Call(NamedTuple):
    """What counts of one organisation called by a summons."""

    entry_id: int
    organization_id: str
    reply_by: str


def month_of(moment: str) -> str:
    """The month in China of a time as the database keeps it: "2026-11"."""
    return _month_of_hour(moment[:13])


@lru_cache(100_000)  # hours of ten years
def _month_of_hour(hour: str) -> str:
    return f"{datetime.fromisoformat(f'{hour}:00:00+00:00').astimezone(CHINA):%Y-%m}"

"""Residents' meetings as their pages show them, and what the site tells of them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from forms_app.issues.access import Actor
from forms_app.issues.fund_sums import sums_by_item
from forms_app.issues.meetings import meetings_seen
from forms_app.queries.facts import columns
from forms_app.rules.funds import PLANNED, SPENT
from forms_app.rules.meetings import AGREED, counts_of
from forms_app.store.meetings import Meeting, MeetingEntry, MeetingItem

LISTED = 100  # meetings, the newest
OFFERED = 30  # items that may be paid for, the newest
SHOWN = 60  # meetings that the site tells of, the newest


class MeetingFacts(Struct, frozen=True):
    """A record as it stands."""

    id: int
    version: int
    community_id: str
    held_on: str
    place: str
    attended: Mapping[str, int]  # of meetings.ATTENDED
    rated: Mapping[str, int]  # by level, "1" to "5"
    closed_at: datetime | None
    public: str
    public_at: datetime | None


class MeetingItemFacts(Struct, frozen=True):
    """One item of an agenda, and what the book of the funds says of it."""

    id: int
    place: int
    topic: str
    about: str
    outcome: str
    decision: str
    cost_fen: int
    result: str
    planned_fen: int = 0
    spent_fen: int = 0


class MeetingWords(Struct, frozen=True):
    """An entry of the history, with what it changed: what (place and name, or name), from, to."""

    made_at: datetime
    actor_name: str
    event: str  # of meetings.Event
    reason: str
    changed: tuple[tuple[int, str, Any, Any], ...]  # item's place or 0, name, was, is


class MeetingPage(Struct, frozen=True):
    meeting: MeetingFacts
    items: tuple[MeetingItemFacts, ...]
    words: tuple[MeetingWords, ...]  # oldest first
    told: Mapping[int, str]  # what the site says of each item; empty where it tells of none
    is_told_as_it_stands: bool  # nothing was corrected since it was reviewed


class ListedMeeting(Struct, frozen=True):
    meeting: MeetingFacts
    topics: tuple[str, ...]


def meetings_of(actor: Actor) -> tuple[ListedMeeting, ...]:
    """The newest meetings that are the actor's to read, newest first."""
    rows = (
        Meeting.select(*columns(MeetingFacts, Meeting))
        .where(meetings_seen(actor, Meeting.community_id))
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(LISTED)
    )
    found = [_facts(row) for row in rows.tuples().iterator()]
    topics: dict[int, list[str]] = {one.id: [] for one in found}
    items = MeetingItem.select(MeetingItem.meeting, MeetingItem.topic).where(
        MeetingItem.meeting.in_(list(topics) or [0])
    )
    for meeting_id, topic in items.order_by(MeetingItem.place).tuples().iterator():
        topics[meeting_id].append(topic)
    return tuple(ListedMeeting(one, tuple(topics[one.id])) for one in found)


def meeting_page(actor: Actor, meeting_id: int) -> MeetingPage | None:
    """One record with its history; None where it is not the actor's, or there is none."""
    rows = Meeting.select(*columns(MeetingFacts, Meeting)).where(
        Meeting.id == meeting_id, meetings_seen(actor, Meeting.community_id)
    )
    meeting = next((_facts(row) for row in rows.tuples().iterator()), None)
    if meeting is None:
        return None
    told = json.loads(meeting.public) if meeting.public else {"items": []}
    words = _words(meeting_id)
    return MeetingPage(
        meeting,
        _items(meeting_id),
        words,
        {int(one["place"]): str(one["told"]) for one in told["items"]},
        not words or words[-1].event == "told",
    )


def items_to_pay_for(actor: Actor, community_ids: tuple[str, ...]) -> dict[int, tuple[str, str]]:
    """What these communities' meetings agreed to pay for: day and topic by key, newest first."""
    rows = (
        MeetingItem.select(MeetingItem.id, Meeting.held_on, MeetingItem.topic)
        .join(Meeting)
        .where(
            Meeting.community_id.in_(list(community_ids)),
            meetings_seen(actor, Meeting.community_id),
            MeetingItem.outcome == AGREED,
            MeetingItem.cost_fen > 0,
        )
        .order_by(Meeting.held_on.desc(), MeetingItem.place)
        .limit(OFFERED)
    )
    return {key: (held_on, topic) for key, held_on, topic in rows.tuples().iterator()}


def published_meetings() -> list[dict[str, Any]]:
    """What the site tells, newest first, as it crosses: what was reviewed, and nothing else."""
    rows = (
        Meeting.select(Meeting.community_id, Meeting.public)
        .where(Meeting.public != "")
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(SHOWN)
    )
    return [
        {"community_id": community_id, **json.loads(public)}
        for community_id, public in rows.tuples().iterator()
    ]


def _facts(row: tuple[Any, ...]) -> MeetingFacts:
    given = dict(zip(MeetingFacts.__struct_fields__, row, strict=True))
    for name in ("attended", "rated"):
        given[name] = counts_of(given[name])
    return MeetingFacts(**given)


def _items(meeting_id: int) -> tuple[MeetingItemFacts, ...]:
    rows = (
        MeetingItem.select(*columns(MeetingItemFacts, MeetingItem, "planned_fen", "spent_fen"))
        .where(MeetingItem.meeting == meeting_id)
        .order_by(MeetingItem.place)
    )
    found = [MeetingItemFacts(*row) for row in rows.tuples().iterator()]
    sums = sums_by_item([one.id for one in found])
    none = {PLANNED: 0, SPENT: 0}
    return tuple(
        replace(one, planned_fen=of[PLANNED], spent_fen=of[SPENT])
        for one, of in ((one, sums.get(one.id, none)) for one in found)
    )


def _words(meeting_id: int) -> tuple[MeetingWords, ...]:
    found: list[MeetingWords] = []
    before: dict[tuple[int, str], Any] = {}
    rows = MeetingEntry.select().where(MeetingEntry.meeting == meeting_id)
    for entry in rows.order_by(MeetingEntry.id).iterator():
        state = _flat(json.loads(entry.state))
        changed = tuple(
            (*what, before.get(what, ""), state.get(what, ""))
            for what in sorted({*before, *state})
            if before and state.get(what, "") != before.get(what, "")
        )
        found.append(
            MeetingWords(entry.made_at, entry.actor_name, entry.event, entry.reason, changed)
        )
        before = state
    return tuple(found)


def _flat(state: dict[str, Any]) -> dict[tuple[int, str], Any]:
    """A record's state by item's place (0: of the whole) and name, without what is published."""
    flat = {(0, name): state[name] for name in ("held_on", "place", "is_over")}
    for group in ("attended", "rated"):
        flat |= {(0, f"{group}.{name}"): number for name, number in state[group].items()}
    for place, item in state["items"].items():
        flat |= {(int(place), name): value for name, value in item.items() if value != ""}
    return flat

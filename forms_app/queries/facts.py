"""What a page shows of a row: frozen, and with no way back to the database.

A template that asks one of these for more than it holds fails, instead of asking the database.
"""

from collections.abc import Hashable
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from msgspec import Struct

from forms_app.store.row import Row

F = TypeVar("F")


def facts(kind: type[F], row: Row, **more: object) -> F:
    """What `kind` holds of the row's own columns, by their names, with `more` beside them."""
    # Never through the row's attributes: one that leads to another row would ask for it.
    known: dict[str, object] = row.__data__
    shown: Any = kind
    made: F = shown(**{name: known[name] for name in _names(shown, *more)}, **more)
    return made


@cache
def _names(kind: Hashable, *more: str) -> tuple[str, ...]:
    shown: Any = kind
    return tuple(name for name in shown.__struct_fields__ if name not in more)


def columns(kind: Any, table: type[Row], *more: str) -> list[Any]:
    """The table's columns that `kind` holds, in its order; `more` are not columns of the table.

    Each of a query's rows that selects them, and what stands for `more` behind, is then a `kind`.
    """
    return [getattr(table, name) for name in _names(kind, *more)]


class ListedIssue(Struct, frozen=True):
    """An issue as lists show it: nothing of who reported it."""

    id: int
    number: str
    version: int
    step: str
    round_no: int
    severity_class: str | None
    urgency: int | None
    received_at: datetime
    channel: str
    description: str
    community_id: str
    estate_id: str
    location: str
    category: str
    opinion_due_at: datetime | None
    opined_at: datetime | None
    due_at: datetime | None
    reply_by: datetime | None
    answers_due_at: datetime | None
    ruling_between: str  # move.Between: between whom it is in dispute whose it is
    evaluating_since: datetime | None
    review_on: str  # ISO date
    of_incident: str  # of incidents.Main; "": the main issue of none
    in_burst: bool  # it came among very many at once
    rated: str  # which bad ratings it is of (bad_ratings.matter_of)


class IssueFacts(ListedIssue, frozen=True):
    """An issue as its own page shows it; who reported it is asked for apart (contacts)."""

    nature: str
    service: str  # Service.wanted
    initial_opinion: str
    result: str  # of steps.RESULTS
    passed_at: datetime | None  # when it went to the resident by itself, and no words since
    closed_at: datetime | None
    verdict_by: str
    settled_at: datetime | None
    asked_since: datetime | None
    added_since: datetime | None
    tell_by: str  # of told_by.TellBy
    ring_since: datetime | None  # since when its resident is to be telephoned
    extended_by: str  # the role of the level that put it off last, in this round and class


class EntryFacts(Struct, frozen=True):
    """One move in an issue's history."""

    id: int
    made_at: datetime
    actor_role: str
    actor_name: str
    move: str
    from_step: str | None
    to_step: str
    severity_class: str | None  # after the move
    urgency: int | None
    round_no: int  # it was made in
    note: str
    resident_line: str
    satisfaction: int | None
    asked_at: datetime | None
    asked_how: str
    organization_id: str
    field: str
    old_value: str
    new_value: str
    result: str  # of steps.RESULTS
    told_by: str  # who said it, where a caller wrote it down for a unit
    stood_in_for: str  # the role of the level that had nobody to do it


class PhotoFacts(Struct, frozen=True):
    key: str
    width: int  # pixels
    height: int


class ObjectionFacts(Struct, frozen=True):
    """A unit that says it is not theirs, and on whom nobody has ruled."""

    organization_id: str
    whose: str  # an organisation's or the community's id; "": they cannot say
    made_at: datetime
    note: str


class UrgeFacts(Struct, frozen=True):
    """Somebody was urged and has said nothing since."""

    who: str  # of steps.Part or steps.Role
    organization_id: str  # of a unit or the community; "": a person, an office
    answer_by: datetime
    note: str


class AttachmentFacts(Struct, frozen=True):
    key: str
    name: str
    size: int  # bytes


class SummonsFacts(Struct, frozen=True):
    round_no: int
    severity_class: str
    subject: str
    asked: str
    place: str
    meet_at: datetime | None
    reply_by: datetime
    phone: str  # the caller's own


class PartyFacts(Struct, frozen=True):
    """One unit that was called, and what it answered."""

    id: int
    organization_id: str
    answer: str
    opinion: str
    answered_at: datetime | None
    duty: str
    duty_basis: str
    reply_by: datetime  # as its summons says


class HandlerFacts(Struct, frozen=True):
    """Who leads or assists: a worker by name, or a unit."""

    person: str
    organization_id: str
    has_left: bool  # whether the worker's account was closed


class MeasureFacts(Struct, frozen=True):
    """One line of a joint plan."""

    id: int
    what: str
    lead: str
    assist: str
    due_on: str  # ISO date
    done_at: datetime | None


class AttemptFacts(Struct, frozen=True):
    """One try to reach a resident."""

    tried_on: str  # ISO date
    how: str


class SessionFacts(Struct, frozen=True):
    """Where an account is signed in."""

    id: int
    kind: str
    browser: str
    started_at: datetime
    is_this: bool  # the one that asks


class AccountFacts(Struct, frozen=True):
    """An account as lists of people show it."""

    id: int
    username: str
    display_name: str
    role: str
    community_id: str
    organization_id: str
    subdistrict_id: str
    email: str
    disabled_at: datetime | None

    @property
    def known_as(self) -> str:
        """As people call it, with its username: two may have the same name."""
        return f"{self.display_name}（{self.username}）"

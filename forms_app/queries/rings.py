"""Who must be telephoned with news of their issue: on the board, and what for on the issue's page.

A list says nothing of whom to ring or under which number: that stands on the issue's own page.
"""

from datetime import datetime

from msgspec import Struct
from peewee import Expression, ModelSelect

from forms_app.issues.access import ACTS_AS, COMMUNITY_ROLES, Actor, visible_to
from forms_app.issues.driving import beside
from forms_app.rules.steps import Role
from forms_app.store.models import Issue
from forms_app.store.notices import PhoneDuty
from forms_app.store.prepared import prepared

SHOWN = 20
# They ring up their own community's residents; who stands in for a leader does as well.
RINGERS = COMMUNITY_ROLES


class ToRing(Struct, frozen=True):
    """One duty, as a list shows it."""

    number: str
    community_id: str
    estate_id: str
    event: str  # of told_by.News
    made_at: datetime
    tries: int  # in vain
    tried_at: datetime | None


class ToRings(Struct, frozen=True):
    rows: tuple[ToRing, ...]  # oldest first, at most SHOWN
    is_cut: bool

    def __bool__(self) -> bool:
        return bool(self.rows)


def to_ring(actor: Actor) -> ToRings:
    """Whom this actor, or whoever of their office comes first, must ring."""
    acts = actor.role in (*RINGERS, Role.SUBDISTRICT_LEADER, Role.DISTRICT_OFFICE)
    rows = [ToRing(*row) for row in _to_ring.tuples(actor)] if acts else []
    return ToRings(tuple(rows[:SHOWN]), len(rows) > SHOWN)


def _open_duties() -> "ModelSelect[PhoneDuty]":
    """What a ToRing holds, in its order, of those that have not ended."""
    return (
        PhoneDuty.select(
            Issue.number,
            Issue.community_id,
            Issue.estate_id,
            PhoneDuty.event,
            PhoneDuty.made_at,
            PhoneDuty.tries,
            PhoneDuty.tried_at,
        )
        .join(Issue)
        .where(PhoneDuty.ended_at.is_null())
    )


@prepared
def _to_ring(actor: Actor) -> "ModelSelect[PhoneDuty]":
    return (
        _open_duties()
        .where(Issue.ring_since.is_null(False), _concerns(actor))
        .order_by(Issue.ring_since, Issue.id)
        .limit(SHOWN + 1)
    )


def _concerns(actor: Actor) -> Expression:
    seen = beside(visible_to(actor))
    if actor.role in RINGERS:
        return seen
    stands_in: Expression = seen & beside(ACTS_AS[Role.COMMUNITY_LEADER].where(actor))
    return stands_in


def duty_of(issue_id: int) -> ToRing | None:
    """What the resident of an issue is to be rung for."""
    return next((ToRing(*row) for row in _of.tuples(issue_id)), None)


@prepared
def _of(issue_id: int) -> "ModelSelect[PhoneDuty]":
    return _open_duties().where(PhoneDuty.issue == issue_id).order_by(PhoneDuty.id.desc()).limit(1)

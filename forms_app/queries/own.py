"""What the office holds of whoever reported an issue, for themselves."""

from datetime import datetime

from msgspec import Struct
from peewee import ModelSelect

from forms_app.issues.access import Actor, visible_issue
from forms_app.issues.own_photos import are_residents
from forms_app.queries.contacts import Contacts, LookFacts, contacts_in, looks
from forms_app.rules.procedure import OF_RESIDENTS, names_where
from forms_app.rules.sessions import hash_of
from forms_app.rules.steps import Role
from forms_app.store.models import Entry, Issue, Photo
from forms_app.store.notices import PushSubscription
from forms_app.store.prepared import prepared

_CORRECTING = names_where(lambda move: "new_value" in move.needs)


class OwnWords(Struct, frozen=True):
    """What they wrote or said of it, after the report itself."""

    made_at: datetime
    text: str
    satisfaction: int | None


class OwnPhoto(Struct, frozen=True):
    """A photo that they sent, or staff for them; pixels, bytes."""

    key: str
    width: int
    height: int
    size: int
    made_at: datetime


class OwnBrowser(Struct, frozen=True):
    """A browser in which they asked to be woken, by its address at its push service."""

    endpoint: str
    made_at: datetime


class Own(Struct, frozen=True):
    """All of it; who looked at the contacts, newest first."""

    id: int
    number: str
    received_at: datetime
    community_id: str
    estate_id: str
    location: str
    description: str
    contacts: Contacts
    words: tuple[OwnWords, ...]
    photos: tuple[OwnPhoto, ...]
    browsers: tuple[OwnBrowser, ...]
    looks: tuple[LookFacts, ...]


def own(actor: Actor, number: str) -> Own | None:
    """What is held of the resident who reported this issue; None for anybody else."""
    issue = visible_issue(actor, number) if actor.role is Role.RESIDENT else None
    if issue is None:
        return None
    is_said = (Entry.actor_role == Role.RESIDENT.value) & Entry.move.not_in(_CORRECTING)
    said = Entry.select().where(
        Entry.issue == issue,
        is_said | Entry.move.in_(OF_RESIDENTS),
        (Entry.note != "") | Entry.satisfaction.is_null(False),
    )
    sent = Photo.select().join(Entry).where(Photo.issue == issue, are_residents())
    return Own(
        issue.id,
        issue.number,
        issue.received_at,
        issue.community_id,
        issue.estate_id,
        issue.location,
        issue.description,
        contacts_in(issue),
        tuple(OwnWords(row.made_at, row.note, row.satisfaction) for row in said.order_by(Entry.id)),
        tuple(
            OwnPhoto(row.key, row.width, row.height, row.size, row.made_at)
            for row in sent.order_by(Photo.id)
        ),
        tuple(
            OwnBrowser(row.endpoint, row.made_at)
            for row in PushSubscription.select()
            .where(PushSubscription.issue == issue)
            .order_by(PushSubscription.id)
        ),
        tuple(looks(actor, number)),
    )


def is_woken(number: str, key: str, public_key: str) -> bool:
    """Whether the browser that holds `key` is woken when there is news of this issue; not where it
    asked for it under another public key of ours.
    """
    return bool(list(_woken.tuples(number, hash_of(key), public_key)))


@prepared
def _woken(number: str, key_hash: str, public_key: str) -> "ModelSelect[PushSubscription]":
    return (
        PushSubscription.select(PushSubscription.id)
        .join(Issue)
        .where(
            Issue.number == number,
            PushSubscription.key_hash == key_hash,
            PushSubscription.made_for == public_key,
        )
    )

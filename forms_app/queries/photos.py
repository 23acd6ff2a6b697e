"""Which photos an issue has, and who may look at one."""

from collections.abc import Collection, Iterable, Sequence

from peewee import ModelSelect

from forms_app.issues.access import Actor, visible_issue
from forms_app.queries.facts import PhotoFacts, columns
from forms_app.rules.procedure import OPENING
from forms_app.store.models import Attachment, Entry, Photo
from forms_app.store.prepared import prepared


def photos_of(issue_id: int) -> dict[int, tuple[PhotoFacts, ...]]:
    """The issue's photos by the entry they came with, each in its order."""
    found: dict[int, tuple[PhotoFacts, ...]] = {}
    for entry, *shown in _photos.tuples(issue_id):
        found[entry] = (*found.get(entry, ()), PhotoFacts(*shown))
    return found


@prepared
def _photos(issue_id: int) -> "ModelSelect[Photo]":
    return (
        Photo.select(Photo.entry, *columns(PhotoFacts, Photo))
        .where(Photo.issue == issue_id)
        .order_by(Photo.id)
    )


def pictures_of(issue_ids: Iterable[int]) -> dict[int, tuple[PhotoFacts, ...]]:
    """By issue, what came with the report itself; asked for at once."""
    found: dict[int, tuple[PhotoFacts, ...]] = {}
    for issue_id, *shown in _pictures.tuples(list(issue_ids)):
        found[issue_id] = (*found.get(issue_id, ()), PhotoFacts(*shown))
    return found


@prepared
def _pictures(issue_ids: Sequence[int]) -> "ModelSelect[Photo]":
    return (
        Photo.select(Photo.issue, *columns(PhotoFacts, Photo))
        .join(Entry)
        .where(Photo.issue.in_(issue_ids), Entry.move.in_(OPENING))
        .order_by(Photo.id)
    )


def may_see_photo(actor: Actor, number: str, key: str) -> bool:
    """Whether it is a photo of an issue that the actor may see."""
    issue = visible_issue(actor, number)
    if issue is None:
        return False
    return bool(Photo.select().where(Photo.issue == issue, Photo.key == key).exists())


def kept_keys() -> Collection[str]:
    """The keys of all files that an issue names: photos, and what lies beside notes."""
    return {*photo_keys(), *(row.key for row in Attachment.select(Attachment.key))}


def photo_keys() -> Collection[str]:
    """The keys of all photos that an issue names."""
    return {photo.key for photo in Photo.select(Photo.key)}

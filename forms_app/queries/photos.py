"""Which photos an issue has, and who may look at one."""

from collections.abc import Collection, Iterable

from forms_app.issues.access import Actor, visible_issue
from forms_app.queries.facts import PhotoFacts, facts
from forms_app.store.models import Entry, Photo


def photos_of(issue_id: int) -> dict[int, tuple[PhotoFacts, ...]]:
    """The issue's photos by the entry they came with, each in its order."""
    found: dict[int, tuple[PhotoFacts, ...]] = {}
    for photo in Photo.select().where(Photo.issue == issue_id).order_by(Photo.id):
        entry = int(photo.__data__["entry"])
        found[entry] = (*found.get(entry, ()), facts(PhotoFacts, photo))
    return found


def pictures_of(issue_ids: Iterable[int]) -> dict[int, tuple[PhotoFacts, ...]]:
    """By issue, what came with the report itself; asked for at once."""
    found: dict[int, tuple[PhotoFacts, ...]] = {}
    rows = (
        Photo.select()
        .join(Entry)
        .where(Photo.issue.in_(list(issue_ids)), Entry.move == "submit")
        .order_by(Photo.id)
    )
    for photo in rows:
        issue_id = int(photo.__data__["issue"])
        found[issue_id] = (*found.get(issue_id, ()), facts(PhotoFacts, photo))
    return found


def may_see_photo(actor: Actor, number: str, key: str) -> bool:
    """Whether it is a photo of an issue that the actor may see."""
    issue = visible_issue(actor, number)
    if issue is None:
        return False
    return bool(Photo.select().where(Photo.issue == issue, Photo.key == key).exists())


def photo_keys() -> Collection[str]:
    """The keys of all photos that an issue names."""
    return {photo.key for photo in Photo.select(Photo.key)}

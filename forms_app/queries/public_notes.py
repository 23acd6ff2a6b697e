"""What is told in public of closed issues: for who writes it, for its resident, for the site."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from peewee import JOIN, SQL, ModelSelect

from forms_app.issues.access import Actor, visible_issue, visible_to
from forms_app.issues.driving import beside, exists
from forms_app.issues.public_notes import NOTE_ROLES, REVIEWS, WRITES, is_running, staff_photos
from forms_app.rules.steps import Role, Step
from forms_app.rules.worktime import local_day
from forms_app.store.accounts import Account
from forms_app.store.models import Issue, Photo
from forms_app.store.prepared import prepared
from forms_app.store.public_notes import PublicNote

LISTED = 200  # waiting or published, the newest
COUNTED_WAITING = 100
SHOWN_PUBLISHED = 600  # on the site, the newest


class NoteFacts(Struct, frozen=True):
    """A consent and what the community has made of it, with what its issue says of itself."""

    number: str  # of the issue
    version: int  # of the issue
    community_id: str
    category: str
    of_estate: str  # the issue's own
    received_at: datetime
    closed_at: datetime | None
    consented_at: datetime
    told: str
    estate_id: str  # named in public; "": the community alone
    before_key: str
    after_key: str
    drafted_at: datetime | None
    published_at: datetime | None
    drafted_by: str | None
    reviewed_by: str | None

    @property
    def days(self) -> int:
        """From the day it was reported to the day on which its resident was satisfied."""
        return days_between(self.received_at, self.closed_at or self.received_at)


class NotePage(Struct, frozen=True):
    """A note as whoever writes it sees it."""

    note: NoteFacts
    may_review: bool
    photos: tuple[str, ...]  # keys of those that may stand beside it


class OwnNote(Struct, frozen=True):
    """What a resident sees of the note of their issue."""

    told: str
    estate_id: str
    before_key: str
    after_key: str
    published_at: datetime | None


def days_between(received_at: datetime, closed_at: datetime) -> int:
    """Whole days of the calendar in China."""
    return (local_day(closed_at) - local_day(received_at)).days


def notes_of(actor: Actor) -> tuple[NoteFacts, ...]:
    """The running notes that are an actor's to write or review, newest consent first."""
    if actor.role not in NOTE_ROLES:
        return ()
    return tuple(NoteFacts(*row) for row in _theirs.tuples(actor))


@prepared
def _theirs(actor: Actor) -> "ModelSelect[PublicNote]":
    theirs = visible_to(actor) & WRITES.where(actor)
    return _notes().where(is_running(), beside(theirs)).order_by(PublicNote.id.desc()).limit(LISTED)


def note_page(actor: Actor, number: str) -> NotePage | None:
    """One of them; None where the issue has none now, or it is not theirs."""
    issue = visible_issue(actor, number) if actor.role in NOTE_ROLES else None
    if issue is None or not WRITES.holds(actor, issue):
        return None
    found = next((NoteFacts(*row) for row in _one.tuples(issue.id)), None)
    if found is None or issue.step != Step.CLOSED.value:
        return None
    return NotePage(found, REVIEWS.holds(actor, issue), tuple(staff_photos(issue.id)))


def was_note(actor: Actor, number: str) -> bool:
    """Whether an issue that is the actor's to tell of was agreed to be told at some time."""
    issue = visible_issue(actor, number) if actor.role in NOTE_ROLES else None
    if issue is None or not WRITES.holds(actor, issue):
        return False
    return bool(PublicNote.select().where(PublicNote.issue == issue.id).exists())


def notes_waiting(actor: Actor) -> int:
    """How many wait for an actor, COUNTED_WAITING at most: to be drafted, and, where they review,
    to be reviewed.
    """
    return len(_waiting.tuples(actor)) if actor.role in NOTE_ROLES else 0


@prepared
def _waiting(actor: Actor) -> "ModelSelect[PublicNote]":
    # Begun with the few notes that wait: the database would begin with the community's issues.
    theirs = Issue.select(SQL("1")).where(
        Issue.id == PublicNote.issue, visible_to(actor), WRITES.where(actor)
    )
    waits = is_running() & PublicNote.published_at.is_null()
    if actor.role is Role.WORKER:
        waits &= PublicNote.told == ""
    found = PublicNote.select(PublicNote.id).where(waits, exists(theirs))
    return found.order_by(PublicNote.id.desc()).limit(COUNTED_WAITING)


@prepared
def _one(issue_id: int) -> "ModelSelect[PublicNote]":
    return _notes().where(PublicNote.issue == issue_id, is_running())


def _notes() -> "ModelSelect[PublicNote]":
    writer, reviewer = Account.alias(), Account.alias()
    return (
        PublicNote.select(
            Issue.number, Issue.version, Issue.community_id, Issue.category,
            Issue.estate_id.alias("of_estate"), Issue.received_at, Issue.closed_at,
            PublicNote.consented_at, PublicNote.told, PublicNote.estate_id, PublicNote.before_key,
            PublicNote.after_key, PublicNote.drafted_at, PublicNote.published_at,
            writer.display_name, reviewer.display_name.alias("reviewer"),
        )
        .join(Issue)
        .join(writer, JOIN.LEFT_OUTER, on=(PublicNote.drafted_by == writer.id))
        .join(reviewer, JOIN.LEFT_OUTER, on=(PublicNote.reviewed_by == reviewer.id))
    )  # fmt: skip


def own_note(issue_id: int) -> OwnNote | None:
    """What is told, or may be, of a resident's issue; None where they have not agreed, or took it
    back.
    """
    return next((OwnNote(*row) for row in _own.tuples(issue_id)), None)


@prepared
def _own(issue_id: int) -> "ModelSelect[PublicNote]":
    return PublicNote.select(
        PublicNote.told, PublicNote.estate_id, PublicNote.before_key, PublicNote.after_key,
        PublicNote.published_at,
    ).where(PublicNote.issue == issue_id, is_running())  # fmt: skip


def is_told(number: str) -> bool:
    """Whether the site may tell of this issue just now."""
    rows = PublicNote.select(PublicNote.id).join(Issue).where(Issue.number == number)
    return bool(rows.where(is_running(), PublicNote.published_at.is_null(False)).exists())


def published_notes() -> list[dict[str, Any]]:
    """What the site tells, newest first, as it crosses: nothing else of an issue does.

    Photos are named by their keys here; whoever hands them on gives them other names.
    """
    shown: list[tuple[Any, ...]] = list(_shown.tuples())
    there = _still_there([key for row in shown for key in row[-2:] if key])
    return [
        {
            "community_id": community_id,
            # Corrected since, it is not the one that was reviewed.
            "estate_id": estate_id if estate_id == of_estate else "",
            "category": category,
            "days": days_between(received_at, closed_at),
            "told": told,
            "published_on": local_day(published_at).isoformat(),
            "before": before if before in there else "",
            "after": after if after in there else "",
        }
        for community_id, estate_id, of_estate, category, received_at, closed_at, told,
        published_at, before, after in shown
    ]  # fmt: skip


@prepared
def _shown() -> "ModelSelect[PublicNote]":
    return (
        PublicNote.select(
            Issue.community_id, PublicNote.estate_id, Issue.estate_id.alias("of_estate"),
            Issue.category, Issue.received_at, Issue.closed_at, PublicNote.told,
            PublicNote.published_at, PublicNote.before_key, PublicNote.after_key,
        )
        .join(Issue)
        .where(
            is_running(), PublicNote.published_at.is_null(False), Issue.step == Step.CLOSED.value,
            Issue.closed_at.is_null(False),
        )
        .order_by(PublicNote.published_at.desc(), PublicNote.id.desc())
        .limit(SHOWN_PUBLISHED)
    )  # fmt: skip


def _still_there(keys: Sequence[str]) -> frozenset[str]:
    """Those of the photos whose time is not over."""
    if not keys:
        return frozenset()
    return frozenset(row.key for row in Photo.select(Photo.key).where(Photo.key.in_(list(keys))))

"""What is said to and fro about an issue beside its moves: questions, additions, internal notes."""

from collections.abc import Sequence
from datetime import datetime

from forms_app.casework.errors import NotPossible
from forms_app.casework.photos import attach
from forms_app.casework.sentences import ended
from forms_app.casework.turn import Turn, turn
from forms_app.community import Circle
from forms_app.files.attachments import Kept
from forms_app.files.photos import Taken
from forms_app.issues.access import Actor
from forms_app.rules.procedure import ADDING, ASKING
from forms_app.rules.steps import Role
from forms_app.store.models import Attachment, Entry, Issue

ONLY_PHOTOS = "照片"


def ask(
    circle: Circle, actor: Actor, number: str, version: int | None, question: str, *, now: datetime
) -> Entry:
    """Asks the resident something; no clock stops for it."""
    with turn(circle, actor, number, version, "ask", now) as t:
        t.need(question=question)
        return t.record(
            changes={"asked_since": t.issue.asked_since or now},
            line={"note": ended(question)},
            note=question,
        )


def reply(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    addition: str,
    *,
    photos: Sequence[Taken] = (),
    now: datetime,
) -> Entry:
    """Adds words or photos of the resident's, asked for or not; staff may write them down.

    `version` None, for it contradicts nothing that a colleague does meanwhile.
    """
    with turn(circle, actor, number, version, "reply", now) as t:
        if not addition.strip() and not photos:
            raise NotPossible("addition", "请写一句话，或者放一张照片。")
        entry = add_words(t, addition.strip())
        attach(entry, photos, now)
        return entry


def add_words(t: Turn, addition: str) -> Entry:
    """Writes what the resident adds; within a turn that is open."""
    changes: dict[str, object] = {"asked_since": None}
    if t.actor.role is Role.RESIDENT:
        changes["added_since"] = t.issue.added_since or t.now
    return t.record(changes=changes, line={"note": ended(addition or ONLY_PHOTOS)}, note=addition)


def unanswered_since(issue: Issue) -> datetime | None:
    """When the oldest question was asked in this round that the resident has not answered."""
    entries = Entry.select().where(Entry.issue == issue, Entry.round_no == issue.round_no)
    since: datetime | None = None
    for entry in entries.order_by(Entry.id):
        if entry.move in ADDING:
            since = None
        elif entry.move in ASKING:
            since = since or entry.made_at
    return since


def note(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    note: str,
    *,
    files: Sequence[Kept] = (),
    now: datetime,
) -> Entry:
    """Writes down what only the staff who work on it read: words, or files that are on the disk."""
    with turn(circle, actor, number, version, "note", now) as t:
        if not note.strip() and not files:
            raise NotPossible("note", "请写一下要记什么，或者放一个文件。")
        entry = t.record(note=note)
        for kept in files:
            Attachment.create(
                issue=entry.issue,
                entry=entry,
                key=kept.key,
                name=kept.name,
                size=kept.size,
                made_at=now,
            )
        return entry

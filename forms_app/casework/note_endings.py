"""What is told in public of an issue ends where the issue does not stand closed any more."""

from datetime import datetime

from forms_app.rules.public_notes import NoteEnd
from forms_app.store.models import Issue
from forms_app.store.public_notes import PublicNote

TAKEN_DOWN = "写给大家看的那一段也撤下了。"


def end_note(issue: Issue, now: datetime) -> str:
    """In the transaction of the move by which it is opened again; what its resident is told."""
    note = PublicNote.get_or_none((PublicNote.issue == issue) & PublicNote.ended_at.is_null())
    if note is None:
        return ""
    PublicNote.update(ended_at=now, ended_by=NoteEnd.REOPENED.value).where(
        PublicNote.id == note.id
    ).execute()
    return TAKEN_DOWN if note.published_at is not None else ""

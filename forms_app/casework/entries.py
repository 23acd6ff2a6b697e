"""The entries: each tells of one move, and how the issue stands after it; only ever added."""

from datetime import datetime

from forms_app.casework.once import is_pressed
from forms_app.casework.signed import pressed_by
from forms_app.issues.access import Actor
from forms_app.store.models import Entry, Issue
from forms_app.store.prepared import add
from forms_app.store.sealing import touched


def is_made(issue_id: int, form_key: str) -> bool:
    """Whether the form with this key has already made its move on the issue."""
    return is_pressed(Entry.press, Entry.issue == issue_id, form_key)


def write_entry(
    issue: Issue, actor: Actor, move: str, now: datetime, *, resident_line: str, **entry: object
) -> Entry:
    """Adds one entry that tells how the issue stands after the move."""
    columns = entry_columns(issue, actor, move, now, resident_line=resident_line, **entry)
    touched(Issue, issue.id, now)
    return add(Entry(**columns))


def entry_columns(
    issue: Issue, actor: Actor, move: str, now: datetime, *, resident_line: str, **entry: object
) -> dict[str, object]:
    """The columns of an entry that tells how the issue stands after the move."""
    return {
        "issue": issue,
        **pressed_by(actor, now),
        "move": move,
        "to_step": issue.step,
        "to_round": issue.round_no,
        "severity_class": issue.severity_class,
        "urgency": issue.urgency,
        "due_at": issue.due_at,
        "opinion_due_at": issue.opinion_due_at,
        "resident_line": resident_line,
        **entry,
    }

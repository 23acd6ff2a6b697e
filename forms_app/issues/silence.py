"""The parties that were called and are silent: until when each of them must have answered.

The first of these moments stands on the issue, too, where its clock is read; casework keeps it.
"""

from collections.abc import Sequence
from datetime import datetime

from peewee import ModelSelect

from forms_app.store.models import Issue, Party, Summons
from forms_app.store.prepared import prepared


def answers_due(issue_ids: Sequence[int]) -> dict[int, list[datetime]]:
    """Issue's id → until when each of its silent parties must have answered."""
    found: dict[int, list[datetime]] = {}
    if issue_ids:
        for issue_id, reply_by in _silent.tuples(issue_ids):
            found.setdefault(issue_id, []).append(reply_by)
    return found


@prepared
def _silent(issue_ids: Sequence[int]) -> "ModelSelect[Party]":
    return (
        Party.select(Party.issue, Summons.reply_by)
        .join(Summons)
        .where(Party.issue.in_(issue_ids), Party.is_current, Party.answered_at.is_null())
    )


def first_answer_due(issue: Issue) -> datetime | None:
    """The first of these moments for one issue; None where nobody is silent."""
    return min(answers_due([issue.id]).get(issue.id, ()), default=None)

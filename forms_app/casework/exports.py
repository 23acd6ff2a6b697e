"""The log of what was taken away from the register."""

from datetime import datetime

from forms_app.issues.access import Actor
from forms_app.store.database import writing
from forms_app.store.models import ExportLog


def log_export(
    actor: Actor, filters: str, row_count: int, *, with_contacts: bool, now: datetime
) -> int:
    """Notes an export before it leaves the house; returns the note's key.

    `filters` are in words, `row_count` is the number of issues in it.
    """
    with writing():
        note = ExportLog.create(
            made_at=now,
            account=actor.account_id,
            actor_name=actor.name,
            actor_role=actor.role.value,
            community_id=actor.community_id,
            filters=filters,
            row_count=row_count,
            with_contacts=with_contacts,
        )
    return int(note.id)

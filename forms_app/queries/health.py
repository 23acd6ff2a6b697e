"""Whether the database answers, and whether messages leave it."""

from datetime import datetime

from peewee import fn

from forms_app.store.models import Counter, Notice


def ask() -> None:
    """Reads a little of the database itself; whatever keeps it from answering is raised."""
    Counter.select(Counter.name).limit(1).execute()


def oldest_unsent(now: datetime) -> datetime | None:
    """Since when the message that waits longest could have been sent; None where none waits."""
    due = (Notice.state == "waiting") & (Notice.not_before <= now)
    found: datetime | None = Notice.select(fn.MIN(Notice.not_before)).where(due).scalar()
    return found

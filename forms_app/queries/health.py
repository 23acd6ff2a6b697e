"""Whether the database answers."""

from forms_app.store.models import Counter


def ask() -> None:
    """Reads a little of the database itself; whatever keeps it from answering is raised."""
    Counter.select(Counter.name).limit(1).execute()

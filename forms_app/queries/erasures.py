"""What residents had erased, as far as files hang on it."""

from collections.abc import Collection

from peewee import fn

from forms_app.store.counts import Installation
from forms_app.store.models import Erasure, Issue


def newest_erasure() -> int:
    """The key of the newest; 0 for none."""
    return int(Erasure.select(fn.MAX(Erasure.id)).scalar() or 0)


def installation_code() -> str:
    """Which office's these are; "" before it had a name."""
    row = Installation.select().first()
    return row.code if row is not None else ""


def are_imported(numbers: Collection[str]) -> bool:
    """Whether any of these issues came from a spreadsheet."""
    return bool(Issue.select().where(Issue.number.in_(list(numbers)), Issue.is_imported).exists())

"""What every table's row is made of: instants kept as UTC text, and a salt."""

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from peewee import (
    AutoField,
    Field,
    Model,
)

from forms_app.store.columns import write_quickly
from forms_app.store.database import proxy

if TYPE_CHECKING:
    _InstantBase = Field[datetime]
    _MaybeInstantBase = Field[datetime | None]
else:  # Peewee's fields are generic in its type stubs only
    _InstantBase = _MaybeInstantBase = Field

write_quickly()


def instant_text(moment: datetime) -> str:
    """A moment as the database holds it; in whole seconds. Raises ValueError where it is naive."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone never enters the database")
    return f"{moment.astimezone(UTC).isoformat(timespec='seconds')[:-6]}Z"


def _to_text(value: datetime | None) -> str | None:
    return None if value is None else instant_text(value)


def _to_time(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


class InstantField(_InstantBase):
    """An aware time in whole seconds, kept as UTC text that sorts as time does."""

    field_type = "TEXT"

    def db_value(self, value: datetime | None) -> str | None:
        return _to_text(value)

    def python_value(self, value: str | None) -> datetime | None:
        return _to_time(value)


class MaybeInstantField(_MaybeInstantBase):
    """The same, where there may be none yet."""

    field_type = "TEXT"

    def __init__(self, *, index: bool = False) -> None:
        super().__init__(null=True, index=index)

    def db_value(self, value: datetime | None) -> str | None:
        return _to_text(value)

    def python_value(self, value: str | None) -> datetime | None:
        return _to_time(value)


def new_salt() -> str:
    """What makes a short value that nobody can guess from its hash; 128 bits."""
    return secrets.token_hex(16)


class Row(Model):
    id = AutoField()

    class Meta:
        database = proxy
        legacy_table_names = False

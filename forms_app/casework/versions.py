"""What beside an issue is changed as its maker saw it: two colleagues may press at once."""

from collections.abc import Mapping
from typing import Any

from forms_app.casework.errors import StaleCase


def change_version(row: Any, columns: Mapping[str, object], stale: str | None = None) -> None:
    """Changes a row that has a version, in the table and as it was read; the row keeps the version
    that it was read with. Raises StaleCase, with the sentence `stale`, where it is another by now.
    """
    table, seen = type(row), row.version
    for name, value in columns.items():
        setattr(row, name, value)
    same = (table.id == row.id) & (table.version == seen)
    if table.update({**columns, "version": seen + 1}).where(same).execute() != 1:
        raise StaleCase(stale)

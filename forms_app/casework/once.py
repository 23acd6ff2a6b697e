"""What a form opens, it opens once: pressed again, it finds what it made before."""

from typing import Any


def opened_by(table: Any, key_hash: str) -> int | None:
    """The key of the row that the form with this key has made; None: it has made none.

    Only within the transaction that writes it, so that nobody makes it in between.
    """
    known = table.get_or_none(table.form_key_hash == key_hash)
    return None if known is None else int(known.id)

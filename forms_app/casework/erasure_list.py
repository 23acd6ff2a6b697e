"""What was erased or taken back is kept by its name: an older backup is told of it again."""

import secrets
from collections.abc import Collection
from datetime import datetime

from forms_app.rules.erasures import what_of
from forms_app.store.models import Erasure


def keep_erased(number: str, parts: Collection[str], keys: Collection[str], now: datetime) -> None:
    """One press of an issue's resident: which words of erasures, which photos by key."""
    Erasure.create(
        code=secrets.token_urlsafe(12), number=number, what=what_of(parts, keys), made_at=now
    )

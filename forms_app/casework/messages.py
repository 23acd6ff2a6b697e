"""A message: notices of one recipient that go out as one, and how a notice stands."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from forms_app.store.notices import Notice

LONGEST_WAIT = timedelta(hours=1)  # whatever a busy receiver asks for


class Message(Struct, frozen=True):
    """Notices of one recipient that go out as one; `address` is an e-mail, a telephone, a robot's
    name or the key of a subscription.
    """

    key: str
    kind: str
    address: str
    notices: tuple[Notice, ...]


def change_notices(rows: Sequence[Notice], **columns: object) -> None:
    """Sets these columns of the notices; in a transaction of the caller's."""
    if rows:
        Notice.update(columns).where(Notice.id.in_([row.id for row in rows])).execute()

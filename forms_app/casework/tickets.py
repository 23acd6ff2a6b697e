"""Opening an issue with its ticket, and the server's key without which no ticket opens.

Which key the tickets are kept under stands in the database as a mark of its name: so a lost file is
noticed when the server starts, and not by residents one after another.
"""

from peewee import ModelSelect

from forms_app.rules.keys import CodeKey, key_name
from forms_app.store.database import writing
from forms_app.store.models import Counter, Issue
from forms_app.store.prepared import prepared

_MARK = "code key "


def open_ticket(code_key: CodeKey, number: str, secret: str) -> bool:
    """Whether the secret is that of the issue's ticket.

    One that was hashed as slowly as a password is hashed under the key from now on.
    """
    [(issue_id, kept)] = _kept.tuples(number) or [(None, "")]
    if not code_key.opens(kept, secret):
        return False
    if not key_name(kept):
        with writing():
            Issue.update(ticket_hash=code_key.hashed(secret)).where(
                Issue.id == issue_id, Issue.ticket_hash == kept
            ).execute()
    return True


@prepared
def _kept(number: str) -> "ModelSelect[Issue]":
    return Issue.select(Issue.id, Issue.ticket_hash).where(Issue.number == number)


def is_code_key(code_key: CodeKey) -> bool:
    """Whether this is the key that the tickets are kept under; the first one asked about is."""
    with writing():
        mark = Counter.get_or_none(Counter.name.startswith(_MARK))
        if mark is None:
            Counter.create(name=_MARK + code_key.name, value=0)
            return True
    return bool(mark.name == _MARK + code_key.name)


def forget_codes(code_key: CodeKey) -> None:
    """Goes on with this key: what was kept under another one opens nothing any more."""
    with writing():
        Counter.delete().where(Counter.name.startswith(_MARK)).execute()
        Counter.create(name=_MARK + code_key.name, value=0)

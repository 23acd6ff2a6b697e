"""Which browsers have an issue open because they have shown its ticket.

As with the sessions of staff a browser holds nothing but a key, of which a hash is kept, and what
ended is deleted: when its resident leaves, and for everybody when the ticket is replaced.
"""

from datetime import datetime

from msgspec import Struct
from peewee import ModelDelete

from forms_app.casework.waking import drop_woken
from forms_app.rules.sessions import TICKET_LENGTH, hash_of
from forms_app.store.database import writing
from forms_app.store.models import Issue, OpenTicket
from forms_app.store.notices import PushSubscription
from forms_app.store.prepared import add, prepared

MOST_BROWSERS = 50  # of one issue; beyond them the oldest ends


class Browser(Struct, frozen=True):
    """A browser: the key that it came with, "" for none, and the one that it holds from now on."""

    came_with: str
    key: str


def let_in(browser: Browser, issue_id: int, now: datetime, *, is_new: bool = False) -> None:
    """Opens the issue in a browser, beside what is open there; only within a transaction.

    One that is new is open nowhere yet, and the key that its ticket led to is as new.
    """
    held = hash_of(browser.key)
    former = hash_of(browser.came_with) if browser.came_with else held
    if not is_new:
        _gone.done(issue_id, former, held)
        if former != held:
            there = OpenTicket.select(OpenTicket.issue).where(OpenTicket.key_hash == held)
            OpenTicket.delete().where(
                OpenTicket.key_hash == former, OpenTicket.issue.in_(there)
            ).execute()
    if former != held:
        for held_by_key in (OpenTicket, PushSubscription):
            held_by_key.update(key_hash=held).where(held_by_key.key_hash == former).execute()
    add(OpenTicket(issue=issue_id, key_hash=held, opened_at=now))


@prepared
def _gone(issue_id: int, former: str, held: str) -> ModelDelete:
    """What makes room for one more: what the browser itself had of the issue, and the oldest."""
    others = OpenTicket.select(OpenTicket.id).where(OpenTicket.issue == issue_id)
    newest = others.order_by(OpenTicket.id.desc()).limit(MOST_BROWSERS - 1)
    is_own = (OpenTicket.key_hash == former) | (OpenTicket.key_hash == held)
    return OpenTicket.delete().where(
        (OpenTicket.issue == issue_id) & (is_own | OpenTicket.id.not_in(newest))
    )


def drop_tickets(issue: Issue) -> None:
    """Ends the issue in every browser that has it open, or is woken for it; only within a
    transaction.
    """
    drop_woken(PushSubscription.issue == issue.id)
    OpenTicket.delete().where(OpenTicket.issue == issue.id).execute()


def leave_tickets(key: str) -> None:
    """Ends whatever is open in the browser that holds this key: it is woken no more, either."""
    with writing():
        drop_woken(PushSubscription.key_hash == hash_of(key))
        OpenTicket.delete().where(OpenTicket.key_hash == hash_of(key)).execute()


def erase_open_tickets(*, now: datetime) -> int:
    """Erases what has been open too long to be open still; how many."""
    with writing():
        gone = OpenTicket.delete().where(OpenTicket.opened_at <= now - TICKET_LENGTH)
        return int(gone.execute())

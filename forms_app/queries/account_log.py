"""The log of sign-ins and accounts: an account's own, and the circle's for the administrator."""

from datetime import datetime

from msgspec import Struct
from peewee import ModelSelect

from forms_app.queries.facts import facts
from forms_app.rules.account_events import Event
from forms_app.store.accounts import Account, AccountEvent

SHOWN = 100


class EventFacts(Struct, frozen=True):
    id: int
    event: str
    begun_at: datetime  # the first of `times` within a day
    happened_at: datetime  # the last of them
    times: int
    browser: str  # as a list of sessions calls it
    username: str  # "" for nobody's
    name: str
    by_name: str  # of the administrator who did it from a browser


def own_events(account_id: int) -> list[EventFacts]:
    """The newest of an account."""
    rows = AccountEvent.select().where(AccountEvent.account == account_id)
    found = list(_newest(rows, 1))
    doers = {row.__data__["by"] for row in found} - {None}
    people = Account.select().where(Account.id.in_(doers)) if doers else ()
    return _told(found, {row.id: row for row in people})


def all_events(page: int, username: str = "") -> tuple[list[EventFacts], bool]:
    """A page, from 1, of everybody's or of one account's, the newest first; whether more follow."""
    people = {row.id: row for row in Account.select()}
    rows = AccountEvent.select()
    if username:
        wanted = [key for key, row in people.items() if row.username == username]
        rows = rows.where(AccountEvent.account.in_(wanted))
    found = list(_newest(rows, page))
    return _told(found[:SHOWN], people), len(found) > SHOWN


def was_factor_taken(account_id: int) -> bool:
    """Whether an administrator took the account's second factor away, and it has none since."""
    changes = (Event.FACTOR_SET, Event.FACTOR_OFF, Event.FACTOR_TAKEN)
    last = (
        AccountEvent.select()
        .where(AccountEvent.account == account_id, AccountEvent.event.in_(list(changes)))
        .order_by(AccountEvent.happened_at.desc(), AccountEvent.id.desc())
        .first()
    )
    return last is not None and last.event == Event.FACTOR_TAKEN


def _newest(rows: "ModelSelect[AccountEvent]", page: int) -> "ModelSelect[AccountEvent]":
    order = (AccountEvent.happened_at.desc(), AccountEvent.id.desc())
    return rows.order_by(*order).offset((page - 1) * SHOWN).limit(SHOWN + 1)


def _told(rows: list[AccountEvent], people: dict[int, Account]) -> list[EventFacts]:
    found = []
    for row in rows[:SHOWN]:
        whose = people.get(row.__data__["account"])
        username, name = (whose.username, whose.display_name) if whose else ("", "")
        doer = people.get(row.__data__["by"])
        by_name = doer.display_name if doer else ""
        found.append(facts(EventFacts, row, username=username, name=name, by_name=by_name))
    return found

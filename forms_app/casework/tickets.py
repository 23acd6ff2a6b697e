"""Opening an issue with its ticket, a new one for one that was lost, and the server's key without
which no ticket opens.

Which key the tickets are kept under stands in the database as a mark of its name: so a lost file is
noticed when the server starts, and not by residents one after another.
"""

from datetime import datetime

from peewee import ModelSelect

from forms_app.casework.holding import Browser, drop_tickets, let_in
from forms_app.casework.second_factor import forget_all_factors
from forms_app.casework.turn import turn
from forms_app.community import Circle
from forms_app.issues.access import HANDS, Actor
from forms_app.rules.keys import CodeKey, key_name
from forms_app.rules.procedure import SHOWING_A_TICKET
from forms_app.rules.steps import Role
from forms_app.store.counts import Counter
from forms_app.store.database import writing
from forms_app.store.models import Entry, Issue
from forms_app.store.prepared import prepared
from forms_app.store.sealing import look, touched

_MARK = "code key "


def open_ticket(
    code_key: CodeKey, number: str, secret: str, *, now: datetime, is_hurried: bool = False
) -> bool:
    """Whether the secret is that of the issue's ticket.

    One that was hashed as slowly as a password is hashed under the key from now on; where there
    `is_hurried` no time for that, it does not open.
    """
    [(issue_id, kept)] = _kept.tuples(number) or [(None, "")]
    if not code_key.opens(kept, secret, is_hurried=is_hurried):
        return False
    if not key_name(kept):
        with writing():
            look(Issue(id=issue_id))
            Issue.update(ticket_hash=code_key.hashed(secret)).where(
                Issue.id == issue_id, Issue.ticket_hash == kept
            ).execute()
            touched(Issue, issue_id, now)
    return True


def hold_ticket(
    code_key: CodeKey,
    number: str,
    secret: str,
    browser: Browser,
    *,
    now: datetime,
    is_hurried: bool = False,
) -> bool:
    """Opens the issue in a browser that shows this secret, if it is that of its ticket."""
    if not open_ticket(code_key, number, secret, now=now, is_hurried=is_hurried):
        return False
    with writing():
        # Asked again: it may have been replaced meanwhile.
        [(issue_id, kept)] = _kept.tuples(number)
        is_so = code_key.opens(kept, secret)
        if is_so:
            let_in(browser, issue_id, now)
    return is_so


@prepared
def _kept(number: str) -> "ModelSelect[Issue]":
    return Issue.select(Issue.id, Issue.ticket_hash).where(Issue.number == number)


def reissue(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    identity: str,
    *,
    ticket_hash: str,
    now: datetime,
) -> Entry:
    """Another ticket in the place of one that its resident has lost; the old one opens nothing,
    nor do the browsers that have shown it.

    `identity` says how they were known to be the resident, `ticket_hash` is what is kept of the
    new one's secret (keys.ticket_secret, keys.CodeKey).
    """
    with turn(circle, actor, number, version, "reissue", now) as t:
        t.need(identity=identity)
        drop_tickets(t.issue)
        return t.record(changes={"ticket_hash": ticket_hash}, note=identity)


def shown_to_hands(issue: Issue) -> str:
    """The move by which its present ticket was shown to somebody who has worked on it in this
    round: they wrote the report down, or replaced the ticket; "" where it was not.
    """
    rows = Entry.select().where(Entry.issue == issue.id, Entry.move.in_(SHOWING_A_TICKET))
    last = rows.order_by(Entry.id.desc()).first()
    if last is None or last.__data__["account"] is None:
        return ""
    giver = Actor(Role(last.actor_role), last.actor_name, last.__data__["account"])
    return str(last.move) if HANDS.holds(giver, issue) else ""


def fits_code_key(code_key: CodeKey) -> bool:
    """Whether the tickets are kept under this key, or under none yet; within a transaction, too."""
    mark = Counter.get_or_none(Counter.name.startswith(_MARK))
    return mark is None or bool(mark.name == _MARK + code_key.name)


def is_code_key(code_key: CodeKey) -> bool:
    """Whether this is the key that the tickets are kept under; the first one asked about is."""
    with writing():
        mark = Counter.get_or_none(Counter.name.startswith(_MARK))
        if mark is None:
            Counter.create(name=_MARK + code_key.name, value=0)
            return True
    return bool(mark.name == _MARK + code_key.name)


def forget_codes(code_key: CodeKey, *, now: datetime) -> None:
    """Goes on with this key: what was kept under another one opens nothing any more. So do second
    factors, which are derived with it: they are taken away.
    """
    with writing():
        forget_all_factors(now=now)
        Counter.delete().where(Counter.name.startswith(_MARK)).execute()
        Counter.create(name=_MARK + code_key.name, value=0)

"""Sessions of staff: begun by signing in, kept here, ended by whoever they belong to.

A browser holds nothing but a random key, of which a hash is kept. What ended is deleted, so that a
copy of the key opens nothing any more.
"""

from contextlib import suppress
from datetime import datetime

from forms_app.casework.account_log import log_event
from forms_app.casework.errors import NotPossible
from forms_app.rules.account_events import Event
from forms_app.rules.sessions import IDLE, LENGTH, Kind, hash_of, new_key
from forms_app.store.accounts import Session
from forms_app.store.database import writing
from forms_app.store.faults import DATABASE_ERRORS
from forms_app.store.models import OpenTicket
from forms_app.store.notices import PushSubscription

LOOKS_SECONDS = 0.2  # for what a page need not wait for
MOST = 50  # of one account; beyond them the oldest ends
_BEGUN = {Kind.DESK: Event.SIGNED_IN, Kind.WALL: Event.WALL}


def begin_session(
    account_id: int, *, kind: Kind = Kind.DESK, browser: str = "", now: datetime
) -> str:
    """The key of a new session. `browser` is how its list shall call it."""
    with writing():
        return open_session(account_id, kind, browser, now)


def open_session(account_id: int, kind: Kind, browser: str, now: datetime) -> str:
    """The same; only within a transaction."""
    for one in Kind:
        Session.delete().where(
            Session.kind == one.value,
            (Session.started_at < now - LENGTH[one]) | (Session.active_at < now - IDLE[one]),
        ).execute()
    of_kind = (Session.account == account_id) & (Session.kind == kind.value)
    own = Session.select(Session.id).where(of_kind)
    over = [row.id for row in own.order_by(Session.id.desc()).offset(MOST - 1)]
    Session.delete().where(Session.id.in_(over)).execute()
    key = new_key()
    Session.create(
        account=account_id, key_hash=hash_of(key), kind=kind.value,
        browser=browser, started_at=now, active_at=now,
    )  # fmt: skip
    if kind in _BEGUN:
        log_event(_BEGUN[kind], account_id, now, browser)
    return key


def make_whole(half_key: str, key: str, *, now: datetime) -> None:
    """What was begun by a password and waited for the second factor goes on under another key."""
    with writing():
        half = Session.get_or_none(
            (Session.key_hash == hash_of(half_key)) & (Session.kind == Kind.HALF.value)
        )
        if half is not None:
            Session.update(
                key_hash=hash_of(key), kind=Kind.DESK.value, started_at=now, active_at=now
            ).where(Session.id == half.id).execute()
            log_event(Event.SIGNED_IN, half.__data__["account"], now, half.browser)


def still_active(key: str, *, now: datetime) -> None:
    """Notes that somebody did something in the session of this key.

    Where nothing can be written, as on a full disk, pages are read all the same, and at once.
    """
    with suppress(*DATABASE_ERRORS), writing(LOOKS_SECONDS):
        Session.update(active_at=now).where(Session.key_hash == hash_of(key)).execute()


def end_session(key: str, *, now: datetime) -> None:
    """Ends the session of this key, if there is one."""
    with writing():
        session = Session.get_or_none(Session.key_hash == hash_of(key))
        if session is not None:
            Session.delete().where(Session.id == session.id).execute()
            log_event(Event.SIGNED_OUT, session.__data__["account"], now, session.browser)


def end_own_session(account_id: int, session_id: int, *, now: datetime) -> None:
    """Ends one of the account's sessions. Raises NotPossible where it has none of this id."""
    with writing():
        own = (Session.account == account_id) & (Session.id == session_id)
        if not Session.delete().where(own).execute():
            raise NotPossible("session", "这次登录已经结束了。")
        log_event(Event.ENDED, account_id, now)


def end_every_session() -> None:
    """Signs everybody out and closes every ticket: what has ended since a backup was made is not to
    live again. So no browser is woken any more, until its resident asks again."""
    with writing():
        drop_every_session()


def drop_every_session() -> None:
    """The same; only within a transaction."""
    for held in (Session, OpenTicket, PushSubscription):
        held.delete().execute()


def end_sessions(account_id: int, *, but: str = "", now: datetime) -> None:
    """Ends all sessions of an account but the one of this key."""
    with writing():
        drop_sessions(account_id, but=but)
        log_event(Event.ENDED, account_id, now)


def drop_sessions(account_id: int, *, but: str = "") -> None:
    """The same; only within a transaction."""
    Session.delete().where(
        Session.account == account_id, Session.key_hash != hash_of(but)
    ).execute()

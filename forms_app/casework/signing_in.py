"""Signing in: who is let in, and how long whoever guesses must wait.

A name that nobody has is answered like one that somebody has, in words and in time: tries are
counted by name, not by account. A stranger's tries lock the name for strangers alone: a browser
that was signed in with it before has tries of its own. So has whoever types their own password once
more where they are signed in already.
"""

import hashlib
from datetime import datetime, timedelta

from msgspec import Struct

from forms_app.casework.account_log import log_event
from forms_app.casework.errors import CaseError, NotPossible
from forms_app.casework.sessions import open_session
from forms_app.rules.account_events import Event
from forms_app.rules.keys import NOBODY_HASH, matches
from forms_app.rules.said import said
from forms_app.rules.sessions import LONGEST_PAUSE, Kind, is_pause
from forms_app.store.accounts import Account, SignInTry
from forms_app.store.database import writing

FREE_TRIES = 5
FORGOTTEN_AFTER = timedelta(days=1)


class Tries(Struct, frozen=True):
    """What is tried of one name, by strangers or in one browser that was in with it before."""

    name: str
    browser: str = ""

    @property
    def columns(self) -> dict[str, str]:
        return {
            "name_hash": _hash(self.name),
            "browser_hash": _hash(self.browser) if self.browser else "",
        }


def own_tries(account_id: int, browser: str = "") -> Tries:
    """What is tried by whoever is signed in, or half so."""
    # No username holds a control character.
    return Tries(f"\n{account_id}", browser)


class Begun(Struct, frozen=True):
    """The session that a password began, by the key that its browser holds; HALF where the code of
    a second factor is still to come.
    """

    account_id: int
    key: str
    kind: Kind


class SignInRefused(CaseError):
    sentence = "用户名或密码不对，请再试一次。"


def sign_in(
    username: str, password: str, *, now: datetime, browser: str = "", called: str = ""
) -> Begun:
    """Begins a session of the account of this name and password. Raises SignInRefused.

    `browser` names one that was signed in with this name before, `called` is how the list of
    sessions shall call it. After five wrong tries in a row each further one makes everybody wait
    longer, up to 15 minutes; no password is looked at before that is over.
    """
    tries = Tries(username, browser)
    known = need_no_pause(tries, now)
    account = Account.get_or_none(Account.username == username, Account.disabled_at.is_null())
    # Looked at all the same: a wrong name takes as long as a wrong password.
    fits = matches(account.password_hash if account is not None else NOBODY_HASH, password)
    if account is None or not fits:
        if account is None:
            count_wrong(tries, Event.STRANGER, None, now)
        else:
            count_wrong(tries, Event.WRONG, account.id, now)
        raise SignInRefused
    with writing():
        # To look at a password takes so long that it may have been reset meanwhile, or the account
        # disabled: begun now, a session would outlive what has just ended all of them.
        now_so = Account.get_or_none(
            Account.id == account.id,
            Account.password_hash == account.password_hash,
            Account.disabled_at.is_null(),
        )
        if now_so is None:
            raise SignInRefused
        need_no_pause(tries, now)  # of a dozen guesses at once, the wrong ones may be known by now
        if known is not None:
            SignInTry.delete().where(SignInTry.id == known.id).execute()
        kind = Kind.HALF if now_so.factor_seed else Kind.DESK
        return Begun(account.id, open_session(account.id, kind, called, now), kind)


def need_own_password(
    account: Account, password: str, tries: Tries, now: datetime, wrong: NotPossible
) -> None:
    """An open session alone changes nothing of what its account is signed in with: whoever finds
    one would guess. Raises `wrong`, or SignInRefused after too many wrong tries.
    """
    need_no_pause(tries, now)
    if not matches(account.password_hash, password):
        count_wrong(tries, Event.WRONG, account.id, now)
        raise wrong


def need_no_pause(tries: Tries, now: datetime) -> SignInTry | None:
    """What was tried so far. Raises SignInRefused where that was too much and they must wait."""
    known: SignInTry | None = SignInTry.get_or_none(**tries.columns)
    if known is not None and known.locked_until is not None and is_pause(known.locked_until, now):
        minutes = int((known.locked_until - now).total_seconds() // 60) + 1
        raise SignInRefused(
            said(
                "密码错的次数太多，请过 %(minutes)s 分钟再试，或请管理员重设密码。", minutes=minutes
            )
        )
    return known


def forget_tries(name: str) -> None:
    """Whoever has this name may try at once; only within a transaction."""
    SignInTry.delete().where(SignInTry.name_hash == _hash(name)).execute()


def count_wrong(tries: Tries, event: Event, account_id: int | None, now: datetime) -> None:
    """One try more that was wrong, and the `event` for the log; the fifth makes them wait."""
    with writing():
        SignInTry.delete().where(SignInTry.tried_at < now - FORGOTTEN_AFTER).execute()
        SignInTry.insert(**tries.columns, tried_at=now).on_conflict_ignore().execute()
        row = SignInTry.get(**tries.columns)
        failed = row.failed + 1
        pause = None
        if failed >= FREE_TRIES:
            # The smaller of two numbers, not of two timedeltas: after many tries one overflows.
            most = int(LONGEST_PAUSE.total_seconds() // 60)
            pause = now + timedelta(minutes=min(2 ** (failed - FREE_TRIES), most))
        SignInTry.update(failed=failed, locked_until=pause, tried_at=now).where(
            SignInTry.id == row.id
        ).execute()
        is_locked = pause is not None and account_id is not None
        log_event(Event.LOCKED if is_locked else event, account_id, now)


def _hash(text: str) -> str:
    # Somebody may have typed their password in the place of their name.
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

"""Passwords of the staff: the one that an administrator gives, and the own in its place."""

from datetime import datetime

from forms_app.casework.account_log import change_account, log_event
from forms_app.casework.errors import NotPossible
from forms_app.casework.sessions import drop_sessions
from forms_app.casework.signing_in import forget_tries, need_own_password, own_tries
from forms_app.rules.account_events import Event
from forms_app.rules.keys import PASSWORD_LETTERS, hash_secret, matches
from forms_app.rules.passwords import is_easily_guessed
from forms_app.rules.said import said
from forms_app.store.accounts import Account
from forms_app.store.database import writing

_CHANGED_MEANWHILE = "密码刚刚已经改过了，请用改好的密码重新登录。"


def reset_password(
    username: str,
    password: str,
    *,
    now: datetime,
    at_least: int = PASSWORD_LETTERS,
    by: int | None = None,
) -> None:
    """A password from the administrator, to be changed at once; every session of the account ends,
    and a locked account opens.
    """
    check_password(password, at_least, username, _display_name(username))
    is_first = is_first_password(at_least)
    _set_password(username, password, Event.RESET, now=now, is_first=is_first, by=by)


def change_own_password(
    account_id: int, old: str, new: str, *, now: datetime, key: str = "", browser: str = ""
) -> None:
    """Ends every session but that of the key; `browser` names one that was signed in before.

    Raises NotPossible where the old password is wrong, or was reset meanwhile, and SignInRefused
    after too many wrong ones.
    """
    account = Account.get_by_id(account_id)
    wrong = NotPossible("old_password", "原密码不对。")
    need_own_password(account, old, own_tries(account_id, browser), now, wrong)
    check_password(new, PASSWORD_LETTERS, account.username, account.display_name)
    _set_password(
        account.username, new, Event.CHANGED,
        now=now, is_first=False, but=key, was=account.password_hash,
    )  # fmt: skip


def set_own_password(account_id: int, new: str, *, key: str, now: datetime) -> None:
    """In the place of the password that an administrator gave; every other session ends.

    Raises NotPossible where it is that one again, or easily guessed, or somebody else has signed
    in with it and was faster.
    """
    account = Account.get_by_id(account_id)
    given = account.password_hash
    if matches(given, new):
        raise NotPossible("password", "这和管理员给的一样，请换一个只有自己知道的。")
    check_password(new, PASSWORD_LETTERS, account.username, account.display_name)
    password_hash = hash_secret(new)
    with writing():
        is_still_so = (Account.password_hash == given) & Account.has_first_password
        if (
            not Account.update(password_hash=password_hash, has_first_password=False)
            .where(Account.id == account_id, is_still_so)
            .execute()
        ):
            raise NotPossible("password", _CHANGED_MEANWHILE)
        log_event(Event.CHANGED, account_id, now)
        drop_sessions(account_id, but=key)
        forget_tries(account.username)


def check_password(password: str, at_least: int, *names: str) -> None:
    """Raises NotPossible where a password is too short, or guessed among the first by whoever
    knows these `names`.
    """
    if len(password) < at_least:
        raise NotPossible("password", said("密码至少要%(at_least)s个字符。", at_least=at_least))
    # A sample's is told to everybody.
    if is_first_password(at_least) and is_easily_guessed(password, *names):
        raise NotPossible("password", "这个密码太常见，别人容易猜到。可以用一句只有自己知道的话。")


def is_first_password(at_least: int) -> bool:
    """Whether it has to be changed. Whoever may have a shorter one is a sample."""
    return at_least >= PASSWORD_LETTERS


def _set_password(
    username: str,
    password: str,
    event: Event,
    *,
    now: datetime,
    is_first: bool,
    but: str = "",
    by: int | None = None,
    was: str = "",
) -> None:
    """`was` is the hash of the password that this one takes the place of, if of one alone."""
    password_hash = hash_secret(password)
    with writing():
        named = Account.select().where(Account.username == username)
        if was and not named.where(Account.password_hash == was).exists():
            raise NotPossible("old_password", _CHANGED_MEANWHILE)
        if named.where(Account.disabled_at.is_null(False)).exists():
            raise NotPossible(
                "username",
                said("账号 %(username)s 已经停用，请先启用再重设密码。", username=username),
            )
        changed = {"password_hash": password_hash, "has_first_password": is_first}
        account_id = change_account(username, event, now, by, **changed)
        drop_sessions(account_id, but=but)
        forget_tries(username)
        forget_tries(own_tries(account_id).name)


def _display_name(username: str) -> str:
    account = Account.get_or_none(Account.username == username)
    return account.display_name if account is not None else ""

"""The second factor: a code from the own telephone beside the password, or one of ten from paper.

What the database holds is a seed: the secret is derived from it with the server's key, which lies
elsewhere, so that neither a copy of the database nor a row put into it opens an account.
"""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from forms_app.casework.account_log import log_event
from forms_app.casework.errors import NotPossible
from forms_app.casework.sessions import drop_sessions
from forms_app.casework.signing_in import (
    Tries,
    count_wrong,
    forget_tries,
    need_no_pause,
    need_own_password,
    own_tries,
)
from forms_app.rules.account_events import Event
from forms_app.rules.keys import CodeKey, parse_code
from forms_app.rules.said import said
from forms_app.rules.totp import cleaned_code, matching_step, minutes_off, step_of
from forms_app.store.accounts import Account, RecoveryCode
from forms_app.store.database import writing

AGAIN_STEPS = 4  # a button pressed twice
_WRONG = "验证码不对。请等手机上换了新的六位数再填。"
_USED = "这个验证码已经用过了，请等手机上换了新的六位数再填。"


class Prover(Struct, frozen=True):
    """Who proves who they are: `browser` names one that was wholly signed in with this name."""

    account_id: int
    code_key: CodeKey
    browser: str = ""

    @property
    def tries(self) -> Tries:
        return own_tries(self.account_id, self.browser)


def set_up_factor(
    prover: Prover,
    seed: str,
    *,
    password: str,
    code: str,
    recovery: Collection[str],
    key: str,
    now: datetime,
) -> None:
    """From now on the account needs a code; `recovery` are the ten that are shown once.

    Every session but that of the key ends. Pressed twice it is the same. Raises NotPossible.
    """
    secret = prover.code_key.factor_secret(prover.account_id, seed)
    account = _proved(prover, password, now)
    step = matching_step(secret, cleaned_code(code), now)
    if account.factor_seed == seed and account.factor_step >= step_of(now) - AGAIN_STEPS:
        return
    if account.factor_seed:
        raise NotPossible("code", "两步验证已经设置好了。要换手机，请先取下再设置。")
    if step is None:
        off = minutes_off(secret, cleaned_code(code), now)
        _refuse_code(prover, now, _clock_words(off) if off else _WRONG)
    password_hash = account.password_hash
    with writing():
        changed = Account.update(factor_seed=seed, factor_step=step).where(
            Account.id == account.id,
            Account.factor_seed == "",
            Account.password_hash == password_hash,
        )
        if not changed.execute():
            raise NotPossible("code", "别处刚刚改过，请重新打开这一页。")
        _keep_codes(prover, recovery)
        log_event(Event.FACTOR_SET, account.id, now)
        drop_sessions(account.id, but=key)
        forget_tries(prover.tries.name)


def renew_recovery_codes(
    prover: Prover, *, password: str, code: str, recovery: Collection[str], now: datetime
) -> None:
    """Ten other codes in the place of those that are left. Raises NotPossible."""
    account = _proved(prover, password, now)
    hashes = {prover.code_key.hashed(one) for one in recovery}
    kept = RecoveryCode.select().where(RecoveryCode.account == account.id)
    if {row.code_hash for row in kept} == hashes:
        return  # pressed twice
    step = _right_step(prover, account, code, now)
    with writing():
        _use_step(account, step)
        _keep_codes(prover, recovery)
        log_event(Event.NEW_CODES, account.id, now)


def remove_factor(prover: Prover, *, password: str, code: str, key: str, now: datetime) -> None:
    """The account's own password is enough from now on. Raises NotPossible."""
    account = _proved(prover, password, now)
    step = _right_step(prover, account, code, now)
    with writing():
        _use_step(account, step)
        _forget_factor(account.id)
        log_event(Event.FACTOR_OFF, account.id, now)
        drop_sessions(account.id, but=key)


def take_factor_away(username: str, *, now: datetime, by: int | None = None) -> None:
    """For somebody who lost their telephone; every session ends. Raises NotPossible."""
    with writing():
        account = Account.get_or_none(Account.username == username)
        if account is None or not account.factor_seed:
            raise NotPossible(
                "username", said("账号 %(username)s 没有设置两步验证。", username=username)
            )
        _forget_factor(account.id)
        log_event(Event.FACTOR_TAKEN, account.id, now, by=by)
        drop_sessions(account.id)
        forget_tries(own_tries(account.id).name)


def prove_factor(prover: Prover, typed: str, *, now: datetime) -> int | None:
    """Takes a code from the telephone (None), or one of the ten (how many are left then).

    Either counts once. Raises NotPossible, or SignInRefused after too many wrong ones.
    """
    need_no_pause(prover.tries, now)
    account = Account.get_by_id(prover.account_id)
    spelled = parse_code(typed)
    if spelled is None:
        step = _right_step(prover, account, typed, now)
        with writing():
            need_no_pause(prover.tries, now)  # nor does it slip through beside wrong ones
            _use_step(account, step)
            forget_tries(prover.tries.name)
        return None
    own = RecoveryCode.account == account.id
    with writing():
        need_no_pause(prover.tries, now)
        of_this = RecoveryCode.code_hash == prover.code_key.hashed(spelled)
        is_right = bool(RecoveryCode.delete().where(own, of_this).execute())
        if is_right:
            log_event(Event.CODE_USED, account.id, now)
            forget_tries(prover.tries.name)
            return int(RecoveryCode.select().where(own).count())
    return _refuse_code(prover, now, "恢复码不对，或者已经用过了。每个恢复码只能用一次。")


def forget_all_factors(*, now: datetime) -> None:
    """Nobody has a second factor any more: the key that they hang on is lost. In a transaction."""
    for account in list(Account.select().where(Account.factor_seed != "")):
        _forget_factor(account.id)
        log_event(Event.FACTOR_TAKEN, account.id, now)


def _proved(prover: Prover, password: str, now: datetime) -> Account:
    """The account, whose password was typed once more."""
    account = Account.get_by_id(prover.account_id)
    wrong = NotPossible("password", "密码不对。")
    need_own_password(account, password, prover.tries, now, wrong)
    return account


def _right_step(prover: Prover, account: Account, code: str, now: datetime) -> int:
    secret = prover.code_key.factor_secret(prover.account_id, account.factor_seed)
    step = matching_step(secret, cleaned_code(code), now) if account.factor_seed else None
    if step is None:
        return _refuse_code(prover, now, _WRONG)
    if step <= account.factor_step:
        raise NotPossible("code", _USED)
    return step


def _use_step(account: Account, step: int) -> None:
    """A code counts once: of two that come with it at once, one is refused."""
    fresh = (Account.factor_seed == account.factor_seed) & (Account.factor_step < step)
    if not Account.update(factor_step=step).where(Account.id == account.id, fresh).execute():
        raise NotPossible("code", _USED)


def _refuse_code(prover: Prover, now: datetime, sentence: str) -> int:
    count_wrong(prover.tries, Event.WRONG_CODE, prover.account_id, now)
    raise NotPossible("code", sentence)


def _clock_words(off: int) -> str:
    if off > 0:
        return said(
            "手机的时间快了约%(minutes)s分钟。请在手机设置里打开“自动设置时间”，再填新的六位数。",
            minutes=off,
        )
    return said(
        "手机的时间慢了约%(minutes)s分钟。请在手机设置里打开“自动设置时间”，再填新的六位数。",
        minutes=-off,
    )


def _keep_codes(prover: Prover, recovery: Collection[str]) -> None:
    RecoveryCode.delete().where(RecoveryCode.account == prover.account_id).execute()
    RecoveryCode.insert_many(
        [
            {"account": prover.account_id, "code_hash": prover.code_key.hashed(one)}
            for one in recovery
        ]
    ).execute()


def _forget_factor(account_id: int) -> None:
    Account.update(factor_seed="", factor_step=0).where(Account.id == account_id).execute()
    RecoveryCode.delete().where(RecoveryCode.account == account_id).execute()

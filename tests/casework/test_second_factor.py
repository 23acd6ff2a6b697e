"""The second factor: what the database holds of it, that codes count once, and whose tries wait."""

from datetime import datetime, timedelta

import pytest

from forms_app import casework
from forms_app.casework import NotPossible, Prover, SignInRefused, second_factor
from forms_app.casework.second_factor import _use_step
from forms_app.casework.signing_in import FREE_TRIES
from forms_app.rules.keys import CodeKey, hash_secret
from forms_app.rules.sessions import Kind
from forms_app.rules.totp import code_of, matching_step, step_of
from forms_app.store.accounts import Account, AccountEvent, RecoveryCode, Session
from tests.support.actors import CODE_KEY, DAN, NOW, PASSWORD, WENDY, dump

pytestmark = pytest.mark.usefixtures("database")

SEED = "the seed of dan"
TEN = [f"{number:012}" for number in range(10)]
ID = DAN.account_id or 0
DANS = Prover(ID, CODE_KEY)
LATER = NOW + timedelta(minutes=1)


def shown(now: datetime, account_id: int = ID, seed: str = SEED) -> str:
    """What the telephone shows at this moment."""
    return code_of(CODE_KEY.factor_secret(account_id, seed), step_of(now))


def set_up(code: str = "", password: str = PASSWORD, key: str = "", now: datetime = NOW) -> None:
    casework.set_up_factor(
        DANS, SEED, password=password, code=code or shown(now), recovery=TEN, key=key, now=now
    )


def events() -> list[str]:
    rows = AccountEvent.select().where(AccountEvent.account == ID).order_by(AccountEvent.id)
    return [row.event for row in rows if row.event != "made"]


def test_the_database_holds_neither_the_secret_nor_a_code() -> None:
    set_up()
    held = repr(dump())
    secret = CODE_KEY.factor_secret(ID, SEED)
    assert secret.hex() not in held
    assert not [one for one in TEN if one in held]
    assert CodeKey("another key").factor_secret(ID, SEED) != secret
    assert CODE_KEY.factor_secret(ID + 1, SEED) != secret
    assert RecoveryCode.select().count() == 10


def test_a_code_of_the_telephone_counts_once() -> None:
    set_up()
    with pytest.raises(NotPossible, match="已经用过"):
        casework.prove_factor(DANS, shown(NOW), now=NOW)
    assert casework.prove_factor(DANS, shown(LATER), now=LATER) is None
    with pytest.raises(NotPossible, match="已经用过"):
        casework.prove_factor(DANS, shown(LATER), now=LATER)
    # And no older one that would still be near enough.
    with pytest.raises(NotPossible, match="已经用过"):
        casework.prove_factor(DANS, shown(LATER - timedelta(seconds=30)), now=LATER)


def test_of_two_that_come_with_one_code_at_once_one_is_refused() -> None:
    set_up()
    one, other = Account.get_by_id(ID), Account.get_by_id(ID)
    step = step_of(LATER)
    _use_step(one, step)
    with pytest.raises(NotPossible, match="已经用过"):
        _use_step(other, step)


def test_a_recovery_code_counts_once() -> None:
    set_up()
    assert casework.prove_factor(DANS, f" {TEN[3][:4]}-{TEN[3][4:8]}-{TEN[3][8:]}", now=NOW) == 9
    with pytest.raises(NotPossible, match="只能用一次"):
        casework.prove_factor(DANS, TEN[3], now=NOW)
    with pytest.raises(NotPossible, match="只能用一次"):
        casework.prove_factor(Prover(WENDY.account_id or 0, CODE_KEY), TEN[4], now=NOW)
    assert casework.prove_factor(DANS, TEN[4], now=NOW) == 8
    assert events() == ["factor_set", "code_used", "wrong_code", "code_used"]


def test_guesses_wait_as_those_of_passwords_do_but_not_in_a_browser_of_before() -> None:
    set_up()
    for _ in range(5):
        with pytest.raises(NotPossible, match="验证码不对"):
            casework.prove_factor(DANS, "000000", now=LATER)
    with pytest.raises(SignInRefused, match="分钟再试"):
        casework.prove_factor(DANS, shown(LATER), now=LATER)
    with pytest.raises(SignInRefused, match="分钟再试"):
        casework.prove_factor(DANS, TEN[0], now=LATER)
    desk = Prover(ID, CODE_KEY, "desk")
    assert casework.prove_factor(desk, shown(LATER), now=LATER) is None
    assert casework.sign_in("dan", PASSWORD, now=LATER).account_id == ID
    assert events() == ["factor_set", "wrong_code", "locked"]


def test_of_a_dozen_codes_at_once_none_slips_through_beside_the_wrong_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_up()

    def looked_at(secret: bytes, code: str, now: datetime) -> int | None:
        monkeypatch.undo()
        for _ in range(FREE_TRIES):
            with pytest.raises(NotPossible, match="验证码不对"):
                casework.prove_factor(DANS, "000000", now=LATER)
        return matching_step(secret, code, now)

    monkeypatch.setattr(second_factor, "matching_step", looked_at)
    with pytest.raises(SignInRefused, match="分钟再试"):
        casework.prove_factor(DANS, shown(LATER), now=LATER)


def test_setting_up_needs_the_password_and_a_code_that_fits() -> None:
    before = Account.get_by_id(ID).factor_seed
    with pytest.raises(NotPossible, match="密码不对"):
        set_up(password="not the password")
    with pytest.raises(NotPossible, match="验证码不对"):
        set_up("000000")
    assert Account.get_by_id(ID).factor_seed == before == ""


@pytest.mark.parametrize(("minutes", "said"), [(7, "快了约7分钟"), (-7, "慢了约7分钟")])
def test_a_wrong_clock_is_told_while_setting_up(minutes: int, said: str) -> None:
    with pytest.raises(NotPossible, match=said):
        set_up(shown(NOW + timedelta(minutes=minutes)))


def test_setting_up_ends_every_other_session_and_twice_is_the_same() -> None:
    here, there = (casework.begin_session(ID, now=NOW) for _ in range(2))
    set_up(key=here)
    set_up(key=here)
    assert Session.select().count() == 1
    assert there
    with pytest.raises(NotPossible, match="已经设置好"):
        casework.set_up_factor(
            DANS, "another seed", password=PASSWORD, code=shown(NOW, seed="another seed"),
            recovery=TEN, key=here, now=NOW,
        )  # fmt: skip


def test_codes_are_renewed_and_the_factor_is_taken_off_with_password_and_code() -> None:
    set_up()
    with pytest.raises(NotPossible, match="已经用过"):
        casework.renew_recovery_codes(
            DANS, password=PASSWORD, code=shown(NOW), recovery=[*TEN, "Z" * 12], now=NOW
        )
    fresh = ["Z" * 11 + str(number) for number in range(10)]
    for _ in range(2):  # pressed twice
        casework.renew_recovery_codes(
            DANS, password=PASSWORD, code=shown(LATER), recovery=fresh, now=LATER
        )
    with pytest.raises(NotPossible, match="只能用一次"):
        casework.prove_factor(DANS, TEN[0], now=LATER)
    last = LATER + timedelta(minutes=1)
    with pytest.raises(NotPossible, match="密码不对"):
        casework.remove_factor(DANS, password="x", code=shown(last), key="", now=last)
    casework.remove_factor(DANS, password=PASSWORD, code=shown(last), key="", now=last)
    assert RecoveryCode.select().count() == 0
    assert events()[0] == "factor_set"
    assert events()[-1] == "factor_off"


def test_the_administrator_takes_it_away_from_who_lost_their_telephone() -> None:
    set_up()
    casework.begin_session(ID, kind=Kind.HALF, now=NOW)
    casework.take_factor_away("dan", now=NOW)
    assert (Account.get_by_id(ID).factor_seed, RecoveryCode.select().count()) == ("", 0)
    assert Session.select().count() == 0
    assert events()[-1] == "factor_taken"
    with pytest.raises(NotPossible, match="没有设置"):
        casework.take_factor_away("dan", now=NOW)
    with pytest.raises(NotPossible, match="没有设置"):
        casework.take_factor_away("nobody", now=NOW)


def test_a_lost_key_locks_nobody_out() -> None:
    set_up()
    casework.forget_codes(CodeKey("made anew"), now=NOW)
    assert Account.get_by_id(ID).factor_seed == ""
    assert events()[-1] == "factor_taken"


def test_a_password_that_was_changed_meanwhile_stops_a_setting_up() -> None:
    assert hash_secret("x") != hash_secret("x")  # salted: a new hash is another
    casework.reset_password("dan", "another long sentence", now=NOW)
    with pytest.raises(NotPossible, match="密码不对"):
        set_up()

"""Accounts of staff: who can have one, signing in, waiting after wrong tries, leaving."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from forms_app import casework, queries
from forms_app.casework import NotPossible, SignInRefused, signing_in
from forms_app.issues.access import actor_of
from forms_app.queries import SignedIn
from forms_app.rules.keys import matches
from forms_app.rules.sessions import Kind, Wants
from forms_app.rules.steps import Role
from forms_app.store.accounts import Account, Session, SignInTry
from tests.support.actors import (
    BOB,
    CIRCLE,
    DAN,
    DORA,
    NOW,
    PASSWORD,
    STAFF,
    WENDY,
    WILL,
    account,
    dump,
)

pytestmark = pytest.mark.usefixtures("database")

WRONG = "not the password"
A_MINUTE = timedelta(minutes=1)


def add(**changes: str) -> Account:
    facts = {
        "username": "nina", "display_name": "妮娜", "role": "worker", "community_id": "jingui",
        "password": PASSWORD,
    } | changes  # fmt: skip
    return casework.add_account(CIRCLE, now=NOW, **facts)


def refused_sign_in(username: str = "dan", password: str = WRONG, minutes: float = 0) -> str:
    with pytest.raises(SignInRefused) as caught:
        casework.sign_in(username, password, now=NOW + timedelta(minutes=minutes))
    return caught.value.sentence


def let_in(username: str, password: str, now: datetime = NOW, browser: str = "") -> int:
    return casework.sign_in(username, password, now=now, browser=browser).account_id


def pretend_failed(times: int) -> None:
    SignInTry.insert(name_hash=signing_in._hash("dan"), failed=times, tried_at=NOW).execute()


def tries_of(username: str) -> SignInTry | None:
    found: SignInTry | None = SignInTry.get_or_none(
        SignInTry.name_hash == signing_in._hash(username), SignInTry.browser_hash == ""
    )
    return found


def failed_tries(username: str) -> int:
    found = tries_of(username)
    return found.failed if found is not None else 0


def test_a_new_account_has_its_role_and_place() -> None:
    nina = Account.get_by_id(add().id)
    assert (nina.username, nina.display_name, nina.role) == ("nina", "妮娜", "worker")
    assert (nina.community_id, nina.organization_id) == ("jingui", "")
    assert (nina.created_at, nina.disabled_at) == (NOW, None)
    assert PASSWORD not in repr(dump())
    assert let_in("nina", PASSWORD, now=NOW) == nina.id


def test_an_account_without_a_name_to_show_shows_its_username() -> None:
    assert add(display_name="").display_name == "nina"


@pytest.mark.parametrize(
    ("role", "community_id", "organization_id"),
    [("responder", "", "city"), ("street_leader", "", ""), ("collector", "jingui", "")],
)
def test_an_account_keeps_only_the_place_that_its_role_has(
    role: str, community_id: str, organization_id: str
) -> None:
    nina = add(role=role, community_id="jingui", organization_id="city")
    assert (nina.community_id, nina.organization_id) == (community_id, organization_id)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"username": "dan"}, "username"),
        ({"username": ""}, "username"),
        ({"username": " nina"}, "username"),
        ({"username": "n" * 41}, "username"),
        ({"username": "wang/li"}, "username"),
        ({"role": "resident"}, "role"),
        ({"role": "king"}, "role"),
        ({"community_id": ""}, "community_id"),
        ({"community_id": "nowhere"}, "community_id"),
        ({"role": "collector", "community_id": ""}, "community_id"),
        ({"role": "responder"}, "organization_id"),
        ({"role": "responder", "organization_id": "jingui"}, "organization_id"),
        ({"password": "too short"}, "password"),
    ],
)
def test_an_account_that_cannot_be_is_refused(facts: dict[str, str], field: str) -> None:
    before = dump()
    with pytest.raises(NotPossible) as caught:
        add(**facts)
    assert caught.value.field == field
    assert dump() == before


@pytest.mark.parametrize(
    "password", ["password123", "13800138000", "Nina@20261128", "妮娜20261128"]
)
def test_a_password_that_is_guessed_first_is_refused_wherever_one_is_chosen(password: str) -> None:
    with pytest.raises(NotPossible, match="太常见"):
        add(password=password)
    made = add()
    before = dump()
    with pytest.raises(NotPossible, match="太常见"):
        casework.reset_password("nina", password, now=NOW)
    with pytest.raises(NotPossible, match="太常见"):
        casework.change_own_password(made.id, PASSWORD, password, now=NOW)
    assert dump() == before


def test_the_first_administrator_needs_no_circle() -> None:
    made = casework.add_account(
        None, username="root", display_name="", role=Role.ADMIN, password=PASSWORD, now=NOW
    )
    assert made.role == "admin"


def test_a_wrong_name_a_wrong_password_and_a_left_account_sound_the_same() -> None:
    casework.disable_account("will", now=NOW)
    said = {
        refused_sign_in("nobody", PASSWORD),
        refused_sign_in("dan", WRONG),
        refused_sign_in("will", PASSWORD),
    }
    assert said == {SignInRefused.sentence}


def test_a_right_password_forgets_the_wrong_tries() -> None:
    for _ in range(4):
        refused_sign_in()
    assert failed_tries("dan") == 4
    casework.sign_in("dan", PASSWORD, now=NOW)
    assert failed_tries("dan") == 0


def test_after_five_wrong_tries_even_the_right_password_waits() -> None:
    pretend_failed(4)
    refused_sign_in()
    assert "请过 1 分钟再试" in refused_sign_in(password=PASSWORD, minutes=0.5)
    assert let_in("dan", PASSWORD, now=NOW + A_MINUTE) == STAFF["dan"].account_id
    assert tries_of("dan") is None


@pytest.mark.parametrize(
    ("failed", "minutes"), [(4, 1), (5, 2), (6, 4), (7, 8), (8, 15), (9, 15), (60, 15), (5000, 15)]
)
def test_each_further_wrong_try_waits_longer_up_to_15_minutes(failed: int, minutes: int) -> None:
    pretend_failed(failed)
    refused_sign_in()
    tries = tries_of("dan")
    assert tries is not None
    assert tries.locked_until == NOW + minutes * A_MINUTE
    assert tries.failed == failed + 1


def test_a_clock_that_was_ahead_and_is_put_right_locks_nobody_out() -> None:
    ahead = NOW + timedelta(days=365)
    for _ in range(6):
        with pytest.raises(SignInRefused):
            casework.sign_in("dan", WRONG, now=ahead)
    assert queries.account_states(ahead)[DAN.account_id or 0].locked_until is not None
    assert queries.account_states(NOW)[DAN.account_id or 0].locked_until is None
    assert let_in("dan", PASSWORD, now=NOW) == DAN.account_id


def test_a_session_of_a_clock_that_was_ahead_ends_when_it_is_put_right() -> None:
    key = casework.begin_session(DAN.account_id or 0, now=NOW + timedelta(days=365))
    assert queries.signed_in(CIRCLE, key, Kind.DESK, NOW) is None
    key = casework.begin_session(DAN.account_id or 0, now=NOW + timedelta(minutes=2))
    assert queries.signed_in(CIRCLE, key, Kind.DESK, NOW) is not None


def test_a_name_that_nobody_has_is_locked_in_the_same_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = {
        username: [refused_sign_in(username) for _ in range(6)] for username in ("dan", "nobody")
    }
    assert heard["dan"] == heard["nobody"]
    assert re.search(r"请过 \d 分钟再试", heard["dan"][-1])
    looked_at: list[str] = []
    monkeypatch.setattr(signing_in, "matches", lambda *_: looked_at.append("") or False)
    refused_sign_in("dan")
    refused_sign_in("nobody")
    assert looked_at == []


def test_strangers_never_lock_out_a_browser_that_was_signed_in_before() -> None:
    pretend_failed(60)
    refused_sign_in()
    assert let_in("dan", PASSWORD, now=NOW, browser="desk") == DAN.account_id
    for _ in range(5):
        with pytest.raises(SignInRefused):
            casework.sign_in("dan", WRONG, now=NOW, browser="desk")
    with pytest.raises(SignInRefused, match="请过"):
        casework.sign_in("dan", PASSWORD, now=NOW, browser="desk")
    assert let_in("dan", PASSWORD, now=NOW, browser="other desk") == DAN.account_id


def test_tries_are_forgotten_after_a_day() -> None:
    for username in ("one", "two"):
        refused_sign_in(username)
    refused_sign_in("three", minutes=60 * 25)
    assert SignInTry.select().count() == 1


def test_a_reset_opens_a_locked_account_and_ends_its_sessions() -> None:
    key = casework.begin_session(DAN.account_id, now=NOW)
    pretend_failed(9)
    refused_sign_in()
    casework.reset_password("dan", "another long one", now=NOW)
    assert queries.signed_in(CIRCLE, key, Kind.DESK, NOW) is None
    assert let_in("dan", "another long one", now=NOW) == DAN.account_id
    assert refused_sign_in(password=PASSWORD) == SignInRefused.sentence


def test_somebody_changes_their_own_password_and_stays_signed_in_here_only() -> None:
    here, there = (casework.begin_session(DAN.account_id, now=NOW) for _ in range(2))
    casework.change_own_password(DAN.account_id, PASSWORD, "another long one", key=here, now=NOW)
    assert queries.signed_in(CIRCLE, there, Kind.DESK, NOW) is None
    assert queries.signed_in(CIRCLE, here, Kind.DESK, NOW) == SignedIn(DAN, None, NOW)
    assert matches(account("dan").password_hash, "another long one")


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Has something happen while the next password is looked at."""

    def looked_at(secret_hash: str, secret: str) -> bool:
        monkeypatch.undo()
        act()
        return matches(secret_hash, secret)

    monkeypatch.setattr(signing_in, "matches", looked_at)


@pytest.mark.parametrize(
    "act",
    [
        lambda: casework.reset_password("dan", "another long one", now=NOW),
        lambda: casework.disable_account("dan", now=NOW),
    ],
)
def test_nobody_is_signed_in_with_what_ended_while_it_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]
) -> None:
    meanwhile(monkeypatch, act)
    assert refused_sign_in(password=PASSWORD) == SignInRefused.sentence
    assert not Session.select().exists()


def test_of_a_dozen_guesses_at_once_none_slips_through_beside_the_wrong_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meanwhile(monkeypatch, lambda: [refused_sign_in() for _ in range(signing_in.FREE_TRIES)])
    assert "分钟再试" in refused_sign_in(password=PASSWORD)
    assert not Session.select().exists()


def test_an_old_password_that_was_reset_while_it_was_looked_at_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reset = partial(casework.reset_password, "dan", "another long one", now=NOW)
    meanwhile(monkeypatch, reset)
    with pytest.raises(NotPossible, match="刚刚已经改过"):
        casework.change_own_password(DAN.account_id, PASSWORD, "the guesser's own", now=NOW)
    assert matches(account("dan").password_hash, "another long one")


def test_whoever_finds_an_open_session_cannot_guess_its_password_in_it() -> None:
    def guess(old: str, browser: str = "") -> None:
        casework.change_own_password(
            DAN.account_id, old, "the guesser's own", now=NOW, browser=browser
        )

    for _ in range(signing_in.FREE_TRIES):
        with pytest.raises(NotPossible, match="原密码不对"):
            guess(WRONG, "desk")
    with pytest.raises(SignInRefused, match="过 2 分钟再试"):
        guess(PASSWORD, "desk")
    # The owner is locked out neither of signing in nor of changing it at their own desk.
    assert let_in("dan", PASSWORD, now=NOW) == DAN.account_id
    casework.unlock_account("dan", now=NOW, by=None)
    guess(PASSWORD, "desk")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("wrong", "another long one", "old_password"), (PASSWORD, "short", "password")],
)
def test_a_change_of_password_needs_the_old_one_and_a_long_new_one(
    old: str, new: str, field: str
) -> None:
    before = account("dan")
    with pytest.raises(NotPossible) as caught:
        casework.change_own_password(DAN.account_id, old, new, now=NOW)
    assert caught.value.field == field
    assert account("dan").__data__ == before.__data__


def test_what_is_not_there_is_neither_reset_nor_disabled() -> None:
    before = dump()
    with pytest.raises(NotPossible, match="nobody"):
        casework.reset_password("nobody", PASSWORD, now=NOW)
    with pytest.raises(NotPossible, match="nobody"):
        casework.disable_account("nobody", now=NOW)
    assert dump() == before


def test_who_left_is_signed_out_everywhere_and_can_be_given_no_work() -> None:
    assert queries.workers_of("jingui") == {
        WENDY.account_id: "wendy", WILL.account_id: "will",
        DAN.account_id: "dan", DORA.account_id: "dora",
    }  # fmt: skip
    key = casework.begin_session(WENDY.account_id, now=NOW)
    casework.disable_account("wendy", now=NOW)
    assert queries.signed_in(CIRCLE, key, Kind.DESK, NOW) is None
    assert WENDY.account_id not in queries.workers_of("jingui")


def test_who_comes_back_signs_in_with_the_password_they_had() -> None:
    casework.disable_account("wendy", now=NOW)
    with pytest.raises(NotPossible, match="停用"):
        casework.reset_password("wendy", "another long one", now=NOW)
    casework.enable_account("wendy", now=NOW)
    assert let_in("wendy", PASSWORD, now=NOW) == WENDY.account_id
    with pytest.raises(NotPossible, match="nobody"):
        casework.enable_account("nobody", now=NOW)


def test_a_key_that_never_was_is_nobodys() -> None:
    casework.begin_session(BOB.account_id, now=NOW)
    assert queries.signed_in(CIRCLE, "x", Kind.DESK, NOW) is None


def test_every_account_is_the_actor_that_it_says() -> None:
    assert [actor_of(row, CIRCLE) for row in queries.accounts()] == list(STAFF.values())
    key = casework.begin_session(BOB.account_id, now=NOW)
    assert queries.signed_in(CIRCLE, key, Kind.DESK, NOW) == SignedIn(BOB, Wants.OWN, NOW)
    assert queries.signed_in(CIRCLE, key, Kind.WALL, NOW) is None


def test_a_password_counts_to_its_last_letter_and_may_be_long() -> None:
    long = "青山湖边Walks 早晨" * 12  # 156 letters
    casework.change_own_password(WENDY.account_id, PASSWORD, long, now=NOW)
    for other in (long[:-1], long + " ", long.lower(), long[:72]):
        with pytest.raises(SignInRefused):
            casework.sign_in("wendy", other, now=NOW)
    assert let_in("wendy", long, now=NOW + timedelta(hours=1)) == WENDY.account_id

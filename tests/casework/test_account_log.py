"""The log of sign-ins and accounts: what it tells, what it never holds, and that floods count."""

from datetime import timedelta

import pytest

from forms_app import casework, queries
from forms_app.casework import SignInRefused
from forms_app.rules.account_events import KEPT, KEPT_OF_EACH, Event
from forms_app.rules.sessions import Kind
from forms_app.store.accounts import Account, AccountEvent
from tests.support.actors import CIRCLE, DAN, NOW, PASSWORD, dump

pytestmark = pytest.mark.usefixtures("database")

WRONG = "not the password"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _from_now_on(database: object) -> None:  # noqa: ARG001 (it is open from here on)
    AccountEvent.delete().execute()


def told(account_id: int | None = DAN.account_id) -> list[tuple[str, int]]:
    """Kind and number of what the log says of an account, the oldest first."""
    rows = AccountEvent.select().order_by(AccountEvent.id)
    return [(row.event, row.times) for row in rows if row.__data__["account"] == account_id]


def guess(username: str = "dan", times: int = 1, later: timedelta = timedelta()) -> None:
    for number in range(times):
        moment = NOW + later + timedelta(minutes=20 * number)
        with pytest.raises(SignInRefused):
            casework.sign_in(username, WRONG, now=moment)


def test_what_happens_to_an_account_is_told_from_its_making_on() -> None:
    made = casework.add_account(
        CIRCLE, username="nina", display_name="妮娜", role="worker", community_id="jingui",
        password=PASSWORD, now=NOW,
    )  # fmt: skip
    key = casework.begin_session(made.id, browser="安卓手机 微信", now=NOW)
    other = casework.begin_session(made.id, kind=Kind.WALL, now=NOW)
    casework.set_own_password(made.id, "a sentence of my own", key=key, now=NOW)
    casework.change_own_password(
        made.id, "a sentence of my own", "another sentence", key=key, now=NOW
    )
    casework.end_sessions(made.id, but=key, now=NOW)
    casework.end_session(key, now=NOW)
    casework.end_session(other, now=NOW)  # gone already
    casework.change_email("nina", "n@example.org", now=NOW)
    casework.reset_password("nina", "the third sentence", now=NOW)
    casework.disable_account("nina", now=NOW)
    casework.enable_account("nina", now=NOW)
    assert [Event(event) for event, _ in told(made.id)] == [
        Event.MADE, Event.SIGNED_IN, Event.WALL, Event.CHANGED, Event.CHANGED, Event.ENDED,
        Event.SIGNED_OUT, Event.EMAIL, Event.RESET, Event.DISABLED, Event.ENABLED,
    ]  # fmt: skip
    log = [row for row in dump()["account_event"] if "nina" in repr(row) or "@" in repr(row)]
    assert log == []


def test_who_is_disabled_or_enabled_twice_was_so_the_first_time() -> None:
    for later in range(2):
        casework.disable_account("dan", now=NOW + later * DAY)
    [at] = [one.disabled_at for one in queries.accounts() if one.username == "dan"]
    assert at == NOW
    for later in range(2, 4):
        casework.enable_account("dan", now=NOW + later * DAY)
    assert [event for event, _ in told(DAN.account_id)] == [Event.DISABLED, Event.ENABLED]


def test_a_flood_of_failures_is_a_row_a_day_that_counts() -> None:
    guess(times=30)
    assert told() == [("wrong", 4), ("locked", 26)]
    guess(later=2 * DAY)
    assert told() == [("wrong", 4), ("locked", 26), ("wrong", 1)]
    [last, locked, wrong] = queries.own_events(DAN.account_id or 0)
    assert (last.happened_at, wrong.begun_at) == (NOW + 2 * DAY, NOW)
    assert locked.happened_at == NOW + timedelta(minutes=20 * 29)


def test_a_name_that_nobody_has_is_counted_and_not_written_down() -> None:
    guess("my secret password", 3)
    guess("another one", 3)
    assert told(None) == [("stranger", 6)]
    assert "secret" not in repr(dump()["account_event"])
    assert told() == []


def test_who_tries_too_fast_is_counted_by_minutes() -> None:
    for seconds in (0, 1, 30, 59, 60, 61, 125):
        casework.log_throttled(NOW + timedelta(seconds=seconds))
    assert told(None) == [("throttled", 3)]


def test_it_is_erased_after_half_a_year() -> None:
    casework.begin_session(DAN.account_id or 0, now=NOW)
    casework.begin_session(DAN.account_id or 0, now=NOW + DAY)
    assert casework.erase_account_events(now=NOW + KEPT) == 0
    assert casework.erase_account_events(now=NOW + KEPT + DAY / 2) == 1
    assert told() == [("signed_in", 1)]


def test_whoever_signs_in_all_day_long_fills_no_disk() -> None:
    rows = [
        {
            "account": DAN.account_id, "event": "signed_in", "begun_at": NOW, "happened_at": NOW,
            "browser": "", "counted_as": None,
        }
        for _ in range(KEPT_OF_EACH + 7)
    ]  # fmt: skip
    AccountEvent.insert_many(rows).execute()
    newest = max(row.id for row in AccountEvent.select())
    assert casework.erase_account_events(now=NOW) == 7
    assert AccountEvent.select().count() == KEPT_OF_EACH
    assert AccountEvent.select().where(AccountEvent.id == newest).exists()


def test_pages_of_the_whole_log_hold_every_event_once() -> None:
    will = Account.get(Account.username == "will").id
    for minute in range(150):
        whose = will if minute % 2 else DAN.account_id or 0
        casework.begin_session(whose, now=NOW + timedelta(minutes=minute))
    (first, more), (second, end) = queries.all_events(1), queries.all_events(2)
    assert (len(first), more, len(second), end) == (100, True, 50, False)
    assert len({row.id for row in first + second}) == 150
    own, _ = queries.all_events(1, "will")
    assert {row.username for row in own} == {"will"}
    assert len(own) == 75
    assert queries.all_events(1, "nobody") == ([], False)

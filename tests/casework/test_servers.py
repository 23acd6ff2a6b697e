"""Several servers on one database: what one has, another waits for; a killed one's runs out."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from forms_app.casework import servers
from forms_app.casework.servers import Known, Misfit
from forms_app.store.database import proxy
from forms_app.store.servers import Server

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=15)
pytestmark = pytest.mark.usefixtures("database")

A = Known("a", "first", "key", "http://s3/circle")
B = Known("b", "second", "key", "http://s3/circle")


def has(holder: str, now: datetime) -> bool:
    return servers.claim("tick", holder, LEASE, now=now)


def test_work_is_one_servers_until_its_lease_is_over() -> None:
    assert has("a", NOW)
    assert not has("b", NOW + timedelta(seconds=1))
    assert has("a", NOW + timedelta(seconds=10))  # renewed
    assert not has("b", NOW + timedelta(seconds=20))
    assert has("b", NOW + timedelta(seconds=26))  # nobody renewed it
    assert not has("a", NOW + timedelta(seconds=27))


def test_what_a_clock_gave_that_was_far_ahead_holds_nobody_up() -> None:
    assert has("a", NOW + timedelta(days=365))
    assert has("b", NOW)  # its holder is gone, and the clock put right
    assert not has("c", NOW + timedelta(seconds=14))
    assert has("b", NOW - timedelta(hours=2))  # its own is given anew at once
    assert not has("c", NOW - timedelta(hours=2))
    # Clocks that are a little apart take nothing from each other.
    assert not has("c", NOW - timedelta(hours=2, seconds=50))


def test_what_is_given_back_is_free_at_once_and_says_for_which_day_it_was_done() -> None:
    day = date(2026, 11, 28)
    assert not servers.is_done("night", day)
    assert servers.claim("night", "a", LEASE, now=NOW)
    servers.give_back("night", "b", now=NOW, done="2026-11-27")  # not its own to give
    assert not servers.claim("night", "b", LEASE, now=NOW)
    servers.give_back("night", "a", now=NOW, done="2026-11-28")
    assert servers.claim("night", "b", LEASE, now=NOW)
    assert servers.is_done("night", day)
    servers.leave("b", now=NOW)
    assert servers.claim("night", "a", LEASE, now=NOW)


def test_the_night_of_a_clock_that_was_far_ahead_keeps_no_other_from_being_done() -> None:
    today = date(2026, 11, 28)
    for ahead, is_done in ((0, True), (1, True), (2, False), (365, False), (-1, False)):
        assert servers.claim("night", "a", LEASE, now=NOW)
        done = today + timedelta(days=ahead)
        servers.give_back("night", "a", now=NOW, done=done.isoformat())
        assert servers.is_done("night", today) is is_done, ahead


def test_of_many_who_ask_at_once_one_gets_it() -> None:
    gate = threading.Barrier(8)

    def ask(name: str) -> bool:
        gate.wait()
        try:
            return has(name, NOW)
        finally:
            proxy.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, "abcdefgh")) == 1


@pytest.mark.parametrize(
    ("other", "misfit"),
    [
        (B, None),
        (Known("b", "second", "another", A.place), Misfit.KEY),
        (Known("b", "second", "key", "http://s3/other"), Misfit.PLACE),
        (Known("b", "second", "key", ""), Misfit.PLACE),
    ],
)
def test_a_server_that_does_not_go_with_the_one_that_is_there_does_not_come(
    other: Known, misfit: Misfit | None
) -> None:
    assert servers.arrive(A, now=NOW) is None
    assert servers.arrive(A, now=NOW) is None  # started again
    found = servers.arrive(other, now=NOW + timedelta(minutes=2))
    assert found == (None if misfit is None else (misfit, "first"))
    assert Server.select().count() == (2 if misfit is None else 1)
    # Whoever has not said for minutes that it is there is in nobody's way.
    assert servers.arrive(other, now=NOW + timedelta(minutes=4)) is None


def test_a_server_that_a_clock_saw_that_was_far_ahead_is_not_there() -> None:
    assert servers.arrive(A, now=NOW + timedelta(days=365)) is None
    assert servers.others_there("b", now=NOW) == []
    assert servers.arrive(B, now=NOW) is None
    assert servers.others_there("a", now=NOW + timedelta(seconds=5)) == ["second"]


def test_folders_of_their_own_are_for_one_server_alone() -> None:
    lonely = Known("a", "first", "key", "")
    assert servers.arrive(lonely, now=NOW) is None
    servers.is_still_there("a", now=NOW + timedelta(minutes=4))
    second = Known("b", "second", "key", "")
    assert servers.arrive(second, now=NOW + timedelta(minutes=5)) == (Misfit.PLACE, "first")
    servers.leave("a", now=NOW)
    assert servers.arrive(second, now=NOW + timedelta(minutes=5)) is None

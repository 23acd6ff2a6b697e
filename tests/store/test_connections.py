"""Connections to PostgreSQL: kept for the next request by what serves, by nobody else."""

import socket
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from forms_app.store.database import DatabaseRefused, open_database, proxy, rest
from forms_app.store.faults import DATABASE_ERRORS, Fault, fault_of
from forms_app.store.schema import migrate
from tests.support.visitors import until

pytestmark = pytest.mark.postgres


@pytest.fixture
def kept(postgres_url: str) -> Iterator[str]:
    """The address of a database whose connections this process keeps."""
    opened = open_database(postgres_url, keeps_connections=True)
    yield postgres_url
    opened.close_all()


def one_request() -> int:
    """What a page does, and lets go of; the number of the connection that answered."""
    [(backend,)] = proxy.execute_sql("SELECT pg_backend_pid()").fetchall()
    rest()
    return int(backend)


def connections(url: str) -> int:
    """How many the server holds for this database, besides the one that asks."""
    with psycopg.connect(url, autocommit=True) as asking:
        [(count,)] = asking.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return int(count)


def end_all(url: str) -> None:
    """What a restart of PostgreSQL does to whoever is connected."""
    with psycopg.connect(url, autocommit=True) as asking:
        asking.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_server_asks_on_one_connection_again_and_again(kept: str) -> None:
    assert len({one_request() for _ in range(20)}) == 1
    assert connections(kept) == 1


def test_a_request_after_the_database_was_started_again_notices_nothing(kept: str) -> None:
    before = one_request()
    end_all(kept)
    assert one_request() != before


def test_what_one_request_left_undone_the_next_one_does_not_see(kept: str) -> None:
    assert kept
    proxy.execute_sql("CREATE TABLE told (words text)")
    rest()
    proxy.begin()
    proxy.execute_sql("INSERT INTO told VALUES ('half')")
    rest()
    assert proxy.execute_sql("SELECT count(*) FROM told").fetchone() == (0,)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_password_with_signs_of_an_address_is_written_as_in_any_address(is_kept: bool) -> None:
    address = "postgresql://a%40b:p%40ss%2Fw%3Ard%23%25@db/circle"
    known = open_database(address, keeps_connections=is_kept).connect_params
    assert (known["user"], known["password"]) == ("a@b", "p@ss/w:rd#%")


def test_behind_a_server_that_does_not_answer_nobody_waits_for_the_others() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        address = f"postgresql://circle@127.0.0.1:{port}/circle?connect_timeout=2"
        open_database(address, keeps_connections=True)
        told: list[Fault | None] = []

        def one() -> None:
            with pytest.raises(DATABASE_ERRORS) as caught:
                proxy.execute_sql("SELECT 1")
            told.append(fault_of(caught.value))

        began = time.monotonic()
        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert told == [Fault.UNREACHABLE] * 4
    assert time.monotonic() - began < 4  # not two seconds each


@pytest.mark.parametrize("option", ["nosuch=1", "sslmode=bogus"])
def test_an_option_of_the_address_that_nobody_knows_is_told_in_a_sentence(
    postgres_url: str, option: str
) -> None:
    with pytest.raises(DatabaseRefused, match=option.partition("=")[0]):
        migrate(open_database(f"{postgres_url}&{option}"))


def test_a_command_leaves_no_connection_behind(postgres_url: str) -> None:
    open_database(postgres_url)
    one_request()
    # The server takes a moment to see that a client has gone.
    until(lambda: connections(postgres_url) == 0, 10)

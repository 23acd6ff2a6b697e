"""Whose turn it is to write, and for how long anybody waits for it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import peewee
import psycopg
import pytest

from forms_app import queries
from forms_app.files.locks import holding
from forms_app.store import turns
from forms_app.store.counts import Counter
from forms_app.store.database import WRITERS_LOCK, open_database, proxy, writing
from forms_app.store.faults import DATABASE_ERRORS, Fault, fault_of
from forms_app.store.schema import migrate

pytestmark = pytest.mark.slow

SHORT = 0.6


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_SECONDS", SHORT)
    monkeypatch.setattr(turns, "LITTLE_SECONDS", SHORT / 6)
    monkeypatch.setattr(queries.health, "_LOOK_SECONDS", SHORT / 6)
    monkeypatch.setattr(queries.health, "_JUST_NOW_SECONDS", 0.0)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Path]:
    """The file of a database that a server of pages has open."""
    opened = open_database(f"sqlite:///{tmp_path}/forms.db", keeps_connections=True)
    migrate(opened)
    yield tmp_path / "forms.db"
    opened.close()


@pytest.fixture
def served_elsewhere(postgres_url: str) -> Iterator[str]:
    """The address of a PostgreSQL that a server of pages has open."""
    opened = open_database(postgres_url, keeps_connections=True)
    migrate(opened)
    yield postgres_url
    opened.close_all()


@contextmanager
def held_by_a_stranger(file: Path) -> Iterator[None]:
    """Somebody with another tool, who does not queue."""
    with closing(peewee.sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def count() -> None:
    with writing():
        Counter.create(name=f"count {time.monotonic()}", value=1)


def fault_and_seconds(act: Callable[[], None]) -> tuple[Fault | None, float]:
    began = time.monotonic()
    with pytest.raises(DATABASE_ERRORS) as caught:
        act()
    return fault_of(caught.value), time.monotonic() - began


def test_behind_a_process_that_goes_on_writing_a_server_waits_for_so_long(served: Path) -> None:
    with holding(served.with_name("forms.db.lock")):
        fault, seconds = fault_and_seconds(count)
    assert fault is Fault.LOCKED
    assert SHORT <= seconds < 10 * SHORT
    count()


def test_however_many_wait_none_waits_for_all_the_others(served: Path) -> None:
    told: list[tuple[Fault | None, float]] = []

    def one() -> None:
        told.append(fault_and_seconds(count))
        proxy.close()

    with held_by_a_stranger(served):
        threads = [threading.Thread(target=one) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [fault for fault, _ in told] == [Fault.LOCKED] * 8
    assert max(seconds for _, seconds in told) < 4 * SHORT
    count()


def test_once_somebody_has_waited_in_vain_others_wait_little_until_a_turn_comes(
    served: Path,
) -> None:
    with held_by_a_stranger(served):
        _, first = fault_and_seconds(count)
        _, second = fault_and_seconds(count)
    assert first >= SHORT > second
    count()
    with held_by_a_stranger(served):
        assert fault_and_seconds(count)[1] >= SHORT


def test_where_half_of_the_threads_wait_the_others_soon_answer_again(served: Path) -> None:
    seconds: list[float] = []

    def one() -> None:
        seconds.append(fault_and_seconds(count)[1])
        proxy.close()

    with holding(served.with_name("forms.db.lock")):
        threads = [threading.Thread(target=one) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(one > SHORT / 2 for one in seconds) == turns.MOST_WAITING


def test_a_command_waits_for_its_turn_however_long_it_takes(served: Path) -> None:
    open_database(f"sqlite:///{served}")
    with holding(served.with_name("forms.db.lock")):
        waiting = threading.Thread(target=count)
        waiting.start()
        waiting.join(3 * SHORT)
        assert waiting.is_alive()
    waiting.join()
    assert Counter.select().count() == 1


def test_a_database_that_a_stranger_holds_is_told_at_the_first_look(served: Path) -> None:
    queries.ask_to_write()
    with held_by_a_stranger(served):
        fault, seconds = fault_and_seconds(queries.ask_to_write)
    assert fault is Fault.LOCKED
    assert seconds < 10 * SHORT
    queries.ask_to_write()


def test_a_strangers_lock_is_told_while_writers_of_ours_wait_for_it_in_turn(served: Path) -> None:
    with held_by_a_stranger(served):
        fault_and_seconds(count)
        with holding(served.with_name("forms.db.lock")):
            assert fault_and_seconds(queries.ask_to_write)[0] is Fault.LOCKED


def test_a_long_write_of_ours_is_told_only_where_it_does_not_end(served: Path) -> None:
    with holding(served.with_name("forms.db.lock")):
        queries.ask_to_write()
        time.sleep(SHORT)
        fault, _ = fault_and_seconds(queries.ask_to_write)
    assert fault is Fault.LOCKED
    queries.ask_to_write()


def test_looking_waits_for_nobody_where_something_was_written_just_now(
    served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.health, "_JUST_NOW_SECONDS", 60.0)
    count()
    with held_by_a_stranger(served):
        queries.ask_to_write()


@pytest.mark.usefixtures("served")
def test_a_database_that_takes_nothing_is_told_by_its_cause() -> None:
    proxy.execute_sql("PRAGMA query_only = 1")
    assert fault_and_seconds(queries.ask_to_write)[0] is Fault.READ_ONLY


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [
        "LOCK TABLE counter IN SHARE MODE",
        "LOCK TABLE issue",
        f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})",
    ],
)
def test_a_server_waits_so_long_for_a_lock_on_postgresql(
    served_elsewhere: str, statement: str
) -> None:
    with psycopg.connect(served_elsewhere) as other:
        other.execute(statement)
        if "TABLE" in statement:
            assert fault_and_seconds(queries.ask_to_write)[0] is Fault.LOCKED
        if "issue" not in statement:
            fault, seconds = fault_and_seconds(count)
            assert fault is Fault.LOCKED
            assert seconds < 10 * SHORT
            assert fault_and_seconds(queries.ask_to_write)[0] is Fault.LOCKED
    count()
    queries.ask_to_write()


@pytest.mark.postgres
def test_a_reader_does_not_wait_for_ever_for_somebody_elses_lock(served_elsewhere: str) -> None:
    assert proxy.execute_sql("SHOW lock_timeout").fetchone() == ("10s",)
    assert proxy.execute_sql("SHOW tcp_user_timeout").fetchone() is not None
    address = f"{served_elsewhere}&options=-clock_timeout%3D70"
    opened = open_database(address, keeps_connections=True)
    with psycopg.connect(served_elsewhere) as other:
        other.execute("LOCK TABLE counter")
        assert fault_and_seconds(lambda: Counter.select().count())[0] is Fault.LOCKED
    opened.close_all()


@pytest.mark.postgres
def test_a_postgresql_that_can_only_be_read_takes_no_report(served_elsewhere: str) -> None:
    assert served_elsewhere
    proxy.execute_sql("SET default_transaction_read_only = on")
    assert fault_and_seconds(queries.ask_to_write)[0] is Fault.READ_ONLY

"""A PostgreSQL that took a question and stands still holds nobody for long, and loses nothing."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from forms_app import queries
from forms_app.store import kept_postgres, patience, turns
from forms_app.store.counts import Counter
from forms_app.store.database import WRITERS_LOCK, open_database, proxy, rest, writing
from forms_app.store.faults import DATABASE_ERRORS, Fault, fault_of
from forms_app.store.schema import migrate
from tests.support.held_line import Line, held_line
from tests.support.visitors import until

pytestmark = pytest.mark.postgres

LONG, LITTLE = 1.2, 0.3
THREADS = 8
CONNECTING = 2  # seconds, the least that PostgreSQL's library knows


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LONGEST_SECONDS", LONG)
    monkeypatch.setattr(patience, "LITTLE_SECONDS", LITTLE)
    monkeypatch.setattr(kept_postgres, "_BELIEVED_SECONDS", LITTLE)
    monkeypatch.setattr(queries.health, "_ANSWER_SECONDS", LITTLE)
    monkeypatch.setattr(queries.health, "_JUST_NOW_SECONDS", 0.0)
    monkeypatch.setattr(queries.health, "_WRITTEN", (Counter,))
    monkeypatch.setattr(turns, "LONGEST_SECONDS", LONG)


@pytest.fixture
def line(postgres_url: str, tmp_path: Path) -> Iterator[Line]:
    """The line of a server of pages to its database."""
    with held_line(postgres_url, tmp_path) as (url, held):
        opened = open_database(f"{url}&connect_timeout={CONNECTING}", keeps_connections=True)
        opened.create_tables([Counter])
        rest()
        yield held
        held.let_go()
        opened.close_all()


def ask() -> None:
    try:
        proxy.execute_sql("SELECT 1")
    finally:
        rest()


def count(name: str) -> None:
    try:
        with writing():
            Counter.create(name=name, value=1)
    finally:
        rest()


def counted() -> list[str]:
    return sorted(one.name for one in Counter.select(Counter.name).where(Counter.value == 1))


def at_once(act: Callable[[int], object], threads: int = THREADS) -> list[float]:
    """How long it took each of them to be told that the database cannot be reached, in order."""
    told: list[float] = []

    def one(number: int) -> None:
        began = time.monotonic()
        with pytest.raises(DATABASE_ERRORS) as caught:
            act(number)
        assert fault_of(caught.value) is Fault.UNREACHABLE
        told.append(time.monotonic() - began)

    everybody = [threading.Thread(target=one, args=(n,), daemon=True) for n in range(threads)]
    for thread in everybody:
        thread.start()
    for thread in everybody:
        thread.join(10)
    assert len(told) == threads
    return sorted(told)


def test_where_nothing_is_answered_most_threads_are_free_soon_and_all_in_time(line: Line) -> None:
    ready = threading.Barrier(THREADS, action=line.hold)

    def one(_number: int) -> None:
        proxy.execute_sql("SELECT 1")
        ready.wait(5)
        ask()

    told = at_once(one)
    assert told[THREADS - patience.MOST_WAITING - 1] < LONG
    assert LONG <= told[-1] < 3 * LONG


def test_a_process_that_stands_still_is_passed_over_before_it_is_asked_anything(line: Line) -> None:
    ask()
    line.hold(new_ones=False)
    began = time.monotonic()
    ask()
    assert time.monotonic() - began < LONG


def test_one_that_stands_still_while_it_is_asked_is_the_last_that_does(line: Line) -> None:
    proxy.execute_sql("SELECT 1")
    line.hold(new_ones=False)
    with pytest.raises(DATABASE_ERRORS) as caught:
        ask()
    assert fault_of(caught.value) is Fault.UNREACHABLE
    ask()


def test_how_it_stands_is_told_soon_and_so_is_that_it_goes_on(line: Line) -> None:
    ask()
    line.hold()
    [seconds] = at_once(lambda _: queries.ask(), 1)
    assert seconds < CONNECTING + LONG
    rest()
    line.let_go()

    def answers() -> bool:
        with suppress(DATABASE_ERRORS):
            queries.ask()
            queries.ask_to_write()
            return True
        return False

    until(answers, 5)


def test_what_was_not_told_to_be_saved_is_not_half_there(line: Line) -> None:
    count("before")

    def write() -> None:
        with writing():
            Counter.create(name="half", value=1)
            line.hold()
            Counter.create(name="the other half", value=1)

    with pytest.raises(DATABASE_ERRORS) as caught:
        write()
    assert fault_of(caught.value) is Fault.UNREACHABLE
    rest()
    line.let_go()

    def comes_after() -> bool:
        with suppress(DATABASE_ERRORS):
            count("after")
            return True
        return False

    until(comes_after, 5)
    assert counted() == ["after", "before"]


def test_a_server_waits_for_another_that_changes_the_tables(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = "def up(migrator, db):\n    db.execute_sql('CREATE TABLE told (words TEXT)')\n"
    (tmp_path / "0001_told.py").write_text(change)
    monkeypatch.setattr("forms_app.store.schema.MIGRATIONS", tmp_path)
    monkeypatch.setattr("forms_app.store.database._BOUNDS", {"options": "-c lock_timeout=300ms"})
    opened = open_database(postgres_url, keeps_connections=True)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (WRITERS_LOCK,))
        done = threading.Thread(target=migrate, args=(opened,), daemon=True)
        done.start()
        done.join(2 * LONG)
        assert done.is_alive()
        other.execute("SELECT pg_advisory_unlock(%s)", (WRITERS_LOCK,))
        done.join(10)
    assert not done.is_alive()
    assert "told" in opened.get_tables()
    opened.close_all()

"""How long an answer of PostgreSQL is waited for: a server that took a question and then stands
still keeps its line open, and no timeout of the line ends that.

It needs the driver, which is an extra: loaded by name where there is such a database.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import peewee
import psycopg
from psycopg.abc import PQGen

from forms_app.files.locks import FOR_EVER

# The server itself gives up a table's lock after ten, and says so.
LONGEST_SECONDS = 15.0
LITTLE_SECONDS = 2.0
MOST_WAITING = 3  # for long: as many may wait for a turn to write, and others must be answered

R = TypeVar("R")

_counting = threading.Lock()
_waiting = 0
_block = threading.local()


@contextmanager
def answered_within(seconds: float) -> Iterator[None]:
    """A block in which this thread waits so long for each answer; within another the shorter."""
    before: float | None = getattr(_block, "seconds", None)
    _block.seconds = seconds if before is None else min(seconds, before)
    try:
        yield
    finally:
        _block.seconds = before


class Adapter(peewee.Psycopg3Adapter):
    """Peewee's way to the driver, with connections that do not wait for ever."""

    def __init__(self, gave_up: Callable[[], None]) -> None:
        super().__init__()
        self._gave_up = gave_up

    def connect(self, db: peewee.Database, **params: Any) -> "Connection":
        """Made as any other; `gave_up` is called where one of its answers does not come."""
        made = Connection.connect(dbname=db.database, **params)
        made.gave_up = self._gave_up
        return made


class Connection(psycopg.Connection[Any]):
    """One whose every wait has an end."""

    gave_up: Callable[[], None]

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """The answer. A line on which none comes is closed: whatever comes later is not ours."""
        seconds = getattr(_block, "seconds", None) or LONGEST_SECONDS
        if seconds == FOR_EVER:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(_bounded(gen, seconds), interval, timeout)
        except psycopg.errors.ConnectionTimeout:
            self.close()
            self.gave_up()
            raise


def _bounded(gen: PQGen[R], seconds: float) -> PQGen[R]:
    """The same steps. Raises ConnectionTimeout where nothing has come for so long, or for a little
    while enough others wait for long.
    """
    began = time.monotonic()
    is_long = False
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            waited = time.monotonic() - began
            if not ready and waited >= min(LITTLE_SECONDS, seconds):
                is_long = is_long or _may_wait_long()
                if not is_long or waited >= seconds:
                    raise psycopg.errors.ConnectionTimeout("timeout expired")
            wanted = gen.send(ready)
    except StopIteration as done:
        answer: R = done.value
        return answer
    finally:
        if is_long:
            _waits_no_more()


def _may_wait_long() -> bool:
    global _waiting
    with _counting:
        if _waiting >= MOST_WAITING:
            return False
        _waiting += 1
        return True


def _waits_no_more() -> None:
    global _waiting
    with _counting:
        _waiting -= 1

"""Whose turn it is to write: one after another, in this process and among processes.

Waiting in a queue is fairer and faster than SQLite's own retries. A server of pages waits so long
and no longer, and with few of its threads: one that waits answers nobody. Where those wait already,
or nobody gets a turn, whoever comes after waits little.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import peewee

from forms_app.files.locks import FOR_EVER, Locked, take
from forms_app.store.wrapped import innermost

# Behind others of ours: a sheet of many thousand rows is taken in one go.
LONGEST_SECONDS = 20.0
LITTLE_SECONDS = 2.0
MOST_WAITING = 3  # for long, behind the one whose turn it is: half of a server's threads
_LOOK_AGAIN_SECONDS = 0.005  # a writer takes a few milliseconds

_SQLITE = peewee.sqlite3  # type: ignore[attr-defined]  # the one that Peewee found
_LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's, where `lock_timeout` is over

_one_writer = threading.Lock()
_counting = threading.Lock()
_waiting = 0
_lock_file: Path | None = None
_longest = FOR_EVER
_came_at = float("-inf")  # the last turn that was had to its end
_blocked_since: float | None = None  # nobody has had one since then, though somebody wanted to
_is_a_strangers = False  # the database itself said so, as long as nobody has had one since


class NoTurn(peewee.OperationalError):
    """Others have been writing for as long as one waits; nothing was changed."""


def open_for(lock_file: Path | None, *, is_bounded: bool) -> None:
    """Writers of a database wait for one another from now on: along this file, if it is one's own
    machine's; `is_bounded` for a server of pages.
    """
    global _lock_file, _longest, _came_at, _blocked_since, _is_a_strangers
    _lock_file = lock_file
    _longest = LONGEST_SECONDS if is_bounded else FOR_EVER
    _came_at, _blocked_since, _is_a_strangers = float("-inf"), None, False


def is_blocked() -> bool:
    """Whether nobody gets a turn, and it is not only a long one of ours that will end."""
    since = _blocked_since
    is_long = since is not None and time.monotonic() - since >= LONGEST_SECONDS
    return is_long or _is_a_strangers


def came_within(seconds: float) -> bool:
    """Whether somebody in this process has written so lately."""
    return time.monotonic() - _came_at <= seconds


@contextmanager
def turn(wait_seconds: float | None = None) -> Iterator[float]:
    """Waits for a turn, so long or as is usual, and holds it for a block, which gets the seconds
    that are left of those.

    What the database says of its own locks in the block counts as waiting, too. Raises NoTurn.
    """
    global _came_at, _blocked_since, _is_a_strangers
    began = time.monotonic()
    try:
        with _queued(began, wait_seconds) as until:
            yield until - time.monotonic()
    except peewee.OperationalError as error:
        if isinstance(error, NoTurn):
            _blocked_since = began if _blocked_since is None else _blocked_since
        elif is_locked(error):
            _is_a_strangers = True
        raise
    _came_at, _blocked_since, _is_a_strangers = time.monotonic(), None, False


@contextmanager
def _queued(began: float, wait_seconds: float | None) -> Iterator[float]:
    with ExitStack() as held:
        with _counted(wait_seconds) as seconds:
            until = began + seconds
            if not _one_writer.acquire(timeout=-1 if seconds == FOR_EVER else seconds):
                raise NoTurn("a thread is writing")
            held.callback(_one_writer.release)
            if _lock_file is not None:
                held.enter_context(_locked(_lock_file, max(until - time.monotonic(), 0.0)))
        yield until


@contextmanager
def _counted(wait_seconds: float | None) -> Iterator[float]:
    """One more that waits, and how many seconds it should."""
    global _waiting
    with _counting:
        is_crowded = _waiting >= MOST_WAITING or is_blocked()
        usual = LITTLE_SECONDS if is_crowded and _longest != FOR_EVER else _longest
        _waiting += 1
    try:
        yield usual if wait_seconds is None else wait_seconds
    finally:
        with _counting:
            _waiting -= 1


def _locked(file: Path, seconds: float) -> IO[bytes]:
    # Never the database file itself: closing a handle on it would drop SQLite's locks.
    try:
        return take(file, wait_seconds=seconds, look_again_seconds=_LOOK_AGAIN_SECONDS)
    except Locked:
        raise NoTurn("a process is writing") from None
    except OSError as error:
        # The folder is gone or closed to us, and so is the database in it.
        raise peewee.OperationalError(error, "no lock for writing") from error


def is_locked(error: peewee.OperationalError) -> bool:
    """Whether the database itself says that another holds what was wanted."""
    inner = innermost(error)
    code: int | None = getattr(inner, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in (_SQLITE.SQLITE_BUSY, _SQLITE.SQLITE_LOCKED)
    return getattr(inner, "sqlstate", None) == _LOCK_NOT_AVAILABLE

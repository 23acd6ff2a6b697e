"""File locks between processes: each ends with the handle that holds it, come what may.

A program that is handed the handle, and outlives its parent, keeps the lock until it has ended too.
"""

import errno
import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from forms_app.rules.os_words import why
from forms_app.rules.refused import Refused

FOR_EVER = float("inf")
_LOOK_AGAIN_SECONDS = 0.1


class Locked(Exception):
    """Somebody else holds the lock, and the time to wait for it is over."""


class LockUnusable(Refused, OSError):
    """The file of the lock cannot be opened or locked; the text says which, and what to do."""

    def __str__(self) -> str:
        return f"锁文件 {self.filename} 用不了（{why(self)}），请检查文件夹的权限和磁盘空间。"


def take(
    path: Path,
    *,
    shared: bool = False,
    wait_seconds: float = 0,
    look_again_seconds: float = _LOOK_AGAIN_SECONDS,
) -> IO[bytes]:
    """The handle that holds the lock of this file until it and its copies are closed.

    Only `shared` ones go together. Raises Locked and LockUnusable.
    """
    try:
        handle = _opened(path)
        try:
            kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            _lock(handle, kind, wait_seconds, look_again_seconds)
        except BaseException:
            handle.close()
            raise
    except OSError as error:
        raise LockUnusable(error.errno, error.strerror, str(path)) from error
    return handle


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("ab")
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return path.open("rb")  # on a disk that went read-only: it can be locked all the same


@contextmanager
def holding(path: Path, *, wait_seconds: float = 0) -> Iterator[int]:
    """Holds the lock for a block, which gets its file descriptor.

    Raises Locked and LockUnusable.
    """
    with take(path, wait_seconds=wait_seconds) as handle:
        yield handle.fileno()


def _lock(handle: IO[bytes], kind: int, wait_seconds: float, look_again_seconds: float) -> None:
    if wait_seconds == FOR_EVER:
        fcntl.flock(handle, kind)
        return
    until = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Locked from None
            time.sleep(look_again_seconds)

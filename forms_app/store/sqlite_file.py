"""A SQLite database that notices when its file is taken away or another is put in its place.

SQLite itself goes on writing into a file that has no name any more: what it says is saved then
is gone with the process.
"""

import os
import threading
import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import peewee

_SQLITE: Any = peewee.sqlite3  # type: ignore[attr-defined]  # the one that Peewee found

_BESIDE = ("", "-wal", "-shm")
_AGAIN_SECONDS = 0.02
_OTHERS = 0o077  # what a mode says of anybody but the owner


class FileGone(peewee.OperationalError):
    """The database's file was removed or replaced below a running program."""


class SqliteFile(peewee.SqliteDatabase):
    """Knows its file by device and inode, from its first connection on.

    Every statement asks first whether it is still there. Raises FileGone.
    """

    _file: tuple[int, int] | None = None

    def _connect(self) -> Any:
        self.stay()
        self._reading.only = False
        try:
            connection = self._connect_in_turn()
        except _SQLITE.OperationalError as error:
            if _is_busy(error) or not self._may_be_read():
                raise
            connection = self._connect_to_read()
        self._keep_to_owner()
        if self._file is None:
            self._file = _file_at(self.database)
        try:
            self.stay()  # connecting may just have made a new one
        except peewee.OperationalError:
            connection.close()
            raise
        return connection

    def _connect_in_turn(self) -> Any:
        """Two that find a new file both lay its log: SQLite turns one of them away at once."""
        until = time.monotonic() + self.timeout
        while True:
            try:
                return super()._connect()  # type: ignore[misc]  # not in Peewee's stubs
            except _SQLITE.OperationalError as error:
                if not _is_busy(error) or time.monotonic() > until:
                    raise
            time.sleep(_AGAIN_SECONDS)

    @property
    def only_reads(self) -> bool:
        """Whether this thread's connection was made for reading alone: it goes on so when the disk
        is well again, and should not be kept.
        """
        return bool(getattr(self._reading, "only", False))

    @cached_property
    def _reading(self) -> threading.local:
        return threading.local()

    def _may_be_read(self) -> bool:
        """Whether the file alone says all: nothing is left in a log that is yet to be read in."""
        path = Path(self.database)
        log = path.with_name(f"{path.name}-wal")
        return path.exists() and (not log.exists() or log.stat().st_size == 0)

    def _connect_to_read(self) -> Any:
        """For a full disk, which has no room for the file that SQLite shares among processes."""
        self._reading.only = True
        address = f"file:{quote(self.database)}?immutable=1"
        connection = _SQLITE.connect(address, uri=True, isolation_level=None)
        self._load_functions(connection)  # type: ignore[attr-defined]
        return connection

    def _keep_to_owner(self) -> None:
        """Lets nobody else read the file, nor what SQLite lays beside it.

        By their names: closing a handle of ours on them would drop SQLite's locks.
        """
        for end in _BESIDE:
            path = Path(f"{self.database}{end}")
            with suppress(OSError):  # not there, or on a disk that can only be read
                if path.stat().st_mode & _OTHERS:
                    path.chmod(0o600)

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        self.stay()
        try:
            return super().execute_sql(sql, params)  # type: ignore[no-untyped-call]
        except peewee.OperationalError as error:
            if _is_read_only(error):
                self._reading.only = True
            raise

    def stay(self) -> None:
        """Does nothing while the file is the one that was opened. Raises FileGone."""
        if self._file is None:
            return
        try:
            found = _file_at(self.database)
        except FileNotFoundError as error:
            if not Path(self.database).parent.exists():  # a disk that is not there just now
                raise peewee.OperationalError(error, "the folder is gone") from error
            found = None
        except OSError as error:
            raise peewee.OperationalError(error, "the folder is closed") from error
        if found != self._file:
            raise FileGone("the file is gone")


def _is_read_only(error: peewee.OperationalError) -> bool:
    """Whether the connection takes nothing, as SQLite opens a file that was read-only then."""
    return bool(_kind(error.__context__) == _SQLITE.SQLITE_READONLY)


def _is_busy(error: Exception) -> bool:
    """Whether another has the file just now, though nothing is wrong with it."""
    return _kind(error) in (_SQLITE.SQLITE_BUSY, _SQLITE.SQLITE_LOCKED)


def _kind(error: BaseException | None) -> int:
    """SQLite's primary result code, 0 for what is not its own."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _file_at(path: str) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116 (asked with every statement)
    return found.st_dev, found.st_ino

"""A SQLite database that notices when its file is taken away or another is put in its place.

SQLite itself goes on writing into a file that has no name any more: what it says is saved then
is gone with the process.
"""

import os
from pathlib import Path
from typing import Any

import peewee


class FileGone(peewee.OperationalError):
    """The database's file was removed or replaced below a running program."""


class SqliteFile(peewee.SqliteDatabase):
    """Knows its file by device and inode, from its first connection on.

    Every statement asks first whether it is still there. Raises FileGone.
    """

    _file: tuple[int, int] | None = None

    def _connect(self) -> Any:
        self.stay()
        connection = super()._connect()  # type: ignore[misc]  # not in Peewee's stubs
        if self._file is None:
            self._file = _file_at(self.database)
        try:
            self.stay()  # connecting may just have made a new one
        except peewee.OperationalError:
            connection.close()
            raise
        return connection

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        self.stay()
        return super().execute_sql(sql, params)  # type: ignore[no-untyped-call]

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


def _file_at(path: str) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116 (asked with every statement)
    return found.st_dev, found.st_ino

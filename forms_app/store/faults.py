"""What an error of the database means: a fault of its surroundings, or one of ours.

It reads the codes that the drivers give, SQLite's result codes and PostgreSQL's SQLSTATEs, rather
than words. What a log may hold of an error's own words is decided here, too.
"""

import errno
import re
import sqlite3
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

import peewee

from forms_app.rules.os_words import FAULTS
from forms_app.store.row import Row
from forms_app.store.sqlite_file import FileGone
from forms_app.store.turns import NoTurn
from forms_app.store.wrapped import innermost


class Fault(StrEnum):
    """Why the database cannot do its part just now, whatever it is asked."""

    UNREACHABLE = "unreachable"
    LOCKED = "locked"
    FULL = "full"
    READ_ONLY = "read-only"
    GONE = "gone"  # removed, or another put in its place
    DAMAGED = "damaged"  # what lies on the disk is not what was written there


DATABASE_ERRORS: tuple[type[Exception], ...] = (peewee.DatabaseError, peewee.InterfaceError)
# The disk below the database holds photos and uploads as well, and is as full for them.
MAY_BE_FAULTS: tuple[type[Exception], ...] = (*DATABASE_ERRORS, OSError)

_DISK: Mapping[int, Fault] = {
    errno.ENOSPC: Fault.FULL,
    errno.EDQUOT: Fault.FULL,
    errno.EROFS: Fault.READ_ONLY,
    errno.EIO: Fault.UNREACHABLE,
}
_SQLITE: Mapping[int, Fault] = {
    sqlite3.SQLITE_CANTOPEN: Fault.UNREACHABLE,
    sqlite3.SQLITE_IOERR: Fault.UNREACHABLE,
    sqlite3.SQLITE_BUSY: Fault.LOCKED,
    sqlite3.SQLITE_LOCKED: Fault.LOCKED,
    sqlite3.SQLITE_PROTOCOL: Fault.LOCKED,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: Fault.DAMAGED,
}
_PRIMARY_CODE = 0xFF  # the rest of an extended code says more of the same
# By the beginning of the SQLSTATE.
_POSTGRES: Mapping[str, Fault] = {
    "08": Fault.UNREACHABLE,  # connection exception
    "28": Fault.UNREACHABLE,  # not let in
    "3D000": Fault.UNREACHABLE,  # no such database
    "53300": Fault.UNREACHABLE,  # too many connections
    "57P": Fault.UNREACHABLE,  # shut down, crashed, or starting
    "58030": Fault.UNREACHABLE,  # I/O error
    "40001": Fault.LOCKED,  # another transaction was faster
    "40P01": Fault.LOCKED,  # deadlock
    "55P03": Fault.LOCKED,  # lock not available
    "53100": Fault.FULL,
    "25006": Fault.READ_ONLY,  # a standby
    "XX001": Fault.DAMAGED,  # data corrupted
    "XX002": Fault.DAMAGED,  # index corrupted
}

# Of the drivers' own words, those that say what went wrong. Values are never among them.
_SAID = frozenset(
    """
    no such table has column named does exist exists not ambiguous syntax error near incomplete
    input for
    constraint failed UNIQUE CHECK FOREIGN KEY NOT NULL duplicate violates unique check foreign
    database or file malformed encrypted disk image full locked readonly unable to open
    connection is closed bad refused server unexpectedly timeout expired
    too long type character varying datatype mismatch out of range invalid
    bindings supplied binding parameter unsupported already nested transaction deadlock detected
    """.split()  # noqa: SIM905 - words, as they stand in a sentence
)


def fault_of(error: BaseException) -> Fault | None:
    """The fault behind an error; None where it is a mistake in a program, or no database's."""
    return _read(_telling(error))


def told(error: BaseException) -> str:
    """What a log may hold of a database's error: its kind, its code, and words of our own.

    `OperationalError SQLITE_ERROR no such column description`. A driver's sentence may quote what
    somebody wrote (a key that is there twice, a text that is no number, a search), so of its first
    line only words remain that say what went wrong or name our tables and columns.
    """
    error = _telling(error)
    inner = innermost(error)
    code = (
        getattr(inner, "sqlite_errorname", None)
        or getattr(inner, "sqlstate", None)
        or errno.errorcode.get(getattr(inner, "errno", None) or 0)
    )
    sentence = "" if isinstance(inner, OSError) else str(inner).partition("\n")[0]
    words = [w for w in re.findall(r"\w+", sentence) if w in _SAID or w in _names()]
    return " ".join([type(error).__name__, *([code] if code else []), *words])


def _telling(error: BaseException) -> BaseException:
    """Of an error and those it came after the first that is a fault, else the error itself.

    When its disk is full SQLite ends the transaction, and then Peewee finds none to roll back.
    """
    if isinstance(error, MAY_BE_FAULTS):
        earlier: BaseException | None = error
        while earlier is not None:
            if isinstance(earlier, MAY_BE_FAULTS) and _read(earlier) is not None:
                return earlier
            earlier = earlier.__context__
    return error


def _read(error: BaseException) -> Fault | None:
    if isinstance(error, FileGone):
        return Fault.GONE
    if isinstance(error, NoTurn):
        return Fault.LOCKED
    inner = innermost(error)
    if isinstance(inner, OSError):
        # What keeps the database's own files from being reached came wrapped.
        return _DISK.get(inner.errno or 0) or (Fault.UNREACHABLE if inner is not error else None)
    result_code: int | None = getattr(inner, "sqlite_errorcode", None)
    if result_code is not None:
        return _SQLITE.get(result_code & _PRIMARY_CODE)
    if not hasattr(inner, "sqlstate"):
        return None
    if inner.sqlstate is None:
        # What the server says has a code; without one, there was no server to say anything.
        return Fault.UNREACHABLE if isinstance(error, peewee.OperationalError) else None
    return next((f for code, f in _POSTGRES.items() if inner.sqlstate.startswith(code)), None)


@cache
def _names() -> frozenset[str]:
    """The names of all tables and columns."""
    tables = [model._meta for model in Row.__subclasses__()]
    return frozenset(name for table in tables for name in (table.table_name, *table.columns))


def in_words(error: Exception) -> str:
    """What keeps the database from its part, in the office's words; else the error's own."""
    fault = fault_of(error)
    return str(error) if fault is None else FAULTS[fault]

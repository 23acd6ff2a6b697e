"""Connections to PostgreSQL that a server of pages keeps, and how long it waits for a new one.

Peewee's pool makes one after the other: behind a server that does not answer, the last of eight
threads would wait eight times as long. Who waited behind one that got none is told so at once.
"""

import time
from typing import Any

import peewee
from playhouse.pool import PooledPostgresqlDatabase

_LONG_SECONDS = 1.0  # whoever was refused at once may ask again at once
_BELIEVED_SECONDS = 5.0


class _Answering(peewee.PostgresqlDatabase):
    _silent_until = float("-inf")

    def _connect(self) -> Any:
        began = time.monotonic()
        if began < self._silent_until:
            silent = TimeoutError("it did not answer a moment ago")
            raise peewee.OperationalError(silent, "no connection")
        made = None
        try:
            made = super()._connect()  # type: ignore[misc]  # not in Peewee's stubs
        finally:
            if made is None and time.monotonic() - began >= _LONG_SECONDS:
                self._silent_until = time.monotonic() + _BELIEVED_SECONDS
        return made


class KeptPostgres(PooledPostgresqlDatabase, _Answering):  # type: ignore[misc]  # no types
    """The pool: whoever takes a connection asks it first whether it still answers."""

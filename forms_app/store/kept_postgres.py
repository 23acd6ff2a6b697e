"""Connections to PostgreSQL that a server of pages keeps, and how long it waits for a new one.

Peewee's pool makes one after the other: behind a server that does not answer, the last of eight
threads would wait eight times as long. Who waited behind one that got none is told so at once.
"""

import time
from importlib import import_module
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
    """The pool: whoever takes a connection asks it first whether it still answers. Where an answer
    did not come, those that lie idle are believed no more than the one that was asked.
    """

    _is_doubted = False
    _patience: Any = None

    def init(self, database: str | None, *said: Any, **options: Any) -> None:
        super().init(database, *said, **options)
        if getattr(peewee, "psycopg", None) is not None:  # else connecting says so
            self._patience = import_module("forms_app.store.patience")
            self._adapter = self._patience.Adapter(self._doubt)

    def _doubt(self) -> None:
        self._is_doubted = True

    def _connect(self) -> Any:
        self._forget_doubted()
        return super()._connect()

    def _is_closed(self, connection: Any) -> bool:
        # Whoever takes one holds the lock that all others take theirs behind.
        with self._patience.answered_within(self._patience.LITTLE_SECONDS):
            is_closed: bool = super()._is_closed(connection)
        self._forget_doubted()
        return is_closed

    def _forget_doubted(self) -> None:
        if self._is_doubted:
            self._is_doubted = False
            self.close_idle()

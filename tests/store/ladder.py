"""Databases of every old version, without migrating each from nothing: one is led from version to
version, and every test goes on from a copy of it.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playhouse.migrations import Runner

from forms_app.store.database import open_database
from forms_app.store.schema import MIGRATIONS
from tests.conftest import new_postgres

FRESH = ""  # before the first migration


class Ladder:
    """A database that goes up, and is begun anew where an older version than its own is asked for.

    `empty` and `copy` give addresses, of a new database and of a copy of the one at an address.
    """

    def __init__(
        self,
        empty: Callable[[], AbstractContextManager[str]],
        copy: Callable[[str], AbstractContextManager[str]],
    ) -> None:
        self._empty, self._copy = empty, copy
        self._stack = ExitStack()
        self._rung = FRESH
        self._address = ""

    def at(self, migration: str) -> AbstractContextManager[str]:
        """The address of a copy of which this migration is the last."""
        if not self._address or migration < self._rung:
            self.close()
            self._address, self._rung = self._stack.enter_context(self._empty()), FRESH
        if migration != self._rung:
            with closing(open_database(self._address)) as opened:
                Runner(opened, str(MIGRATIONS)).up(target=migration)
            self._rung = migration
        return self._copy(self._address)

    def close(self) -> None:
        """Drops what it stands on."""
        self._stack.close()
        self._address = ""


def of_files(folder: Path) -> Ladder:
    """One of SQLite's, within this folder."""
    made = 0

    @contextmanager
    def place() -> Iterator[str]:
        nonlocal made
        made += 1
        own = folder / str(made)
        own.mkdir()
        yield f"sqlite:///{own / 'forms.db'}"
        shutil.rmtree(own)

    @contextmanager
    def copy(address: str) -> Iterator[str]:
        # Whoever closes it last writes the log of SQLite into the file: it is whole.
        with place() as other:
            shutil.copy(address.removeprefix("sqlite:///"), other.removeprefix("sqlite:///"))
            yield other

    return Ladder(place, copy)


def of_postgres() -> Ladder:
    """One of PostgreSQL's: it copies a database in a fiftieth of the time of migrating one."""
    return Ladder(new_postgres, lambda address: new_postgres(urlsplit(address).path.strip("/")))

"""The community's data as they are now: read again when the office has changed a file.

A change that cannot be used leaves the last good data; the administrator's page of checks and
`scripts/circle check-data` tell why.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from forms_app.community import Circle, DataError, DataRefused, load, what_is_refused

LOOK_AGAIN_SECONDS = 2.0

_Stamp: TypeAlias = tuple[tuple[str, int, int], ...]  # name, time of change, size

_log = logging.getLogger(__name__)


class CurrentCircle:
    """Holds one Circle for all threads; looks at the files at most every so many seconds."""

    def __init__(
        self,
        folder: Path,
        circle: Circle,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
        taken_up: Callable[[], None] = lambda: None,
        with_names: Callable[[Circle], Circle] = lambda circle: circle,
    ) -> None:
        """`taken_up` is called when a change was; `with_names` gives what the files do not say."""
        self._taken_up = taken_up
        self._with_names = with_names
        self._folder = folder
        self._circle = with_names(circle)
        self._look_again_seconds = look_again_seconds
        self._stamp = self._stamp_of_files()
        self._refused: tuple[_Stamp | None, tuple[DataError, ...]] = ((), ())
        self._state: tuple[_Stamp | None, str] = ((), "")
        self._look_at = time.monotonic() + look_again_seconds
        self._lock = threading.Lock()

    def get(self) -> Circle:
        """The newest data that could be used."""
        if time.monotonic() >= self._look_at and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._circle

    @property
    def refused(self) -> tuple[DataError, ...]:
        """What is wrong with the files as they are now; looked for once for each state."""
        self.get()
        stamp = self._stamp
        if self._refused[0] is not stamp:
            with suppress(OSError):  # they are being replaced: the next who asks looks again
                self._refused = (stamp, what_is_refused(self._folder))
        return self._refused[1]

    @property
    def changed_at(self) -> datetime:
        """When one of the files was changed last, as far as it is known."""
        self.get()
        newest = max((changed for _, changed, _ in self._stamp or ()), default=0)
        return datetime.fromtimestamp(newest // 10**9, UTC)

    def look_now(self) -> None:
        """Somebody has just written a file, and wants to see it."""
        self._look_at = 0.0

    @property
    def state(self) -> str:
        """What tells the data as they are now from those of another time."""
        self.get()
        stamp = self._stamp
        if self._state[0] is not stamp:
            self._state = (stamp, hashlib.sha256(repr(stamp).encode()).hexdigest())
        return self._state[1]

    def _look(self) -> None:
        self._look_at = time.monotonic() + self._look_again_seconds
        stamp = self._stamp_of_files()
        if stamp is None or stamp == self._stamp:
            return
        before, self._stamp = self._stamp, stamp
        try:
            self._circle = self._with_names(load(self._folder))
            self._taken_up()
        except DataRefused as refused:
            _log.warning("data/community has %d errors; the old data stay", len(refused.errors))
        except OSError as error:
            _log.warning("data/community cannot be read (%s); the old data stay", error)
            self._stamp = before  # so that the next look tries again

    def _stamp_of_files(self) -> _Stamp | None:
        """What tells one state of the files from another; None while they are being replaced."""
        try:
            files = [file for file in self._folder.rglob("*") if file.is_file()]
            facts = [(str(file), file.stat()) for file in files]
        except OSError:
            # A file that was listed is gone: somebody is copying a new version over the old one.
            return None
        return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in facts))

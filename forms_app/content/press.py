"""The site made anew at somebody's wish, in a process of its own: going on, and how the last went.

Pressed while it goes on, it goes on once more afterwards: what was saved meanwhile is not missed.
"""

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from forms_app.rules.os_words import why

COMMAND = (sys.executable, "-m", "forms_app.commands.cli", "publish")


class Pressing(Struct, frozen=True):
    """One making of the site: since when, until when, and what it said."""

    began_at: datetime
    ended_at: datetime | None = None
    is_good: bool = False
    said: str = ""

    @property
    def seconds(self) -> int:
        """How long it took."""
        return int((self.ended_at - self.began_at).total_seconds()) if self.ended_at else 0


class Press:
    """One for the whole server."""

    def __init__(
        self,
        root: Path,
        command: Sequence[str] = COMMAND,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._root, self._command, self._clock = root, tuple(command), clock
        self._lock = threading.Lock()
        self._wanted_again = False
        self._now: Pressing | None = None
        self.last: Pressing | None = None

    @property
    def now(self) -> Pressing | None:
        """What is going on; None for nothing."""
        return self._now

    def start(self) -> None:
        """Has the site made; where it is being made already, once more when that is done."""
        with self._lock:
            if self._now is not None:
                self._wanted_again = True
                return
            self._now = Pressing(self._clock())
        threading.Thread(target=self._run, daemon=True, name="press").start()

    def _run(self) -> None:
        while self._now is not None:
            began_at = self._now.began_at
            is_good, said = self._made()
            with self._lock:
                self.last = Pressing(began_at, self._clock(), is_good, said)
                self._now = Pressing(self._clock()) if self._wanted_again else None
                self._wanted_again = False

    def _made(self) -> tuple[bool, str]:
        try:
            done = subprocess.run(  # noqa: S603 (our own program and words)
                self._command, cwd=self._root, capture_output=True, text=True, check=False,
            )  # fmt: skip
        except OSError as error:  # no memory for a process
            return False, why(error)
        return done.returncode == 0, (done.stderr if done.returncode else done.stdout).strip()

"""What falls due while a server runs: told by a tick in a process of its own, when it is due.

Whether anything is, is asked here every second, with a few reads along indexes. The process that
ticks stays as long as there is work and a minute longer: Python started anew each time would tell
of ten minutes that are over a second or two later, and cost more than the work.
"""

import io
import logging
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

from forms_app import casework
from forms_app.commands.claims import has_tick, note_there
from forms_app.community import Circle
from forms_app.files.looked import note_look
from forms_app.settings import Settings
from forms_app.store.database import rest
from forms_app.store.faults import DATABASE_ERRORS, told

LOOK_SECONDS = 1.0
AFTER_FAILURE_SECONDS = 30.0
NOTE_SECONDS = 60.0
TELL_AGAIN_SECONDS = 3600.0

_log = logging.getLogger(__name__)


class Watch:
    """Looks again and again, in the background, until it is ended or the process ends."""

    def __init__(
        self, settings: Settings, circle: Callable[[], Circle], *, ticks_first: bool = False
    ) -> None:
        """`ticks_first`, whether or not something is due: something is still to be made."""
        self._ticks_first = ticks_first
        self.looked_at = datetime.now(UTC)
        self._circle = circle
        self._settings, self._noted_at = settings, float("-inf")
        self._ticking = Ticking(settings.root)
        self._is_behind = False  # a tick has failed, and what it was for is still to be done
        self._is_over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True, name="watch")
        self.thread.start()

    def end(self) -> None:
        """Another server's watch takes over; what is being sent is sent."""
        self._is_over.set()

    def _run(self) -> None:
        last, last_at = "", 0.0
        pause = LOOK_SECONDS
        while not self._is_over.wait(pause):
            failure = self._look()
            # The same failure again and again would only hide the others.
            is_old = failure == last and time.monotonic() - last_at < TELL_AGAIN_SECONDS
            if failure and not is_old:
                _log.warning("tick: %s", failure)
                last, last_at = failure, time.monotonic()
            if not failure:
                if not self._is_behind:
                    self.looked_at = datetime.now(UTC)
                self._note()
            pause = AFTER_FAILURE_SECONDS if failure else LOOK_SECONDS
        self._ticking.end()

    def _note(self) -> None:
        if time.monotonic() - self._noted_at >= NOTE_SECONDS:
            self._noted_at = time.monotonic()
            if not self._is_behind:
                note_look(self._settings.private_dir)
            try:
                note_there(self._settings)
            except DATABASE_ERRORS as error:
                _log.warning("servers: %s", told(error))
            finally:
                rest()

    def _look(self) -> str:
        """Has a tick made if there is work; what went wrong, or ""."""
        failure = self._ticking.failure()
        if failure:
            self._is_behind = True
            return failure
        try:
            if not has_tick(self._settings):
                self._is_behind = False
                return ""  # another server's, until its claim runs out
            has_work = casework.has_work(self._circle(), datetime.now(UTC).replace(microsecond=0))
        except DATABASE_ERRORS as error:
            return f"database: {told(error)}"
        finally:
            rest()
        self._is_behind = self._is_behind and has_work
        try:
            if has_work or self._ticks_first:
                self._ticking.go_on()
                self._ticks_first = False
        except OSError as error:  # no memory for a process
            return type(error).__name__
        return ""


class Ticking:
    """The process that ticks: started when it is wanted, told by a line each time it is."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] = io.BytesIO()
        self._words: IO[bytes] = io.BytesIO()

    def failure(self) -> str:
        """What ended the process, where it ended by a failure; "" else."""
        if self._process is None or self._process.poll() is None:
            return ""
        code = self._process.returncode
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip()
        self.end()
        return (said or f"exit {code}") if code else ""

    def go_on(self) -> None:
        """Has it tick. Raises OSError where none can start."""
        if self._process is None:
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - read when it has ended
            self._process = subprocess.Popen(
                [sys.executable, "-m", "forms_app.commands.cli", "tick", "--stay"],
                cwd=self._root, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                stderr=self._errors,
            )  # fmt: skip
            self._words = cast(IO[bytes], self._process.stdin)
        with suppress(BrokenPipeError):  # it has just ended: the next look starts another
            self._words.write(b"\n")
            self._words.flush()

    def end(self) -> None:
        """It is wanted no more: it ends when it has sent what it is sending."""
        if self._process is None:
            return
        with suppress(BrokenPipeError):
            self._words.close()
        self._process.wait()
        self._errors.close()
        self._process = None

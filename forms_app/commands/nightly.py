"""What a running office needs without being asked: once a day today's site and a clean house, once
an hour a look at whether all is well.

Each runs as a command in a process of its own, so that the web process stays small. Which day it
was done for is kept: a computer that is off at night makes up for it in the morning.
"""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from forms_app.commands.claims import night
from forms_app.files.durable import replace_files
from forms_app.rules.worktime import CHINA
from forms_app.settings import Settings
from forms_app.store.faults import DATABASE_ERRORS, told

LOOK_SECONDS = 60.0
FIRST_CHECK_SECONDS, CHECK_SECONDS = 60.0, 3600.0
CHECK = ("doctor", "--tell")
# Of several servers one does the first ones for all; each has a site and backups of its own.
ONCE = (
    "erase-contacts", "erase-notices", "erase-sign-ins", "erase-uploads", "sweep-photos",
    "find-topics",
)  # fmt: skip
EACH = ("publish", "backup")
DONE = "nightly"  # the file that says for which day, beside the database

_log = logging.getLogger(__name__)


class Nights:
    """Looks in the background whether it is another day, until it is ended or the process ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._root = settings, settings.root
        self._done = settings.private_dir / DONE
        self._is_over = threading.Event()
        threading.Thread(target=self._run, daemon=True, name="nightly").start()

    def end(self) -> None:
        """Another server's takes over; what was begun for this day it does again."""
        self._is_over.set()

    def _run(self) -> None:
        done_for = self._noted()
        if not done_for:  # nothing of yesterday can be missing
            self._note(done_for := _today())
        check_at = time.monotonic() + FIRST_CHECK_SECONDS
        while not self._is_over.wait(LOOK_SECONDS):
            if time.monotonic() >= check_at:
                check_at = time.monotonic() + CHECK_SECONDS
                _run(self._root, *CHECK)
            day = _today()
            if day != done_for and self._spent(day):
                self._note(done_for := day)

    def _spent(self, day: date) -> bool:
        """Does the night's work; False where another server is at it, or none can be asked."""
        try:
            with night(self._settings, day) as is_ours:
                if is_ours is None:
                    return False
                run(self._root, (*(ONCE if is_ours else ()), *EACH))
        except DATABASE_ERRORS as error:
            _log.warning("nightly: %s", told(error))
            return False
        return True

    def _noted(self) -> date | None:
        try:
            return date.fromisoformat(self._done.read_text().strip())
        except (OSError, ValueError):  # none yet, or none that can be read
            return None

    def _note(self, day: date) -> None:
        try:
            replace_files({self._done: f"{day}\n".encode()}, mode=0o600)
        except OSError as error:
            _log.warning("nightly: %s", error)


def run(root: Path, commands: Sequence[str] = (*ONCE, *EACH)) -> None:
    """Runs the day's commands; one that is refused is logged and does not stop the next."""
    for command in commands:
        _run(root, command)


def _run(root: Path, command: str, *words: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 (our own program and words)
            [sys.executable, "-m", "forms_app.commands.cli", command, *words],
            cwd=root, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError as error:  # no memory for a process: the next night must still come
        _log.warning("%s: %s", command, error)
        return
    if done.returncode:
        _log.warning("%s: %s", command, done.stderr.strip())


def _today() -> date:
    return datetime.now(UTC).astimezone(CHINA).date()

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
from datetime import UTC, date, datetime
from pathlib import Path

from forms_app.files.durable import replace_files
from forms_app.rules.worktime import CHINA

LOOK_SECONDS = 60.0
FIRST_CHECK_SECONDS, CHECK_SECONDS = 60.0, 3600.0
CHECK = ("doctor", "--tell")
COMMANDS = (
    "erase-contacts", "erase-notices", "erase-sign-ins", "erase-uploads", "sweep-photos",
    "find-topics", "publish", "backup",
)  # fmt: skip
DONE = "nightly"  # the file that says for which day, beside the database

_log = logging.getLogger(__name__)


class Nights:
    """Looks in the background whether it is another day, until it is ended or the process ends."""

    def __init__(self, root: Path, private: Path) -> None:
        self._root, self._done = root, private / DONE
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
            if _today() != done_for:
                done_for = _today()
                run(self._root)
                self._note(done_for)

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


def run(root: Path) -> None:
    """Runs the day's commands; one that is refused is logged and does not stop the next."""
    for command in COMMANDS:
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

"""What a running office needs without being asked: once a day today's site and a clean house, once
an hour a look at whether all is well.

Each runs as a command in a process of its own, so that the web process stays small. Which day it
was done for is kept: a computer that is off at night makes up for it in the morning. So is what
could not be done: it is tried once an hour, and told with what ails.
"""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from forms_app.commands import claims
from forms_app.files import believed
from forms_app.files.nights import Night, keep_night, last_night
from forms_app.rules.os_words import why
from forms_app.rules.worktime import local_day
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

_log = logging.getLogger(__name__)


class Nights:
    """Looks in the background whether it is another day, until it is ended or the process ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._root = settings, settings.root
        self._is_over = threading.Event()
        threading.Thread(target=self._run, daemon=True, name="nightly").start()

    def end(self) -> None:
        """Another server's takes over; what was begun for this day it does again."""
        self._is_over.set()

    def _run(self) -> None:
        night = last_night(self._settings.private_dir)
        if night is None:  # nothing of yesterday can be missing
            self._note(night := Night(_today()))
        check_at = time.monotonic() + FIRST_CHECK_SECONDS
        while not self._is_over.wait(LOOK_SECONDS):
            if time.monotonic() >= check_at:
                check_at = time.monotonic() + CHECK_SECONDS
                night = self._again(night)
                _run(self._root, *CHECK)
            day = _today()
            if day != night.day:
                night = self._spent(day) or night

    def _spent(self, day: date) -> Night | None:
        """Does the night's work; None where another server is at it, or none can be asked."""
        believed.note(self._settings.private_dir, day)
        try:
            with claims.night(self._settings, day) as is_ours:
                if is_ours is None:
                    return None
                undone = run(self._root, (*(ONCE if is_ours else ()), *EACH))
        except DATABASE_ERRORS as error:
            _log.warning("nightly: %s", told(error))
            return None
        self._note(spent := Night(day, undone))
        return spent

    def _again(self, before: Night) -> Night:
        """Does what was not done, as a disk that was full may have room by now."""
        if not before.undone:
            return before
        self._note(after := Night(before.day, run(self._root, tuple(before.undone))))
        return after

    def _note(self, night: Night) -> None:
        try:
            keep_night(self._settings.private_dir, night)
        except OSError as error:
            _log.warning("nightly: %s", error)


def run(root: Path, commands: Sequence[str] = (*ONCE, *EACH)) -> Mapping[str, str]:
    """Runs the day's commands; one that is refused is logged and does not stop the next. What those
    said that were not done, by command.
    """
    said = {command: _run(root, command) for command in commands}
    return {command: words for command, words in said.items() if words}


def _run(root: Path, command: str, *words: str) -> str:
    """What kept it from its work, in a line; "" where nothing did."""
    try:
        done = subprocess.run(  # noqa: S603 (our own program and words)
            [sys.executable, "-m", "forms_app.commands.cli", command, *words],
            cwd=root, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError as error:  # no memory for a process: it is tried again
        _log.warning("%s: %s", command, error)
        return why(error)
    if not done.returncode:
        return ""
    said = done.stderr.strip()
    _log.warning("%s: %s", command, said)
    return _in_a_line(said) or str(done.returncode)


def _in_a_line(said: str) -> str:
    """Of what a command said last; of a mistake of ours, what it is."""
    lines = said.splitlines()
    return "" if not lines else lines[-1] if lines[0].startswith("Traceback") else lines[0]


def _today() -> date:
    return local_day(datetime.now(UTC))

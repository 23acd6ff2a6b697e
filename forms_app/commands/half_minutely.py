"""The tick of a running server: every half minute, in a process of its own, if there is work.

Whether there is any is asked here, with a few reads: a small server must not start Python twice
a minute for nothing. One tick ends before the next is thought of.
"""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from forms_app import casework
from forms_app.community import Circle
from forms_app.store.database import proxy
from forms_app.store.faults import DATABASE_ERRORS, told

LOOK_SECONDS = 30.0
LONGEST_SECONDS = 900.0

_log = logging.getLogger(__name__)


class Watch:
    """Looks again and again, in the background, until the process ends."""

    def __init__(self, root: Path, circle: Callable[[], Circle]) -> None:
        self.looked_at = datetime.now(UTC)
        threading.Thread(target=self._run, args=(root, circle), daemon=True, name="tick").start()

    def _run(self, root: Path, circle: Callable[[], Circle]) -> None:
        for failure in _failures(root, circle):
            if not failure:
                self.looked_at = datetime.now(UTC)


def _failures(root: Path, circle: Callable[[], Circle]) -> Iterator[str]:
    """Looks every half minute; what went wrong each time, or ""."""
    told = ""
    while True:
        time.sleep(LOOK_SECONDS)
        failure = look(root, circle(), datetime.now(UTC).replace(microsecond=0))
        # The same failure twice a minute would only hide the others.
        if failure and failure != told:
            _log.warning("tick: %s", failure)
        told = failure
        yield failure


def look(root: Path, circle: Circle, now: datetime) -> str:
    """Runs a tick if there is work; what went wrong, or ""."""
    try:
        if not casework.has_work(circle, now):
            return ""
    except DATABASE_ERRORS as error:
        return f"database: {told(error)}"
    finally:
        if not proxy.is_closed():
            proxy.close()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "forms_app.commands.cli", "tick"],
            cwd=root, capture_output=True, text=True, check=False, timeout=LONGEST_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    return done.stderr.strip() if done.returncode else ""

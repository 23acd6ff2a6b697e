"""What a running office needs once a day without being asked: today's site, and a clean house.

Each runs as a command in a process of its own, so that the web process stays small.
"""

import logging
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path

from forms_app.rules.worktime import CHINA

LOOK_SECONDS = 60.0
COMMANDS = (
    "erase-contacts", "erase-notices", "erase-sign-ins", "erase-uploads", "sweep-photos",
    "publish", "backup",
)  # fmt: skip

_log = logging.getLogger(__name__)


def keep(root: Path) -> None:
    """Starts the watch in the background; it ends with the process."""
    threading.Thread(target=_watch, args=(root,), daemon=True, name="nightly").start()


def _watch(root: Path) -> None:
    seen = _today()
    while True:
        time.sleep(LOOK_SECONDS)
        if _today() != seen:
            seen = _today()
            run(root)


def run(root: Path) -> None:
    """Runs the day's commands; one that is refused is logged and does not stop the next."""
    for command in COMMANDS:
        try:
            done = subprocess.run(  # noqa: S603 (our own program and words)
                [sys.executable, "-m", "forms_app.commands.cli", command],
                cwd=root, capture_output=True, text=True, check=False,
            )  # fmt: skip
        except OSError as error:  # no memory for a process: the next night must still come
            _log.warning("%s: %s", command, error)
            continue
        if done.returncode:
            _log.warning("%s: %s", command, done.stderr.strip())


def _today() -> date:
    return datetime.now(UTC).astimezone(CHINA).date()

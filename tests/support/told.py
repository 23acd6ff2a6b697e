"""A copy of the checkout in which the demo stands already: its story is told, its site published.

Both take some ten seconds a time. The story is one of the last ten minutes: its clocks run on.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from forms_app.files.locks import FOR_EVER, holding
from tests.support.kept import KEPT, kept
from tests.support.running import PARTS, copy_checkout, running


def copy_demo(folder: Path) -> Path:
    """What `running` starts as it would a fresh copy, but at once."""
    KEPT.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    moment = f"{now:%Y%m%d%H}{now.minute // 10}"
    with holding(KEPT / "told.lock", wait_seconds=FOR_EVER):  # the one before goes with the next
        told = kept("told", _tell, (*PARTS, moment))
        shutil.copytree(told, folder, symlinks=True, dirs_exist_ok=True)
    return folder


def _tell(folder: Path) -> None:
    with running(copy_checkout(folder)):
        pass

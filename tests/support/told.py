"""A copy of the checkout in which the demo stands already: its story is told, its site published;
or an empty office's site alone.

Both take some ten seconds a time. The story is one of the last ten minutes: its clocks run on.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from forms_app.files.locks import FOR_EVER, holding
from forms_app.rules.worktime import CHINA
from tests.support.kept import KEPT, kept
from tests.support.running import PARTS, copy_checkout, for_postgres, running


def copy_demo(folder: Path) -> Path:
    """What `running` starts as it would a fresh copy, but at once."""
    KEPT.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    moment = f"{now:%Y%m%d%H}{now.minute // 10}"
    with holding(KEPT / "told.lock", wait_seconds=FOR_EVER):  # the one before goes with the next
        told = kept("told", _tell, (*PARTS, moment))
        shutil.copytree(told, folder, symlinks=True, dirs_exist_ok=True)
    return folder


def copy_office(folder: Path) -> Path:
    """A new office on PostgreSQL that has never been started, but for today's site: where nothing
    was reported yet, it is the same of every office, and is not built again.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    with holding(KEPT / "told.lock", wait_seconds=FOR_EVER):
        told = kept("office", _open, (*PARTS, f"{datetime.now(CHINA):%Y%m%d}"))
        shutil.copytree(told, folder, symlinks=True, dirs_exist_ok=True)
    return for_postgres(folder)


def _tell(folder: Path) -> None:
    with running(copy_checkout(folder)):
        pass


def _open(folder: Path) -> None:
    with running(copy_checkout(folder), demo=False):
        pass
    shutil.rmtree(folder / "data" / "private")

"""A copy of the checkout in which the demo stands already: its story is told, its site published;
or an empty office's site alone.

Both take some seconds a time. The story is one of the last ten minutes: its clocks run on. The site
is the same all day: the one that was made for the first story is laid beside the next.
"""

import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from forms_app.files.locks import FOR_EVER, holding
from forms_app.rules.worktime import CHINA
from tests.support.kept import INPUTS, KEPT, kept, key_of
from tests.support.running import PARTS, copy_checkout, for_postgres, running

SITE = ("build", "data/published")
LEDGER = Path("data/published/coverage.csv")  # written first, as the site is looked at


def copy_demo(folder: Path) -> Path:
    """What `running` starts as it would a fresh copy, but at once."""
    now = datetime.now(UTC)
    return _copied("told", _tell, f"{now:%Y%m%d%H}{now.minute // 10}", folder)


def copy_office(folder: Path) -> Path:
    """A new office on PostgreSQL that has never been started, but for today's site: where nothing
    was reported yet, it is the same of every office, and is not built again.
    """
    return for_postgres(_copied("office", _open, _today(), folder))


def _today() -> str:
    return f"{datetime.now(CHINA):%Y%m%d}"


def _copied(name: str, make: Callable[[Path], None], when: str, folder: Path) -> Path:
    """The folder, with a copy of what is made once while `when` is the same."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with holding(KEPT / "told.lock", wait_seconds=FOR_EVER):  # the one before goes with the next
        told = kept(name, make, (*PARTS, when))
        shutil.copytree(told, folder, symlinks=True, dirs_exist_ok=True)
    return folder


def _tell(folder: Path) -> None:
    copy_checkout(folder)
    made = KEPT / f"site-{key_of((*INPUTS, *PARTS, _today()))}"
    if made.exists():
        shutil.copytree(made, folder, symlinks=True, dirs_exist_ok=True)
    with running(folder):
        _await_published(folder)
    if not made.exists():
        for old in KEPT.glob("site-*"):
            shutil.rmtree(old)
        fresh = made.with_name(f".{made.name}")
        shutil.rmtree(fresh, ignore_errors=True)
        for part in SITE:
            shutil.copytree(folder / part, fresh / part, symlinks=True)
        (fresh / LEDGER).unlink()
        fresh.rename(made)


def _await_published(folder: Path) -> None:
    """Waits until the site that was found is looked at, and made anew where it must be."""
    until = time.monotonic() + 60
    while not (folder / LEDGER).exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    with holding(folder / "build" / "publish.lock", wait_seconds=60):
        pass


def _open(folder: Path) -> None:
    with running(copy_checkout(folder), demo=False):
        pass
    shutil.rmtree(folder / "data" / "private")

"""A draft of one of the office's pages as it will be: the real site built with it, and that one
page kept, where only whoever asked for it comes.

The draft is laid over a copy of the pages; nothing that is published or saved is touched.
"""

import hashlib
import json
import shutil
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from forms_app.files.durable import make_folder
from forms_app.files.locks import Locked, holding
from forms_app.publishing.building import Order, build
from forms_app.publishing.outcome import BuildFailed
from forms_app.rules.refused import Refused
from forms_app.rules.worktime import local_day
from forms_app.settings import Settings

SECONDS = 120
BOUNDS = (1024**3, 60)  # bytes of memory, seconds of the processor's time
WAIT_SECONDS = 20.0
KEPT_SECONDS = 24 * 3600
PAGES = "pages"


class PreviewBusy(Refused):
    """Somebody else's draft is being looked at just now."""

    def __init__(self) -> None:
        super().__init__("别人正在看样子，请过几秒再按。")


def preview(
    settings: Settings, file: str, address: str, content: bytes, key: str, now: datetime
) -> list[dict[str, Any]]:
    """Builds the site with the draft in the place of `file` and keeps its page under `key`.

    What does not stand there as it was written comes back: `line`, `problem`, `remedy`. Raises
    PreviewBusy, BuildFailed and OSError.
    """
    place = settings.build / "previews"
    make_folder(place, 0o700)
    try:
        with (
            holding(place / "lock", wait_seconds=WAIT_SECONDS) as lock,
            tempfile.TemporaryDirectory(dir=place) as folder,
        ):
            work = Path(folder)
            _lay(settings, work / "data", file, content)
            told, site = work / "told.json", work / "site"
            today = local_day(now).isoformat()
            order = Order(work / "data", site, today, place / "preview.log", told, SECONDS, BOUNDS)
            build(settings, order, lock)
            page = site / address / "index.html"
            if not page.is_file():
                raise BuildFailed(("这一页没有做出来：系统自己有这个网址的页面。",))
            _forget_old(place)
            rows = [row for row in json.loads(told.read_bytes()) if row["file"] == file]
            (place / f"{key}.sound").write_text("" if rows else _sum(content))
            page.replace(place / f"{key}.html")
            return rows
    except Locked:
        raise PreviewBusy from None


def was_sound(settings: Settings, key: str, content: bytes) -> bool:
    """Whether this very draft was the last built under this key, and all of it stood there."""
    try:
        return (settings.build / "previews" / f"{key}.sound").read_text() == _sum(content)
    except FileNotFoundError:
        return False


def kept_page(settings: Settings, key: str) -> bytes | None:
    """The page that was built last under this key."""
    try:
        return (settings.build / "previews" / f"{key}.html").read_bytes()
    except FileNotFoundError:
        return None


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _forget_old(place: Path) -> None:
    """Drafts that nobody has looked at again for a day."""
    before = time.time() - KEPT_SECONDS
    for path in (*place.glob("*.html"), *place.glob("*.sound")):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _lay(settings: Settings, data: Path, file: str, content: bytes) -> None:
    community = data / "community"
    community.mkdir(parents=True)
    for one in settings.community_dir.iterdir():
        if one.name != PAGES:
            (community / one.name).symlink_to(one.absolute())
    if (settings.community_dir / PAGES).is_dir():
        shutil.copytree(settings.community_dir / PAGES, community / PAGES)
    draft = community / file
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.write_bytes(content)
    if settings.published_dir.is_dir():
        (data / settings.published_dir.name).symlink_to(settings.published_dir.absolute())

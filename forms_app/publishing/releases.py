"""Releases of the site: a fresh folder linked to the one before, swapped in whole, three kept."""

import gzip
import json
import logging
import os
import shutil
from datetime import UTC, datetime
from filecmp import cmp
from pathlib import Path
from typing import Any

from forms_app.files.durable import sync

_log = logging.getLogger(__name__)

KEPT_RELEASES = 3
INPUTS = ("*.yml", "*.csv", "pages/*/*.md")  # what the office writes
MADE_FROM = "content"
TOLD = "told.json"  # what of the office's pages does not stand there as it was written
ZIPPED = frozenset(
    {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".ics", ".webmanifest", ".csv"}
)


ZIPPED_FROM_BYTES = 1024


def current_release(build: Path) -> Path | None:
    """The folder of the release that is up, if there is one."""
    link = build / "site"
    if not link.is_symlink() or not link.is_dir():
        return None
    return link.resolve().parent


def made_from(build: Path) -> Path | None:
    """The office's files as they were when the release that is up was made; None: not kept."""
    release = current_release(build)
    kept = release / MADE_FROM if release else None
    return kept if kept and kept.is_dir() else None


def keep_inputs(community: Path, release: Path) -> None:
    """Keeps what the office wrote beside the site that is made of it, where no address leads."""
    kept = release / MADE_FROM
    kept.mkdir()
    for pattern in INPUTS:
        for file in community.glob(pattern):
            if file.is_file():
                place = kept / file.relative_to(community)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(file.read_bytes())


def told_of(build: Path) -> list[dict[str, Any]]:
    """What the release that is up could not show of the office's pages, by `file`, `line`,
    `problem` and `remedy`."""
    release = current_release(build)
    return read_told(release) if release else []


def read_told(release: Path) -> list[dict[str, Any]]:
    """The same of any release; nothing where it is of a version that told nothing."""
    try:
        found: list[dict[str, Any]] = json.loads((release / TOLD).read_bytes())
    except (FileNotFoundError, ValueError):
        return []
    return found


def files_in(place: Path) -> list[Path]:
    """The files of a folder at any depth, in order, or the one file; none that Python keeps."""
    if place.is_file():
        return [place]
    return sorted(
        file for file in place.rglob("*") if file.is_file() and "__pycache__" not in file.parts
    )


def release_name(releases: Path, now: datetime) -> str:
    """The name of a release made now, in UTC, that sorts behind the others and is not taken."""
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    name, again = stamp, 1
    while (releases / name).exists():
        again += 1
        name = f"{stamp}-{again:02}"
    return name


def link_unchanged(site: Path, before: Path | None) -> int:
    """Makes each file that did not change the same file as in the release before; how many."""
    linked = 0
    for file in files_in(site) if before else []:
        old = before / file.relative_to(site) if before else file
        if old.is_file() and not old.is_symlink() and cmp(old, file, shallow=False):
            file.unlink()
            os.link(old, file)
            linked += 1
    return linked


def remove_zipped(site: Path) -> None:
    """Takes away what MkDocs has compressed itself: it holds the time, so no two are the same."""
    for file in site.rglob("*.gz"):
        if file.with_suffix("").is_file():
            file.unlink()


def zip_texts(site: Path, before: Path | None) -> None:
    """Lays a compressed twin beside each text that is worth one; that of a file which is the very
    one of the release before is taken over with it.
    """
    for file in files_in(site):
        if file.suffix not in ZIPPED or file.stat().st_size <= ZIPPED_FROM_BYTES:
            continue
        zipped = file.with_name(file.name + ".gz")
        old = before / file.relative_to(site) if before else None
        if old and old.is_file() and old.samefile(file):
            old_zipped = old.with_name(old.name + ".gz")
            if old_zipped.is_file():
                os.link(old_zipped, zipped)
                continue
        zipped.write_bytes(gzip.compress(file.read_bytes(), mtime=0))


def sync_tree(folder: Path) -> None:
    """Has what is new in the folder outlive a power cut. Raises OSError."""
    for file in files_in(folder):
        if file.stat().st_nlink == 1:  # the others were safe before
            sync(file)
    for inner in [*(path for path in folder.rglob("*") if path.is_dir()), folder]:
        sync(inner)


def swap_in(build: Path, name: str) -> None:
    """Makes this release the site, by one rename: there is always a whole one. Raises OSError."""
    site = build / "site"
    if site.is_dir() and not site.is_symlink():
        # Somebody ran mkdocs by hand.
        site.rename(build / "releases" / "by-hand.tmp")
    link = build / ".site.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / name / "site", target_is_directory=True)
    link.replace(site)
    sync(build)


def remove_leftovers(releases: Path) -> None:
    """Takes away what a build left that did not come to its end."""
    for folder in releases.glob("*.tmp"):
        _remove(folder)


def remove_old(releases: Path, current: str) -> None:
    """Takes away all but the current release and the newest before it, KEPT_RELEASES in all."""
    others = sorted(path for path in releases.iterdir() if path.name != current)
    for folder in others[: -(KEPT_RELEASES - 1)]:
        # Under another name first: half a release must never look like a whole one.
        doomed = folder.with_name(f"{folder.name.removesuffix('.tmp')}.tmp")
        folder.rename(doomed)
        _remove(doomed)


def _remove(folder: Path) -> None:
    """What cannot be removed is told and tried again next time: the site does not depend on it."""
    try:
        shutil.rmtree(folder)
    except OSError as error:
        _log.warning("cannot remove %s: %s", folder, error)

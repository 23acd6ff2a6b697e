"""Making sure that what was written outlives a power cut."""

import errno
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_BLOCK = 512  # bytes, in which the system counts what a file has


def sync(path: Path) -> None:
    """Waits until a file's content, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path, mode: int = 0o755) -> None:
    """Makes a folder and those above it that are missing; each stands in its parent's list on disk.

    One that is there stays as it is. Raises OSError.
    """
    missing = [path]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for folder in reversed(missing):
        if not folder.is_dir():
            folder.mkdir(mode=mode, exist_ok=True)
            sync(folder.parent)


def replace_files(contents: Mapping[Path, bytes], mode: int | None = None) -> None:
    """Gives each file its new content, whole or not at all; folders must be there.

    All are written beside the old ones before the first one is renamed. Without a `mode` a file
    keeps its own, a new one gets 0644. Raises OSError; then nothing half written is left, and
    where the disk was full, every file is still the old one.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            ready.append((Path(name), path))
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:  # of a write the system names no file
                error.filename = str(path)
                raise
            Path(name).chmod(mode or (path.stat().st_mode & 0o7777 if path.exists() else 0o644))
        for fresh, path in ready:
            fresh.replace(path)
    finally:
        for fresh, _path in ready:
            fresh.unlink(missing_ok=True)
    for folder in {path.parent for path in contents}:
        sync(folder)


def keep_note(path: Path, content: bytes) -> None:
    """Gives a small file of notes, which only its owner may read, its new content.

    Where the disk has no room for a second one, it is written over the old one: just then somebody
    has to be told. Cut short there it is half a note, which its reader takes for none. Raises
    OSError; then it is the old one.
    """
    try:
        replace_files({path: content}, mode=0o600)
    except OSError as error:
        if error.errno not in _NO_ROOM or not _has_room(path, len(content)):
            raise
        with path.open("r+b") as file:
            file.write(content)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())


def _has_room(path: Path, length: int) -> bool:
    """Whether the blocks that a file has take so many bytes."""
    return path.exists() and path.stat().st_blocks * _BLOCK >= length


def make_once(path: Path, content: bytes) -> None:
    """Makes a file that only its owner may read; of two who make it at once, the first one's stays.

    Raises OSError.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600 from the start
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            Path(path).hardlink_to(name)
        sync(path.parent)
    finally:
        Path(name).unlink()

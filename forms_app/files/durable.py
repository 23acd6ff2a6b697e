"""Making sure that what was written outlives a power cut."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def sync(path: Path) -> None:
    """Waits until a file's content, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Gives each file its new content, whole or not at all; folders must be there.

    All are written beside the old ones before the first one is renamed. Raises OSError; then
    nothing half written is left, and where the disk was full, every file is still the old one.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            ready.append((Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                shutil.copymode(path, name)
            else:
                Path(name).chmod(0o644)
        for fresh, path in ready:
            fresh.replace(path)
    finally:
        for fresh, _path in ready:
            fresh.unlink(missing_ok=True)
    for folder in {path.parent for path in contents}:
        sync(folder)

"""Whose an office's files are: what root laid among them keeps the office's own user out."""

import os
import pwd
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

# What root made lies at the top, or is all that is in a folder: of one below, so many tell.
_LOOKED_AT = 20


def closed(folder: Path, *, is_written: bool, depth: int = 0) -> Iterator[Path]:
    """What another user owns in a folder, and in those below it to this depth, that whoever runs
    this can neither read nor, where `is_written`, write; the folder itself as well.
    """
    if os.geteuid() == 0:
        return
    needed = os.R_OK | (os.W_OK if is_written else 0)
    try:
        if not folder.exists():
            return
        if _is_anothers(folder.lstat()) and not os.access(folder, needed | os.X_OK):
            yield folder
            return
        yield from _inside(str(folder), needed, depth, None)
    except OSError:  # closed further above, or gone meanwhile
        return


def _inside(folder: str, needed: int, depth: int, most: int | None) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in islice(entries, most):
            if entry.is_symlink():
                continue
            is_folder = entry.is_dir()
            wanted = needed | (os.X_OK if is_folder else 0)
            if _is_anothers(entry.stat()) and not os.access(entry.path, wanted):
                yield Path(entry.path)
            elif is_folder and depth:
                yield from _inside(entry.path, needed, depth - 1, _LOOKED_AT)


def owner_of(path: Path) -> str:
    """The name of the user to whom it belongs."""
    return _name(path.lstat().st_uid)


def ourselves() -> str:
    """The name of the user who runs this."""
    return _name(os.geteuid())


def hand_over(folder: Path) -> None:
    """Gives what root has made in a folder to the user whose folder it is; what vanishes meanwhile
    is nobody's. Raises OSError.
    """
    try:
        owner = folder.lstat()
        if os.geteuid() != 0 or owner.st_uid == 0:
            return
        # By handles: nobody leads root elsewhere by a link that was put there meanwhile.
        for _, folders, files, handle in os.fwalk(folder):
            for name in (*folders, *files):
                if os.stat(name, dir_fd=handle, follow_symlinks=False).st_uid == 0:
                    os.chown(name, owner.st_uid, owner.st_gid, dir_fd=handle, follow_symlinks=False)
    except FileNotFoundError:
        return


def _is_anothers(found: os.stat_result) -> bool:
    return found.st_uid != os.geteuid()


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)

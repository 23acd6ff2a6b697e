"""Whose an office's files are: what root laid among them keeps the office's own user out."""

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

# Of a folder of very many files, as that of photos, so many are looked at.
_LOOKED_AT = 200


def closed(folder: Path, *, is_written: bool) -> Iterator[Path]:
    """What another user owns in a folder, and whoever runs this can neither read nor, where
    `is_written`, write; the folder itself as well.
    """
    needed = os.R_OK | (os.W_OK if is_written else 0)
    try:
        if not folder.exists():
            return
        if _is_closed(folder, needed | os.X_OK):
            yield folder
            return
        with os.scandir(folder) as entries:
            inside = [entry for _, entry in zip(range(_LOOKED_AT), entries, strict=False)]
    except OSError:  # closed further above, or gone
        return
    for entry in inside:
        if entry.is_symlink():
            continue
        if entry.is_dir():
            yield from closed(Path(entry.path), is_written=is_written)
        elif _is_closed(Path(entry.path), needed):
            yield Path(entry.path)


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


def _is_closed(path: Path, needed: int) -> bool:
    try:
        return path.lstat().st_uid != os.geteuid() and not os.access(path, needed)
    except FileNotFoundError:
        return False


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)

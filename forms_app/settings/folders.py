"""Where an office's data lie, and whether they can be written there."""

import errno
import tempfile
from collections.abc import Mapping
from pathlib import Path

from forms_app.files.durable import make_folder
from forms_app.rules.os_words import why
from forms_app.settings.refused import SettingRefused


def office_folder(root: Path) -> Path:
    """Where an office's own data lie unless CIRCLE_DATA says otherwise: beside the checkout."""
    return root.with_name(f"{root.name}-data")


def is_office(folder: Path) -> bool:
    """Whether an office's data lie there: not whatever else has that name."""
    return (folder / "private").is_dir() or (folder / "community").is_dir()


def data_folder(environ: Mapping[str, str], root: Path) -> Path:
    """CIRCLE_DATA, else the office's own folder; before there is one, what the product ships.

    A relative CIRCLE_DATA counts from `root`, so that it means the same in a service.
    """
    given = environ.get("CIRCLE_DATA", "").strip()
    if given:
        return (root / place("CIRCLE_DATA", given)).resolve()
    own = office_folder(root)
    return own if is_office(own) else (root / "data").resolve()


def build_folder(environ: Mapping[str, str], root: Path) -> Path:
    """CIRCLE_BUILD, which counts from `root` as well."""
    given = environ.get("CIRCLE_BUILD", "").strip() or "build"
    return (root / place("CIRCLE_BUILD", given)).absolute()


def place(name: str, given: str) -> Path:
    """The path that the setting `name` gives; `~` is somebody's home.

    Raises SettingRefused for one that nothing can have.
    """
    try:
        path = Path(given).expanduser()
        path.is_dir()
    except RuntimeError:
        home = given.partition("/")[0]
        raise SettingRefused(f"{name} 里的 {home} 不知道是哪个文件夹，请写绝对路径。") from None
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            return path  # whoever uses it says what is wrong
        raise SettingRefused(f"{name} 写的名字太长，不能用，请写一个短一些的路径。") from None
    return path


# A full disk, and one that went read-only.
ONLY_READABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def need_folder(folder: Path, mode: int = 0o755, *, may_be_closed: bool = False) -> None:
    """Makes the folder and tries to write there; one that can only be read now will do, and where
    it `may_be_closed`, another user's as well.

    Raises SettingRefused.
    """
    was_there = folder.is_dir()
    try:
        make_folder(folder, mode)
        # Asking for permission bits would not notice a read-only or full disk.
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
    except OSError as error:
        is_closed = may_be_closed and isinstance(error, PermissionError)
        if was_there and (is_closed or error.errno in ONLY_READABLE):
            return  # what it holds can still be read, and whoever writes is told
        raise SettingRefused(
            f"无法在文件夹 {folder} 里写文件（{why(error)}），请检查权限和磁盘空间，"
            "或用 CIRCLE_DATA 指定别的数据文件夹。"
        ) from None


def backup_dir(given: str | None, data: Path) -> Path | None:
    """CIRCLE_BACKUP_DIR, which lies outside the data; None where not set. Raises SettingRefused."""
    if given is None:
        return None
    folder = place("CIRCLE_BACKUP_DIR", given)
    if not folder.is_absolute() or folder.resolve().is_relative_to(data):
        raise SettingRefused(
            "CIRCLE_BACKUP_DIR 无法使用，请写另一块磁盘上一个文件夹的绝对路径，"
            f"例如 /mnt/backup；不能在数据文件夹 {data} 里面。"
        )
    return folder

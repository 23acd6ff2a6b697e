"""Files moved to another folder so that none can be lost: copied, compared by SHA-256, and only
then removed. Interrupted at any moment, it goes on from there the next time.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from forms_app.backups.manifest import seal
from forms_app.files.durable import make_folder, replace_files, sync
from forms_app.rules.os_words import why
from forms_app.rules.refused import Refused

LIST = "moved.json"  # in the new folder, until the old one is cleared
SPARE_BYTES = 64 * 1024 * 1024


class NotMoved(Refused):
    """Everything is where it was; the text says why."""


def copy_verified(parts: Mapping[str, Path], target: Path) -> None:
    """Makes `target` with a folder for each of `parts` (name → the old folder), by copies that were
    compared. The old files stay; `target` is there whole or not at all.

    Raises NotMoved.
    """
    fresh = target.with_name(f".{target.name}.moving")
    try:
        files = _files(parts)
        _need_room(files, fresh)
        make_folder(fresh)
        _copy(files, parts, fresh)
        _clear_others(files, fresh)
        # Read again, both: somebody may have changed a file while others were copied.
        seals = {name: _seal(path) for name, path in _files(parts).items()}
        copies = {name: _seal(path) for name, path in _files(_same(parts, fresh)).items()}
        if seals != copies:
            changed = sorted(set(seals.items()) ^ set(copies.items()))[0][0]
            raise NotMoved(f"数据没有搬：{changed} 正在被别的程序改动，请停下它再启动。")
        replace_files({fresh / LIST: json.dumps(seals, ensure_ascii=False).encode()}, mode=0o600)
        for folder in (path for path in fresh.rglob("*") if path.is_dir()):
            sync(folder)
        sync(fresh)
        fresh.replace(target)
        sync(target.parent)
    except OSError as error:
        where = error.filename or target
        raise NotMoved(
            f"数据没有搬：{where}（{why(error)}），请检查权限和磁盘空间，"
            "或用 CIRCLE_DATA 指定数据文件夹。"
        ) from error


def not_cleared(target: Path) -> dict[str, str] | None:
    """The files that were moved into `target` and may still stand at the old place, each with its
    seal; None where there is nothing to clear. Raises OSError.
    """
    try:
        seals: dict[str, str] = json.loads((target / LIST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return seals


def unchanged(old: Path, seals: Mapping[str, str]) -> list[str]:
    """Those that are still at the old place as they were copied. Raises OSError."""
    return [
        name for name, sealed in seals.items()
        if os.path.lexists(old / name) and _seal(old / name) == sealed
    ]  # fmt: skip


def clear(old: Path, seals: Mapping[str, str]) -> list[str]:
    """Removes from the folder `old` the files that are as they were copied, and the folders that
    are empty then; the names of those that are not as they were. Raises OSError.
    """
    others = [name for name in seals if os.path.lexists(old / name)]
    for name in unchanged(old, seals):
        (old / name).unlink()
        others.remove(name)
    folders = {parent for name in seals for parent in (old / name).parents if parent != old}
    inside = (folder for folder in folders if folder.is_relative_to(old) and folder.is_dir())
    for folder in sorted(inside, key=lambda path: -len(path.parts)):
        with suppress(OSError):  # it holds something else
            folder.rmdir()
    return others


def done_clearing(target: Path) -> None:
    """Nothing is left to do about the old place. Raises OSError."""
    (target / LIST).unlink(missing_ok=True)
    sync(target)


def _same(parts: Mapping[str, Path], fresh: Path) -> dict[str, Path]:
    return {name: fresh / name for name in parts}


def _files(parts: Mapping[str, Path]) -> dict[str, Path]:
    """Every file and link below the parts, by part and path; folders are what lies in them."""
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": path
        for name, folder in parts.items()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def _seal(path: Path) -> str:
    return f"-> {path.readlink()}" if path.is_symlink() else seal(path).sha256


def _need_room(files: Mapping[str, Path], fresh: Path) -> None:
    sizes = {
        (found.st_dev, found.st_ino): found.st_size
        for found in (path.lstat() for path in files.values())
    }
    there = sum(path.lstat().st_size for path in fresh.rglob("*")) if fresh.is_dir() else 0
    needed = sum(sizes.values()) - there + SPARE_BYTES
    if shutil.disk_usage(fresh.parent).free < needed:
        raise NotMoved(
            f"数据没有搬：{fresh.parent} 的磁盘要有 {needed // 1024 // 1024} MB 空着才能搬，"
            "请清出地方再启动。"
        )


def _copy(files: Mapping[str, Path], parts: Mapping[str, Path], fresh: Path) -> None:
    """What a move before this one has copied is not copied again; two names of one file stay so."""
    copied: dict[tuple[int, int], Path] = {}
    for name, path in files.items():
        copy = fresh / name
        for folder in _ways(path.parent, parts):
            _make_like(*folder, fresh)
        found = path.lstat()
        twin = copied.get((found.st_dev, found.st_ino))
        if os.path.lexists(copy) and _seal(copy) == _seal(path):
            copied.setdefault((found.st_dev, found.st_ino), copy)
            continue
        copy.unlink(missing_ok=True)
        if twin is not None:
            copy.hardlink_to(twin)
            continue
        shutil.copy2(path, copy, follow_symlinks=False)
        _same_owner(found, copy)
        if not path.is_symlink():
            sync(copy)
        copied[(found.st_dev, found.st_ino)] = copy


def _ways(folder: Path, parts: Mapping[str, Path]) -> Iterator[tuple[Path, str]]:
    """The folders from the part down to this one, each with its name below the new folder."""
    part, top = next((n, p) for n, p in parts.items() if folder.is_relative_to(p))
    below = folder.relative_to(top).parts
    for count in range(len(below) + 1):
        yield top.joinpath(*below[:count]), "/".join((part, *below[:count]))


def _make_like(folder: Path, name: str, fresh: Path) -> None:
    copy = fresh / name
    if not copy.is_dir():
        found = folder.stat()
        copy.mkdir(mode=found.st_mode & 0o7777)
        _same_owner(found, copy)


def _same_owner(found: os.stat_result, copy: Path) -> None:
    with suppress(PermissionError):  # only root gives files away
        os.chown(copy, found.st_uid, found.st_gid, follow_symlinks=False)


def _clear_others(files: Mapping[str, Path], fresh: Path) -> None:
    """What an interrupted move has copied and is gone from the old place since."""
    for path in fresh.rglob("*"):
        if not path.is_dir() and path.relative_to(fresh).as_posix() not in files:
            path.unlink()

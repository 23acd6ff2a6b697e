"""A place where backups lie: a folder a backup, named by when it was made, and one store of photos.

20261127T123000Z/manifest.json  database.sqlite or database.dump  community/  published/
photos/ab/ab12…                 each content once, named by its SHA-256
"""

import re
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from forms_app.backups.manifest import NAME, BackupDamaged, Manifest, Sealed, compare
from forms_app.files.durable import make_folder, sync

DATABASES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
_SHA256 = re.compile("[0-9a-f]{64}")
UNFINISHED = ".unfinished-"  # a backup on its way in or out, or a scratch place
LOCK = "backup.lock"


@dataclass(frozen=True)
class Place:
    """One of them; it need not be there yet."""

    folder: Path

    def backups(self) -> list[Path]:
        """Those that are complete, the oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(path.parent for path in self.folder.glob(f"[0-9]*/{NAME}"))

    def new_name(self, now: datetime) -> Path:
        """Where the next backup will lie."""
        stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        ends = ("", *(f"-{n}" for n in range(2, 100)))
        return next(p for p in (self.folder / (stamp + e) for e in ends) if not p.exists())

    def unfinished(self) -> Path:
        """A new folder that nobody takes for a backup. Raises OSError."""
        make_folder(self.folder, 0o700)
        for n in count():
            path = self.folder / f"{UNFINISHED}{n}"
            if not path.exists():
                path.mkdir(mode=0o700)
                return path
        raise AssertionError  # there is always another number

    def clear(self) -> None:
        """Removes what a crash left; to be called by whoever holds the lock."""
        for path in self.folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(path, ignore_errors=True)

    def photo(self, sealed: Sealed) -> Path:
        """Where this content lies, if it does."""
        return self.folder / "photos" / sealed.sha256[:2] / sealed.sha256

    def remove(self, folders: Iterable[Path]) -> None:
        """Removes these backups, and the photos that no other one has. Raises OSError.

        Where a list of those that stay cannot be read, every photo stays.
        """
        for folder in folders:
            doomed = folder.with_name(f"{UNFINISHED}{folder.name}")
            folder.rename(doomed)  # half a backup must never look like a whole one
            shutil.rmtree(doomed)
        try:
            named = {
                one.sha256
                for folder in self.backups()
                for one in Manifest.read(folder).photos.values()
            }
        except BackupDamaged:
            return
        self._sweep(named)

    def _sweep(self, named: Collection[str]) -> None:
        for path in self.folder.glob("photos/??/*"):
            # Whatever else lies in a folder that somebody named is theirs.
            is_ours = _SHA256.fullmatch(path.name) and path.name.startswith(path.parent.name)
            if is_ours and path.name not in named:
                path.unlink()


def of_backup(folder: Path) -> Place:
    """The place in which this backup lies."""
    return Place(folder.resolve().parent)


def found(path: Path) -> Path:
    """The backup that is meant: this folder, or the newest in it. Raises BackupDamaged."""
    if (path / NAME).exists():
        return path
    inside = Place(path).backups()
    if inside:
        return inside[-1]
    if any((path / name).exists() for name in DATABASES.values()):
        raise BackupDamaged(f"{path} 里没有清单 {NAME}：备份没有做完，或者没有拷全。")
    raise BackupDamaged(f"{path} 里没有备份，请核对文件夹。")


def database_in(folder: Path, manifest: Manifest) -> Path:
    """The file of its database. Raises BackupDamaged."""
    if manifest.kind not in DATABASES:
        raise BackupDamaged(f"{folder} 里的数据库是本程序不认识的一种：{manifest.kind}。")
    return folder / DATABASES[manifest.kind]


def compare_files(folder: Path, manifest: Manifest, *, without_photos: bool) -> list[str]:
    """Compares every file with the list; the photos that are not as they were, each in words.

    Raises BackupDamaged for anything but a photo, and for photos unless `without_photos`.
    """
    compare(database_in(folder, manifest), manifest.database, "数据库")
    for name, sealed in sorted(manifest.files.items()):
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise BackupDamaged(f"备份的清单里有不该有的文件名：{name}。")
        compare(path, sealed, "文件")
    place, faults = of_backup(folder), []
    for name, sealed in sorted(manifest.photos.items()):
        try:
            compare(place.photo(sealed), sealed, f"照片 {name} ")
        except BackupDamaged as damaged:
            faults.append(str(damaged))
    if faults and not without_photos:
        more = f"（一共{len(faults)}张照片文件不对）" if len(faults) > 1 else ""
        raise BackupDamaged(
            f"{faults[0]}{more}照片放在备份文件夹旁边的 photos 里，请一起拷来；"
            "确实找不回这些照片，可以加 --without-photos 只恢复其余的。"
        )
    return faults


def sync_folder(folder: Path) -> None:
    """Waits until all of a folder is on the disk. Raises OSError."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)

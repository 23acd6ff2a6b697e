"""A place where backups lie: a folder a backup, named by when it was made, and one store of photos.

20261127T123000Z/manifest.json  database.sqlite or database.dump  community/  published/  content/
photos/ab/ab12…                 each content once, named by its SHA-256

Of an encrypted backup each of these files ends in .age, and key.age lies beside its list.
"""

import re
import shutil
import tempfile
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from forms_app.backups.encryption import (
    END,
    KEY,
    BackupLocked,
    Key,
    is_encrypted,
    key_of,
    new_key,
)
from forms_app.backups.kept_files import NAMES
from forms_app.backups.manifest import (
    NAME,
    BackupDamaged,
    Manifest,
    Sealed,
    compare,
    need_names_in,
    seal,
)
from forms_app.files.durable import make_folder, sync
from forms_app.rules.os_words import why
from forms_app.rules.sessions import AHEAD

DATABASES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
_PHOTO = re.compile(rf"[0-9a-f]{{64}}({re.escape(END)})?")
_STAMP = "%Y%m%dT%H%M%SZ"
UNFINISHED = ".unfinished-"  # a backup on its way in or out, or a scratch place
LOCK = "backup.lock"


class Place(Struct, frozen=True):
    """One of them; it need not be there yet. With a `key` all that is put there is encrypted."""

    folder: Path
    key: Key | None = None

    def locked(self, passphrase: str | None) -> "Place":
        """The same for backups that only the passphrase opens: with the key of the newest, where
        it opens that, so that photos are there already. Raises OSError.
        """
        if passphrase is None:
            return self
        for folder in reversed(self.backups()):
            if is_encrypted(folder):
                with suppress(BackupLocked, BackupDamaged):
                    return replace(self, key=key_of(folder, passphrase))
                break  # another passphrase until now
        return replace(self, key=new_key(passphrase))

    def backups(self) -> list[Path]:
        """Those that are complete, the oldest first."""
        if not self.folder.is_dir():
            return []
        lists = (self.folder.glob(f"[0-9]*/{NAME}{end}") for end in ("", END))
        return sorted({path.parent for path in chain.from_iterable(lists)})

    def new_name(self, now: datetime) -> Path:
        """Where the next backup will lie."""
        stamp = now.astimezone(UTC).strftime(_STAMP)
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
        name = sealed.sha256 if self.key is None else self.key.name_of(sealed.sha256)
        return self.folder / "photos" / name[:2] / f"{name}{'' if self.key is None else END}"

    def compare_photo(self, sealed: Sealed, what: str) -> None:
        """Does nothing where the content is there as it was. Raises BackupDamaged."""
        path = self.photo(sealed)
        if self.key is None:
            compare(path, sealed, what)
            return
        try:
            if not path.is_file():
                raise BackupDamaged(f"备份里少了{what}：{path}，备份可能没有拷全。")
            with tempfile.TemporaryDirectory() as scratch:
                plain = Path(scratch) / path.name
                self.key.decrypt(path, plain)
                if seal(plain) != sealed:
                    raise BackupDamaged(f"备份里的{what}内容变了：{path} 坏了，或者被人改过。")
        except OSError as error:
            raise BackupDamaged(f"读不出备份里的{what}：{path}（{why(error)}）。") from error

    def holds(self, sealed: Sealed) -> bool:
        """Whether the content is there as it was."""
        try:
            self.compare_photo(sealed, "")
        except BackupDamaged:
            return False
        return True

    def bring_photo(self, sealed: Sealed, target: Path) -> None:
        """Writes the content, which is there, into this file. Raises BackupDamaged and OSError."""
        if self.key is None:
            shutil.copyfile(self.photo(sealed), target)
        else:
            self.key.decrypt(self.photo(sealed), target)

    def manifest(self, folder: Path) -> Manifest:
        """The list of one of its backups. Raises BackupDamaged, BackupLocked and OSError."""
        if not is_encrypted(folder):
            return Manifest.read(folder)
        with tempfile.TemporaryDirectory() as scratch:
            self._key_of(folder).decrypt(folder / f"{NAME}{END}", Path(scratch) / NAME)
            return Manifest.read(Path(scratch))

    def _key_of(self, folder: Path) -> Key:
        """This place's key, where it is that of the backup. Raises BackupLocked and OSError."""
        if self.key is None or (folder / KEY).read_bytes() != self.key.sealed:
            raise BackupLocked(f"备份 {folder} 是用另一个口令加密的。")
        return self.key

    def made_at(self, folder: Path) -> datetime | None:
        """When a backup was made; None where it cannot be told. Its name tells it of one that
        another passphrase opens. Raises OSError.
        """
        try:
            return self.manifest(folder).made_at
        except BackupDamaged:
            return None
        except BackupLocked:
            return _named_for(folder)

    def remove(self, folders: Iterable[Path]) -> None:
        """Removes these backups, and the photos that no other one has. Raises OSError.

        Where a list of those that stay cannot be read, every photo stays.
        """
        for folder in folders:
            doomed = folder.with_name(f"{UNFINISHED}{folder.name}")
            folder.rename(doomed)  # half a backup must never look like a whole one
            sync(self.folder)  # nor after a power cut
            shutil.rmtree(doomed)
        try:
            named = {
                replace(self, key=self.key if is_encrypted(folder) else None).photo(one).name
                for folder in self.backups()
                for one in self.manifest(folder).photos.values()
            }
        except (BackupDamaged, BackupLocked):
            return
        self._sweep(named)

    def _sweep(self, named: Collection[str]) -> None:
        for path in self.folder.glob("photos/??/*"):
            # Whatever else lies in a folder that somebody named is theirs.
            is_ours = _PHOTO.fullmatch(path.name) and path.name.startswith(path.parent.name)
            if is_ours and path.name not in named:
                path.unlink()


def _named_for(folder: Path) -> datetime | None:
    try:
        return datetime.strptime(folder.name[:16], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def found(path: Path, now: datetime) -> Path:
    """The backup that is meant: this folder, or the newest in it. What a clock made that was ahead
    is the newest only where there is no other. Raises BackupDamaged.
    """
    if (path / NAME).exists() or is_encrypted(path):
        return path
    inside = Place(path).backups()
    if inside:
        by_now = [one for one in inside if (_named_for(one) or now) <= now + AHEAD]
        return (by_now or inside)[-1]
    if any((path / f"{name}{end}").exists() for name in DATABASES.values() for end in ("", END)):
        raise BackupDamaged(f"{path} 里没有清单 {NAME}：备份没有做完，或者没有拷全。")
    raise BackupDamaged(f"{path} 里没有备份，请核对文件夹。")


def database_in(folder: Path, manifest: Manifest) -> Path:
    """The file of its database. Raises BackupDamaged."""
    if manifest.kind not in DATABASES:
        raise BackupDamaged(f"{folder} 里的数据库是本程序不认识的一种：{manifest.kind}。")
    return folder / DATABASES[manifest.kind]


def compare_files(
    folder: Path, manifest: Manifest, place: Place, *, without_photos: bool
) -> list[str]:
    """Compares every file with the list; the photos that are not as they were, each in words.

    `folder` is the backup in plain, `place` where its photos lie. Raises BackupDamaged for
    anything but a photo, and for photos unless `without_photos`.
    """
    compare(database_in(folder, manifest), manifest.database, "数据库")
    need_names_in(folder, manifest.files, NAMES)
    for name, sealed in sorted(manifest.files.items()):
        compare(folder / name, sealed, "文件")
    faults = []
    for name, sealed in sorted(manifest.photos.items()):
        try:
            place.compare_photo(sealed, f"照片 {name} ")
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

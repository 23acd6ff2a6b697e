"""The small form of a backup: the database as one file, its photos in an archive beside it.

It has no list; behind the database's pages, where SQLite does not look, stands their SHA-256, and
with each photo its own. Older ones lack both: what they cannot prove themselves, nobody can.
"""

import shutil
import tarfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from forms_app.backups.manifest import BackupDamaged, Sealed, seal, seal_stream
from forms_app.files.attachments import END as ATTACHMENT_END
from forms_app.files.durable import sync
from forms_app.files.objects import Objects, on_disk
from forms_app.files.photos import LARGEST_PHOTO

HEAD = b"SQLite format 3\x00"
# In the head of each photo's entry, since there are backups with a list.
_SHA256 = "TENMINUTE.sha256"
_SEAL = b"\ntenminute sha256 %s\n"
_LEAST_PAGE = 512


def photos_beside(backup: Path) -> Path:
    """Where a backup's photos go: `circle.db` → `circle.db.photos.tar`."""
    return backup.with_name(f"{backup.name}.photos.tar")


def need_head(path: Path) -> None:
    """Raises BackupDamaged for a file that is no database of SQLite's, and OSError."""
    with path.open("rb") as file:
        if file.read(len(HEAD)) != HEAD:
            raise BackupDamaged(f"{path} 不是 backup 备份出来的数据库，请核对文件名。")


def seal_database(path: Path) -> None:
    """Writes behind the pages what they are. Raises OSError."""
    with path.open("ab") as file:
        file.write(_SEAL % seal(path).sha256.encode())
    sync(path)


def length_of(path: Path) -> int:
    """How many bytes of the file are the database. Raises BackupDamaged for any but those sealed.

    An older one is the database alone. Raises OSError.
    """
    size = path.stat().st_size
    if size % _LEAST_PAGE != len(_SEAL % (b"0" * 64)):
        return size
    length = size - size % _LEAST_PAGE
    with path.open("rb") as file:
        told = _SEAL % seal_stream(file, length).sha256.encode()
        if file.read() != told:
            raise BackupDamaged(f"备份 {path} 内容变了：坏了，或者被人改过，请换一份备份。")
    return length


def pack(photos: Objects, target: Path, beside: Path) -> int:
    """Packs every photo, and what lies beside notes, into a new file that only its owner may read.

    How many files of photos it holds.

    After the database: what that names is there, but for what was erased in between. What lies
    elsewhere is fetched into the folder `beside`, one after the other. Raises OSError.
    """
    target.touch(0o600, exist_ok=False)
    count = 0
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as archive:
        ours = [f.name for f in photos.under() if f.name.endswith((".jpg", ATTACHMENT_END))]
        for name in sorted(name for name in ours if "/" not in name):
            with suppress(FileNotFoundError), on_disk(photos, name, beside) as path:
                if path is None:
                    continue
                entry = archive.gettarinfo(path, path.name)
                entry.pax_headers = {_SHA256: seal(path).sha256}
                with path.open("rb") as content:
                    archive.addfile(entry, content)
                count += path.suffix == ".jpg"
    sync(target)
    return count


def packed(archive: Path) -> Mapping[str, Sealed]:
    """The photos that the archive holds, by name, each read to its end; none without an archive.

    Raises BackupDamaged and OSError.
    """
    found: dict[str, Sealed] = {}
    if not archive.exists():
        return found
    with _opened(archive) as (entries, opened):
        for entry in entries:
            content = opened.extractfile(entry)
            if content is None:
                continue
            with content:
                one = seal_stream(content)
            told = entry.pax_headers.get(_SHA256)
            if told is not None and told != one.sha256:
                raise BackupDamaged(f"{archive} 里的照片 {entry.name} 内容变了，请换一份备份。")
            found[entry.name] = one
    return found


def unpack(archive: Path, names: Collection[str], folder: Path) -> Iterator[tuple[str, Path]]:
    """Writes these photos into a folder, one after the other; each by its name and where it lies.

    By the names that the database knows: no path in an archive leads anywhere else. Raises
    BackupDamaged and OSError.
    """
    with _opened(archive) as (entries, opened):
        for entry in entries:
            content = opened.extractfile(entry) if entry.name in names else None
            if content is None:
                continue
            fresh = folder / f".{entry.name}.restoring"
            with content, fresh.open("wb") as file:
                shutil.copyfileobj(content, file)
            yield entry.name, fresh


@contextmanager
def _opened(archive: Path) -> Iterator[tuple[Iterator[tarfile.TarInfo], tarfile.TarFile]]:
    try:
        with tarfile.open(archive) as opened:
            yield (
                one for one in opened if one.isreg() and one.size <= LARGEST_PHOTO
            ), opened  # fmt: skip
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BackupDamaged(f"{archive} 坏了，读不完整，请换一份备份。") from error

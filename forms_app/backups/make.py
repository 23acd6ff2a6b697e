"""One backup made, restored into a scratch place and compared, and the old ones thinned out."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forms_app.backups import manifest as manifests
from forms_app.backups.check import checked
from forms_app.backups.databases import (
    DatabaseNotCopied,
    Facts,
    dump,
    kind_of,
    read_through,
    staged,
)
from forms_app.backups.erasures import write_list
from forms_app.backups.manifest import BackupDamaged, Manifest, Sealed, seal
from forms_app.backups.place import (
    DATABASES,
    LOCK,
    Place,
    compare_files,
    database_in,
    sync_folder,
)
from forms_app.backups.retention import kept
from forms_app.files.durable import make_folder, replace_files, sync
from forms_app.files.locks import Locked, holding
from forms_app.rules.contact_keys import ContactLocked
from forms_app.rules.refused import Refused
from forms_app.settings import Settings


class BackupFailed(Refused):
    """There is no new backup, or it could not be proved; the text says why. Old ones stay."""


class BackupBusy(BackupFailed):
    """Another one is being made there just now."""


@dataclass(frozen=True)
class Made:
    """A backup that was proved. `is_restored`: not merely read, but put into a database again."""

    folder: Path
    manifest: Manifest
    new_photos: int  # files that the place did not have yet
    is_restored: bool
    removed: int  # old backups


def back_up(settings: Settings, place: Place, now: datetime) -> Made:
    """Makes a backup in this place, proves it, and then removes those that need not be kept.

    Raises BackupFailed.
    """
    with _told(place), _alone(place):
        place.clear()
        try:
            folder, manifest, new_photos = _make(settings, place, now)
            is_restored = prove(folder, manifest, settings.database_url)
            removed = _thin_out(place)
        finally:
            place.clear()
    return Made(folder, manifest, new_photos, is_restored, removed)


def prove(folder: Path, manifest: Manifest, url: str) -> bool:
    """Compares all of a backup, and restores its database into a scratch place: whether it did.

    Only a PostgreSQL server that lets us make no database leaves it at reading the dump to its
    end. Raises BackupDamaged, DatabaseNotCopied and OSError.
    """
    compare_files(folder, manifest, without_photos=False)
    source = database_in(folder, manifest)
    scratch = Place(folder.parent).unfinished()
    try:
        with staged(source, url, scratch) as copy:
            checked(copy, manifest)
    except DatabaseNotCopied:
        if manifest.kind == "sqlite":
            raise
        read_through(source, url)
        return False
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return True


def _make(settings: Settings, place: Place, now: datetime) -> tuple[Path, Manifest, int]:
    fresh = place.unfinished()
    kind = kind_of(settings.database_url)
    held = dump(settings.database_url, fresh / DATABASES[kind])
    write_list(place.folder, held.installation, held.erased)
    # After the database: what that names is there, but for what was erased in between.
    photos, missing, new_photos = _keep_photos(settings.photos_dir, place, held)
    manifest = Manifest(
        installation=held.installation,
        schema=held.schema,
        made_at=now,
        kind=kind,
        database=seal(fresh / DATABASES[kind]),
        rows=held.rows,
        photos=photos,
        missing_photos=missing,
        files=_keep_files(settings, fresh),
        log=held.log,
    )
    replace_files({fresh / manifests.NAME: manifest.as_bytes()}, mode=0o600)
    sync_folder(fresh)
    folder = place.new_name(now)
    fresh.rename(folder)
    sync(place.folder)
    return folder, manifest, new_photos


def _keep_photos(
    photos: Path, place: Place, held: Facts
) -> tuple[Mapping[str, Sealed], tuple[str, ...], int]:
    """Puts each photo into the store once; what was put there by name, missing keys, new photos.

    A file beside a note is kept as photos are, and not counted with them.
    """
    kept_photos: dict[str, Sealed] = {}
    missing: list[str] = []
    new = 0
    fresh: set[Path] = set()
    for key, (names, _size) in sorted(held.files.items()):
        paths = [photos / name for name in names]
        try:
            sealed = [seal(path) for path in paths]
        except FileNotFoundError:
            missing.append(key)
            continue
        for path, one in zip(paths, sealed, strict=True):
            kept_photos[path.name] = one
            if _keep(path, one, place):
                fresh.add(place.photo(one).parent)
                new += path.suffix == ".jpg"
    for folder in fresh:
        sync(folder)
    return kept_photos, tuple(missing), new


def _keep(path: Path, sealed: Sealed, place: Place) -> bool:
    """Whether the content was not there yet. What is there but damaged is put there anew."""
    stored = place.photo(sealed)
    if stored.exists() and (stored.samefile(path) or seal(stored) == sealed):
        return False
    make_folder(stored.parent, 0o700)
    fresh = stored.with_name(f".{stored.name}")
    fresh.unlink(missing_ok=True)
    try:
        fresh.hardlink_to(path)  # on the same disk: a photo is never written a second time
    except OSError:
        shutil.copyfile(path, fresh)
        fresh.chmod(0o600)
        sync(fresh)
    fresh.replace(stored)
    return True


def _keep_files(settings: Settings, fresh: Path) -> Mapping[str, Sealed]:
    """Copies what the office edits and what was published; what was copied by name."""
    sealed = {}
    kept_too = (("community", settings.community_dir), ("published", settings.published_dir))
    for name, folder in kept_too:
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.is_symlink() or path.name.startswith("."):
                continue
            copy = fresh / name / path.relative_to(folder)
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            copy.chmod(0o600)
            sealed[copy.relative_to(fresh).as_posix()] = seal(copy)
    return sealed


def _thin_out(place: Place) -> int:
    """Removes the backups that need not be kept; how many. What cannot be read stays."""
    made = {}
    for folder in place.backups():
        try:
            made[folder] = Manifest.read(folder).made_at
        except BackupDamaged:
            continue
    stay = kept(made.values())
    gone = [folder for folder, moment in made.items() if moment not in stay]
    place.remove(gone)
    return len(gone)


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    make_folder(place.folder, 0o700)
    try:
        with holding(place.folder / LOCK):
            yield
    except Locked as error:
        raise BackupBusy(f"{place.folder} 里正在做另一份备份，等它做完再做。") from error


@contextmanager
def _told(place: Place) -> Iterator[None]:
    """A block in which whatever goes wrong is a sentence."""
    try:
        yield
    except (BackupDamaged, ContactLocked) as error:
        raise BackupFailed(f"备份做了，但是核对不过：{error}") from error
    except DatabaseNotCopied as error:
        raise BackupFailed(str(error)) from error
    except OSError as error:
        where = error.filename or place.folder
        raise BackupFailed(
            f"没有备份成：{where}（{error.strerror or os.strerror(error.errno or 0)}），"
            "请检查文件夹和磁盘空间。"
        ) from error

"""One backup made, restored into a scratch place and compared, and the old ones thinned out."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

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
from forms_app.backups.encryption import OPENED, BackupLocked, in_plain, is_encrypted, key_of
from forms_app.backups.erasures import write_list
from forms_app.backups.kept_files import kept_files
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
from forms_app.files.objects import Objects, on_disk
from forms_app.rules.contact_keys import ContactLocked
from forms_app.rules.os_words import why
from forms_app.rules.refused import Refused
from forms_app.settings import Settings

# What proving an encrypted backup lays down in plain: the database, once more as it is restored,
# and a little beside.
_COPIES = 2
_SCRATCH_BYTES = 50 * 1024 * 1024


class BackupFailed(Refused):
    """There is no new backup, or it could not be proved; the text says why. Old ones stay."""


class BackupBusy(BackupFailed):
    """Another one is being made there just now."""


class Made(Struct, frozen=True):
    """A backup that was proved. `is_restored`: not merely read, but put into a database again."""

    folder: Path
    manifest: Manifest
    new_photos: int  # files that the place did not have yet
    is_restored: bool
    removed: int  # old backups
    is_encrypted: bool


def back_up(settings: Settings, place: Place, now: datetime) -> Made:
    """Makes a backup in this place, proves it, and then removes those that need not be kept.

    Raises BackupFailed.
    """
    with _told(place), _alone(place):
        place.clear()
        try:
            locked = place.locked(settings.backup_passphrase)
            folder, manifest, new_photos = _make(settings, locked, now)
            is_restored = prove(folder, settings)
            removed = _thin_out(locked, now)
        finally:
            place.clear()
    return Made(folder, manifest, new_photos, is_restored, removed, locked.key is not None)


def prove(folder: Path, settings: Settings) -> bool:
    """Compares all of a backup, read again as it lies there, and restores its database into a
    scratch place: whether it did.

    Only a PostgreSQL server that lets us make no database leaves it at reading the dump to its
    end. Raises BackupDamaged, BackupLocked, DatabaseNotCopied and OSError.
    """
    url = settings.database_url
    key = key_of(folder, settings.backup_passphrase) if is_encrypted(folder) else None
    with in_plain(folder, key, _scratch(settings)) as plain:
        manifest = Manifest.read(plain)
        compare_files(plain, manifest, Place(folder.parent, key), without_photos=False)
        source = database_in(plain, manifest)
        # Nothing in plain lies beside an encrypted backup, be it for a moment.
        scratch = plain if key else Place(folder.parent).unfinished()
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


def _scratch(settings: Settings) -> Path:
    """Where something may lie in plain: beside the data, or where their disk takes nothing or has
    no room, in the system's own place.
    """
    private, system = settings.private_dir, Path(tempfile.gettempdir())
    if not os.access(private, os.W_OK):
        return system
    file = settings.database_file
    wanted = _SCRATCH_BYTES + (0 if file is None else _COPIES * file.stat().st_size)
    free = shutil.disk_usage(private).free
    return private if free >= min(wanted, shutil.disk_usage(system).free) else system


@contextmanager
def _beside(settings: Settings, objects: Objects) -> Iterator[Path]:
    """A folder for photos that are fetched from elsewhere; for those of this disk none is made."""
    if not objects.is_shared:
        yield settings.private_dir
        return
    with tempfile.TemporaryDirectory(prefix=OPENED, dir=_scratch(settings)) as folder:
        yield Path(folder)


@contextmanager
def _in_the_making(settings: Settings, place: Place, fresh: Path) -> Iterator[Path]:
    """A folder for what goes into `fresh`, where it is encrypted after the block."""
    if place.key is None:
        yield fresh
        return
    with tempfile.TemporaryDirectory(prefix=OPENED, dir=_scratch(settings)) as plain:
        yield Path(plain)
        place.key.encrypt_folder(Path(plain), fresh)


def _make(settings: Settings, place: Place, now: datetime) -> tuple[Path, Manifest, int]:
    fresh = place.unfinished()
    kind = kind_of(settings.database_url)
    with _in_the_making(settings, place, fresh) as plain:
        held = dump(settings.database_url, plain / DATABASES[kind])
        write_list(place.folder, held.installation, held.erased)
        # After the database: what that names is there, but for what was erased in between.
        photos, missing, new_photos = _keep_photos(settings, place, held)
        manifest = Manifest(
            installation=held.installation,
            schema=held.schema,
            made_at=now,
            kind=kind,
            database=seal(plain / DATABASES[kind]),
            rows=held.rows,
            photos=photos,
            missing_photos=missing,
            files=_keep_files(settings, plain),
            log=held.log,
        )
        replace_files({plain / manifests.NAME: manifest.as_bytes()}, mode=0o600)
    sync_folder(fresh)
    folder = place.new_name(now)
    fresh.rename(folder)
    sync(place.folder)
    return folder, manifest, new_photos


def _keep_photos(
    settings: Settings, place: Place, held: Facts
) -> tuple[Mapping[str, Sealed], tuple[str, ...], int]:
    """Puts each photo into the store once; what was put there by name, missing keys, new photos.

    A file beside a note is kept as photos are, and not counted with them.
    """
    kept_photos: dict[str, Sealed] = {}
    missing: list[str] = []
    new = 0
    fresh: set[Path] = set()
    objects = settings.objects(settings.photos_dir)
    known = _known(place) if objects.is_shared else {}
    with _beside(settings, objects) as beside:
        for key, (names, _size) in sorted(held.files.items()):
            kept_one: dict[str, Sealed] = {}
            for name in names:
                one, is_new = _kept(objects, name, known.get(name), place, beside)
                if one is None:
                    break
                kept_one[name] = one
                if is_new:
                    fresh.add(place.photo(one).parent)
                    new += name.endswith(".jpg")
            if len(kept_one) < len(names):
                missing.append(key)
            else:
                kept_photos |= kept_one
    for folder in fresh:
        sync(folder)
    return kept_photos, tuple(missing), new


def _known(place: Place) -> Mapping[str, Sealed]:
    """The photos of the newest backup there: what has its name and size need not be fetched."""
    newest = place.backups()[-1:]
    try:
        return place.manifest(newest[0]).photos if newest else {}
    except (BackupDamaged, BackupLocked, OSError):
        return {}


def _kept(
    objects: Objects, name: str, known: Sealed | None, place: Place, beside: Path
) -> tuple[Sealed | None, bool]:
    """Puts one file into the store: what it is, None where it is not there; whether it was new.

    One that lies elsewhere is only fetched where the place has none of its name, size and content:
    under its name a photo never changes.
    """
    if known is not None:
        found = objects.found(name)
        if found is None:
            return None, False
        if found.size == known.size and place.holds(known):
            return known, False
    with on_disk(objects, name, beside) as path:
        try:
            sealed = None if path is None else seal(path)
        except FileNotFoundError:
            sealed = None
        if path is None or sealed is None:
            return None, False
        return sealed, _keep(path, sealed, place)


def _keep(path: Path, sealed: Sealed, place: Place) -> bool:
    """Whether the content was not there yet. What is there but damaged is put there anew."""
    stored = place.photo(sealed)
    if stored.exists() and (stored.samefile(path) or place.holds(sealed)):
        return False
    make_folder(stored.parent, 0o700)
    fresh = stored.with_name(f".{stored.name}")
    fresh.unlink(missing_ok=True)
    if place.key is not None:
        place.key.encrypt(path, fresh)
        sync(fresh)
    else:
        _link_or_copy(path, fresh)
    fresh.replace(stored)
    return True


def _link_or_copy(path: Path, fresh: Path) -> None:
    try:
        fresh.hardlink_to(path)  # on the same disk: a photo is never written a second time
    except OSError:
        shutil.copyfile(path, fresh)
        fresh.chmod(0o600)
        sync(fresh)


def _keep_files(settings: Settings, fresh: Path) -> Mapping[str, Sealed]:
    """Copies what the office edits and what was published; what was copied by name."""
    sealed = {}
    for name, path in kept_files(settings):
        copy = fresh / name
        make_folder(copy.parent, 0o700)
        try:
            shutil.copyfile(path, copy)
        except FileNotFoundError:
            continue  # an old version that has just given way
        copy.chmod(0o600)
        sealed[name] = seal(copy)
    return sealed


def _thin_out(place: Place, now: datetime) -> int:
    """Removes the backups that need not be kept; how many. What cannot be read stays."""
    found = {folder: place.made_at(folder) for folder in place.backups()}
    made = {folder: moment for folder, moment in found.items() if moment is not None}
    stay = kept(made.values(), now)
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
    except (BackupDamaged, BackupLocked, ContactLocked) as error:
        raise BackupFailed(f"备份做了，但是核对不过：{error}") from error
    except DatabaseNotCopied as error:
        raise BackupFailed(str(error)) from error
    except OSError as error:
        # Of a copy both are named: what is full is where it was to go.
        where = error.filename2 or error.filename or place.folder
        raise BackupFailed(
            f"没有备份成：{where}（{why(error)}），请检查文件夹和磁盘空间。"
        ) from error

"""The photos that a backup brings back: which the database names, which are nowhere."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from msgspec import Struct

from forms_app.backups.databases import PHOTO_ENDS, Facts
from forms_app.backups.manifest import Sealed, seal_stream
from forms_app.backups.single_file import photos_beside, unpack
from forms_app.backups.source import RestoreRefused, Source
from forms_app.files.durable import make_folder
from forms_app.files.objects import Objects
from forms_app.settings import Settings


class Photos(Struct, frozen=True):
    """What a restore does about photos: files to be brought, keys that are nowhere."""

    wanted: frozenset[str]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        brought = {name.partition(".")[0] for name in self.wanted}
        return f"照片要补回{len(brought)}张，还缺{len(self.missing)}张。"


def photos_of(settings: Settings, source: Source, held: Facts) -> Photos:
    """Of the photos that the database names, those that are to be brought, and those nowhere.

    Raises RestoreRefused where the backup holds one that is cut short.
    """
    wanted: set[str] = set()
    missing = []
    objects = settings.objects(settings.photos_dir)
    for key, (names, size) in sorted(held.files.items()):
        lost = [
            name for name in names if not _is_here(objects, name, source.photos.get(name), size)
        ]
        large = source.photos.get(names[0])
        if large is not None and large.size != size:
            raise RestoreRefused(
                f"备份里的照片 {key} 应有 {size} 字节，现有 {large.size} 字节，请换一份备份。"
            )
        if all(name in source.photos for name in lost):
            wanted.update(lost)
        else:
            missing.append(key)
    return Photos(frozenset(wanted), tuple(missing))


def _is_here(objects: Objects, name: str, sealed: Sealed | None, size: int) -> bool:
    """Whether the office has this photo as it should be, as far as that is known."""
    found = objects.found(name)
    if found is None:
        return False
    if sealed is not None:
        return found.size == sealed.size and _is(objects, name, sealed)
    return name.endswith(PHOTO_ENDS[1]) or found.size == size


def _is(objects: Objects, name: str, sealed: Sealed) -> bool:
    content = objects.get(name)
    return content is not None and seal_stream(BytesIO(content)) == sealed


def bring_photos(settings: Settings, source: Source, names: frozenset[str]) -> None:
    """Brings these photos, each whole or not at all. Raises BackupDamaged and OSError."""
    if not names:
        return
    folder = settings.photos_dir
    make_folder(folder, 0o700)
    objects = settings.objects(folder)
    for name, fresh in _fresh_photos(source, names, folder):
        objects.bring({name: fresh})


def _fresh_photos(
    source: Source, names: frozenset[str], folder: Path
) -> Iterator[tuple[str, Path]]:
    if source.place is None:
        yield from unpack(photos_beside(source.path), names, folder)
        return
    for name in sorted(names):
        fresh = folder / f".{name}.restoring"
        source.place.bring_photo(source.photos[name], fresh)
        yield name, fresh

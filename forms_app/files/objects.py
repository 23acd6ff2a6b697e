"""Where an office's files lie that its servers share: in a folder of this disk, or in a bucket
(`files/bucket.py`) where there are several servers. Names are relative, with `/` between parts.

A file is there whole or not at all, and what was put there outlives a power cut.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from forms_app.files.durable import make_folder, replace_files, sync


class Found(Struct, frozen=True):
    """A file that is there: bytes, and when it was last put or touched (aware)."""

    name: str
    size: int
    at: datetime


@dataclass(frozen=True)
class BucketPlace:
    """Which bucket of which server, and with which keys."""

    endpoint: str  # https://s3.example.cn
    bucket: str
    prefix: str  # "" or "a/b"
    region: str
    key: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def address(self) -> str:
        """The place without its keys, by which two servers know that it is the same."""
        return "/".join(filter(None, (self.endpoint, self.bucket, self.prefix)))


class Objects(Protocol):
    """Files by name. Whatever cannot be reached or written raises OSError."""

    def put(self, name: str, content: bytes) -> None:
        """Writes one, in the place of what had the name before."""

    def bring(self, files: Mapping[str, Path]) -> None:
        """Moves files of this disk there, each under its name; they are gone from where they were.

        The caller has them beside `folder`, so that a folder need only rename them.
        """

    def get(self, name: str) -> bytes | None:
        """What it holds; None where it is not there."""

    def found(self, name: str) -> Found | None:
        """What is known of it without reading it; None where it is not there."""

    def under(self, start: str = "") -> Iterator[Found]:
        """All whose names begin so, in no order. What comes or goes meanwhile may be among them."""

    def touch(self, name: str) -> None:
        """It counts as put now; nothing happens where it is gone."""

    def remove(self, names: Iterable[str]) -> None:
        """Removes these; those that are gone already are no matter."""

    def shown(self, name: str) -> Path | BytesIO | None:
        """What a server sends of it: where it lies on this disk, or else its content."""

    @property
    def is_shared(self) -> bool:
        """Whether other servers have the same files."""


class Folder:
    """A folder of this disk, for its owner alone; made when the first file comes."""

    is_shared = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, name: str, content: bytes) -> None:
        target = self._path / name
        make_folder(target.parent, 0o700)
        # Renamed into its place: of two that come at once, each is whole.
        replace_files({target: content}, mode=0o600)

    def bring(self, files: Mapping[str, Path]) -> None:
        make_folder(self._path, 0o700)
        for name, file in files.items():
            file.chmod(0o600)
            sync(file)
            file.replace(self._path / name)
        sync(self._path)

    def get(self, name: str) -> bytes | None:
        try:
            return (self._path / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def found(self, name: str) -> Found | None:
        path = self._path / name
        return _told(name, path) if path.is_file() else None

    def under(self, start: str = "") -> Iterator[Found]:
        # Only the folder that can hold them; a walk, unlike a glob, passes over one that goes.
        top = self._path / start.rpartition("/")[0]
        for folder, _folders, names in os.walk(top):
            for one in names:
                path = Path(folder, one)
                name = path.relative_to(self._path).as_posix()
                found = _told(name, path) if name.startswith(start) else None
                if found is not None:
                    yield found

    def touch(self, name: str) -> None:
        with suppress(FileNotFoundError):
            os.utime(self._path / name)

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            path = self._path / name
            with suppress(NotADirectoryError):
                path.unlink(missing_ok=True)
            if path.parent != self._path:
                with suppress(OSError):  # not the last one there, or one more comes just now
                    path.parent.rmdir()

    def shown(self, name: str) -> Path | BytesIO | None:
        path = self._path / name
        return path if path.is_file() else None


@contextmanager
def on_disk(objects: Objects, name: str, beside: Path) -> Iterator[Path | None]:
    """The file as one of this disk until the block ends; None where it is not there.

    One that lies elsewhere is written into the folder `beside` for so long. Raises OSError.
    """
    shown = objects.shown(name)
    if shown is None or isinstance(shown, Path):
        yield shown
        return
    copy = beside / name.rpartition("/")[2]
    copy.touch(0o600)
    try:
        copy.write_bytes(shown.getbuffer())
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _told(name: str, path: Path) -> Found | None:
    try:
        told = path.stat()
    except FileNotFoundError:  # it went in this moment
        return None
    return Found(name, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC))

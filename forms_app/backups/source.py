"""A backup that is to be put in, and why it is not."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from forms_app.backups.manifest import Manifest, Sealed
from forms_app.backups.place import Place
from forms_app.rules.refused import Refused


class RestoreRefused(Refused):
    """The backup was not put in, and nothing is changed; the text says why and what to do."""


class Source(Struct, frozen=True):
    """A backup that was compared with itself: its database, its list, the photos it has.

    `path` is its folder in plain, or the file; `place` where a folder's photos lie.
    """

    path: Path
    place: Place | None
    database: Path
    length: int | None  # bytes of that file that are the database; None: all
    kind: str
    manifest: Manifest | None  # none: the small form
    photos: Mapping[str, Sealed]  # by file name

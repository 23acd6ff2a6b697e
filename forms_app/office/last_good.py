"""The office's files as they were when they could last be used: a server that is started again,
and what it starts, go on with them as one that runs does, while somebody mends a mistake.

They lie in one file, which is there whole or not at all.
"""

import logging
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from forms_app.community import Circle, DataRefused, load
from forms_app.files.durable import replace_files
from forms_app.rules.os_words import why
from forms_app.settings import Settings

NAME = "community.last-good.zip"
_ENDS = (".yml", ".csv", ".md")  # what a circle is made of; doors and streets are pictures

# What reading a damaged archive comes to.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError,
    NotImplementedError,
)  # fmt: skip

_log = logging.getLogger(__name__)


def keep(settings: Settings) -> None:
    """Keeps the files, which have just been read without a mistake."""
    place = settings.private_dir / NAME
    try:
        files = _files(settings.community_dir)
        packed = _packed(files)
        if place.is_file() and place.read_bytes() == packed:
            return
        load(settings.community_dir, files)  # somebody may have written since
        replace_files({place: packed}, mode=0o600)
    except DataRefused:
        return  # those that are kept are the last good ones
    except OSError as error:
        _log.warning("the last good data are not kept: %s", why(error))


def forget(settings: Settings) -> None:
    """Others were put in their place. Raises OSError."""
    (settings.private_dir / NAME).unlink(missing_ok=True)


def last_good(settings: Settings) -> Circle | None:
    """What was kept; None where nothing was, or where this program cannot use it."""
    try:
        with zipfile.ZipFile(settings.private_dir / NAME) as archive:
            kept: dict[str, bytes | None] = {one: archive.read(one) for one in archive.namelist()}
        newer = dict.fromkeys(_files(settings.community_dir).keys() - kept.keys())
        return load(settings.community_dir, kept | newer)
    except (OSError, DataRefused, *_DAMAGED):
        return None


def _files(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in _ENDS and path.is_file() and not path.name.startswith(".")
    }


def _packed(files: Mapping[str, bytes]) -> bytes:
    """The same for the same files."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()

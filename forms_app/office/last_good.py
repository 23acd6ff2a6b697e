"""The office's files as they were when they could last be used: a server that is started again,
and what it starts, go on with them as one that runs does, while somebody mends a mistake.

They lie in one file, which is there whole or not at all.
"""

import logging
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from forms_app.community import Circle, DataRefused, load
from forms_app.files.durable import replace_files
from forms_app.files.zips import UNREADABLE
from forms_app.rules.os_words import why
from forms_app.settings import Settings

NAME = "community.last-good.zip"
_ENDS = (".yml", ".csv", ".md")  # what a circle is made of; doors and streets are pictures

_log = logging.getLogger(__name__)


def keep(settings: Settings) -> None:
    """Keeps the files, which have just been read without a mistake."""
    place = settings.private_dir / NAME
    try:
        files = _files(settings.community_dir)
        # What lies there is compared itself: of a date or a digest beside it, damage is not seen.
        if _kept(place) == files:
            return
        load(settings.community_dir, files)  # somebody may have written since
        replace_files({place: _packed(files)}, mode=0o600)
    except DataRefused:
        return  # those that are kept are the last good ones
    except OSError as error:
        _log.warning("the last good data are not kept: %s", why(error))


def forget(settings: Settings) -> None:
    """Others were put in their place. Raises OSError."""
    (settings.private_dir / NAME).unlink(missing_ok=True)


def last_good(settings: Settings) -> Circle | None:
    """What was kept; None where nothing was, or where this program cannot use it."""
    kept = _kept(settings.private_dir / NAME)
    if kept is None:
        return None
    try:
        newer = dict.fromkeys(_files(settings.community_dir).keys() - kept.keys())
        return load(settings.community_dir, {**kept, **newer})
    except (OSError, DataRefused):
        return None


def _files(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in _ENDS and path.is_file() and not path.name.startswith(".")
    }


def _kept(place: Path) -> Mapping[str, bytes] | None:
    try:
        with zipfile.ZipFile(place) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except UNREADABLE:
        return None


def _packed(files: Mapping[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()

"""What residents had erased, brought out of whatever lies beside the rows, and the list of it that
lies beside the backups: put in again, an older one is erased again by it.

A press writes its row first; a crash, a reader in the way or a disk that is not there leave the
rest to the next tick.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from forms_app import casework, queries
from forms_app.files.durable import replace_files, sync
from forms_app.rules.erasures import Erased, read_lines
from forms_app.settings import Settings
from forms_app.store.database import truncate_log

LIST = "erased.jsonl"
_EXPORT = ".xlsx"


def carry_out(settings: Settings) -> bool:
    """Clears the files of all that is owed: photos, what waits for a form, spreadsheets, the log
    of the database; and adds it to the lists. Whether nothing is left to the next time.
    """
    owed = casework.owed()
    if not owed:
        return truncate_log()
    try:
        photos = settings.photos
        photos.erase([key for one in owed for key in one.photo_keys])
        photos.erase_waiting({one.number for one in owed})
        if any(one.parts for one in owed):
            _clear_spreadsheets(settings, owed)
        for folder in settings.backup_places:
            # A place without any backup has nothing to be erased again.
            if folder.is_dir():
                add_to_list(folder, queries.installation_code(), owed)
    except OSError:
        return False
    if not truncate_log():
        return False
    casework.carried_out([one.code for one in owed])
    return True


def add_to_list(place: Path, office: str, erased: Iterable[Erased]) -> None:
    """Adds to the list of this place, each once, and waits until it is on the disk.

    `office` is the code of the installation. Raises OSError.
    """
    known = {one.code for _, one in _lines(place)}
    fresh = [one.as_line(office) for one in erased if one.code not in known]
    if not fresh:
        return
    handle = os.open(place / LIST, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # After a line that a crash left half written, a line of its own.
        os.write(handle, "".join(f"\n{line}\n" for line in fresh).encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    sync(place)


def write_list(place: Path, office: str, erased: Iterable[Erased]) -> None:
    """The list of this place anew: what it had, and these. Raises OSError."""
    every = {one.code: (whose, one) for whose, one in _lines(place)}
    every |= {one.code: (office, one) for one in erased}
    if every:
        content = "".join(f"{one.as_line(whose)}\n" for whose, one in every.values())
        replace_files({place / LIST: content.encode()}, mode=0o600)


def listed(place: Path, office: str) -> list[Erased]:
    """What stands in the list of this place of that office, or of any where it had no code yet.

    Nothing where there is no list. Raises OSError.
    """
    return [one for whose, one in _lines(place) if office in ("", whose)]


def _lines(place: Path) -> list[tuple[str, Erased]]:
    try:
        return read_lines((place / LIST).read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        return []


def _clear_spreadsheets(settings: Settings, owed: Iterable[Erased]) -> None:
    """Removes those that wait to be fetched with contacts in them, and those that wait to be
    imported where one of the issues came from one.
    """
    numbers = {one.number for one in owed}
    exports = settings.objects(settings.exports_dir)
    waiting = {Path(found.name) for found in exports.under() if found.name.endswith(_EXPORT)}
    making = list(settings.exports_dir.glob("*.part"))
    keys = {int(path.stem) for path in (*waiting, *making) if path.stem.isdecimal()}
    stay = {str(key) for key in queries.without_contacts(keys)}
    exports.remove(path.name for path in waiting if path.stem not in stay)
    for path in making:
        if path.stem not in stay:
            path.unlink(missing_ok=True)
    if queries.are_imported(numbers):
        uploads = settings.objects(settings.uploads_dir)
        uploads.remove([f.name for f in uploads.under() if f.name.endswith(".json")])

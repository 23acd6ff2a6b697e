"""What the site tells of closed issues, handed over: words in a file, small photos beside it.

A photo gets another name than it has in the office, and only its small picture crosses, which was
made anew without place and time as it came. What is told no more is not there any more.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from forms_app.files.durable import make_folder, replace_files
from forms_app.files.photos import Photos
from forms_app.publishing.figures import write_told

FILE = "notes.json"
PHOTOS = "notes"
_PICTURES = ("before", "after")


def write_notes(published: Path, photos: Photos, notes: Sequence[Mapping[str, Any]]) -> None:
    """Makes file and photos those of these notes, and of no others. Raises OSError."""
    folder = published / PHOTOS
    pictures: dict[Path, bytes] = {}
    told = []
    for note in notes:
        shown = dict(note)
        for name in _PICTURES:
            picture = photos.picture(str(note[name]), small=True) if note[name] else None
            shown[name] = _public_name(str(note[name])) if picture is not None else ""
            if picture is not None:
                pictures[folder / shown[name]] = picture
        told.append(shown)
    fresh = {place: content for place, content in pictures.items() if not place.is_file()}
    if fresh:
        make_folder(folder)
        replace_files(fresh)
    write_told(published / FILE, told)
    for place in folder.glob("*") if folder.is_dir() else ():
        if place not in pictures:
            place.unlink(missing_ok=True)


def _public_name(key: str) -> str:
    return f"{hashlib.sha256(f'public {key}'.encode()).hexdigest()[:20]}.jpg"

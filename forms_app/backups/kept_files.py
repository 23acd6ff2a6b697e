"""Which of the office's files go along with its database: into a backup, and out of the house.

What it edits, every version of that, and what was published. Photos go another way.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from forms_app.settings import Settings

COMMUNITY, PUBLISHED, CONTENT = "community", "published", "content"
NAMES = (COMMUNITY, PUBLISHED, CONTENT)
_LOCK = "lock"  # of whoever writes there just now; nothing is in it


def folder_of(settings: Settings, name: str) -> Path:
    """Where the folder of this name lies in an installation."""
    return {
        COMMUNITY: settings.community_dir,
        PUBLISHED: settings.published_dir,
        CONTENT: settings.content_dir,
    }[name]


def kept_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Each file, with its name below the folder's own: `community/circle.yml`. Raises OSError where
    a folder is there and cannot be read: nothing of it would look like nothing in it.
    """
    for name in NAMES:
        folder = folder_of(settings, name)
        for path in sorted(_inside(folder)):
            is_plain = path.is_file() and not path.is_symlink() and not path.name.startswith(".")
            if is_plain and path != settings.content_dir / _LOCK:
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _inside(folder: Path) -> Iterator[Path]:
    for inner, _, names in os.walk(folder, onerror=_refuse):
        yield from (Path(inner, name) for name in names)


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def place_of(settings: Settings, name: str) -> Path:
    """Where the file of this name belongs. Raises KeyError for a folder that is none of these."""
    folder, _, rest = name.partition("/")
    return folder_of(settings, folder) / rest

"""Spreadsheets between upload and import: for their owner alone, a day at most.

It knows neither accounts nor requests; an owner is a number.
"""

import json
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from msgspec import Struct

from forms_app.files.durable import make_folder
from forms_app.files.keys import fresh_key, is_key
from forms_app.files.objects import Folder, Objects
from forms_app.spreadsheets.sheets import Sheet, as_json, read_sheets, sheet_of

KEPT_FOR = timedelta(days=1)
READING = "reading-"  # a file as it was sent


class Upload(Struct, frozen=True):
    token: str
    name: str  # of the file, as its owner calls it
    sheets: tuple[Sheet, ...]
    choices: dict[str, Any]  # how its owner wants it read; empty until they said so


class Uploads:
    """They are read in a folder of this disk, and kept there unless they lie elsewhere (`kept`)."""

    def __init__(self, folder: Path, kept: Objects | None = None) -> None:
        self._folder = folder
        self._kept = kept or Folder(folder)

    def take(self, owner: int, name: str, content: IO[bytes], *, is_plain: bool = False) -> str:
        """Reads a file and keeps its cells, not the file; its token. Raises FileRefused."""
        make_folder(self._folder, 0o700)
        # 0600 from its first byte, and gone when it has been read.
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=READING) as file:
            while chunk := content.read(1024 * 1024):
                file.write(chunk)
            file.flush()
            sheets = read_sheets(Path(file.name), is_plain=is_plain)
        token = fresh_key()
        self._write(token, owner, name, sheets, {})
        return token

    def get(self, token: str, owner: int) -> Upload | None:
        """What its owner uploaded, if it is still there."""
        if not is_key(token):
            return None
        content = self._kept.get(_name(token))
        try:
            kept = json.loads(content or b"")
            if kept["owner"] != owner:
                return None
            sheets = tuple(sheet_of(sheet) for sheet in kept["sheets"])
            return Upload(token, kept["name"], sheets, kept["choices"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return None  # gone, or a power cut left it empty

    def choose(self, upload: Upload, owner: int, choices: dict[str, Any]) -> None:
        """Keeps how the owner wants it read."""
        self._write(upload.token, owner, upload.name, upload.sheets, choices)

    def erase(self, token: str) -> None:
        """Forgets it; nothing happens where it is gone already."""
        if is_key(token):
            self._kept.remove([_name(token)])

    def clear(self) -> None:
        """Removes what a crash left half read; to be called while nobody else uploads."""
        for pattern in (f"{READING}*", ".*"):
            for path in self._folder.glob(pattern):
                path.unlink(missing_ok=True)

    def erase_old(self, now: datetime, kept_for: timedelta = KEPT_FOR) -> int:
        """Forgets what lies there for longer, also what a reader that died left; how many."""
        old = [found.name for found in self._kept.under() if found.at < now - kept_for]
        self._kept.remove(old)
        return len(old)

    def _write(
        self, token: str, owner: int, name: str, sheets: Iterable[Sheet], choices: dict[str, Any]
    ) -> None:
        kept = {
            "owner": owner,
            "name": name,
            "sheets": [as_json(sheet) for sheet in sheets],
            "choices": choices,
        }
        self._kept.put(_name(token), json.dumps(kept, ensure_ascii=False).encode())


def _name(token: str) -> str:
    return f"{token}.json"

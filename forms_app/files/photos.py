"""Photos on this disk: made anew when they come, waiting for their form, then an issue's.

A photo is two files, the picture and a small one to look at first, under a name that nobody can
guess. Which issue names it only the database knows; a photo that none names is swept away.
"""

import hashlib
import json
import re
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from forms_app.files.durable import make_folder, replace_files, sync
from forms_app.rules.said import said

MOST_PHOTOS = 6  # of one form
LARGEST_PHOTO = 12 * 1024 * 1024  # bytes, as it comes
LONGEST_SECONDS = 40
LONGEST_WAIT_SECONDS = 120
SLOTS = 2
COMING = "coming-"  # a photo as it was sent, place and time and all
# As long as somebody may take over a form that was refused, and longer than any backup.
KEPT_UNNAMED = timedelta(days=2)

_NO_ROOM = "照片现在存不下。请先不带照片提交，照片以后可以当面给工作人员。"
BUSY = "正在处理别人的照片，请过一会儿再提交；急的话先不带照片提交。"
REFUSALS = {
    "not_a_photo": "这不是照片。可以用 JPG、PNG 或 WebP 格式的照片。",
    "heic": (
        "这是 HEIC 格式，这里打不开。请在苹果手机“设置—相机—格式”里选“兼容性最佳”再拍，"
        "或者先截一张屏用截图。"
    ),
    "too_large": "这张照片太大，处理不了。请在手机相机里把照片尺寸调小一些，或者用截图。",
    "broken": "这张照片打不开，可能没有传完整，请重新选一次。",
    "no_room": _NO_ROOM,
    "heavy": said(
        "这张照片超过%(megabytes)s MB，请把手机相机的照片尺寸调小，或者用截图。",
        megabytes=LARGEST_PHOTO // 1024**2,
    ),
}

_ROOT = Path(__file__).resolve().parents[2]
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")
# A phone's takes 50 to 160 MB while it is made, a bad one up to its limit: never ten at once.
_slots = threading.BoundedSemaphore(SLOTS)


class PhotoRefused(Exception):
    """The photo cannot be taken; the sentence says what to do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Taken:
    """A photo that is on the disk: pixels upright, bytes of its picture."""

    key: str
    width: int
    height: int
    size: int


class Photos:
    """The folder that holds them; made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def stage(self, form_key: str, content: IO[bytes]) -> Taken:
        """Takes a photo that came with a form; sent again with the same form it counts once.

        Raises PhotoRefused.
        """
        place = self._waiting(form_key)
        try:
            make_folder(place, 0o700)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=COMING) as file:
                digest = _copy(content, file)
                note = place / digest
                known = _read(note)
                if known is not None and self.file(known.key):
                    return known
                taken = self._make(Path(file.name))
            # Renamed into its place: of two that come at once, each is whole.
            replace_files({note: json.dumps(asdict(taken)).encode()}, mode=0o600)
        except OSError as error:
            raise PhotoRefused(_NO_ROOM) from error
        return taken

    def staged(self, form_key: str) -> list[Taken]:
        """What came with this form so far, in its order; safe from the sweep from now on."""
        place = self._waiting(form_key)
        if not form_key or not place.is_dir():
            return []
        notes = sorted(
            (note for note in place.iterdir() if not note.name.startswith(".")),
            key=lambda note: note.stat().st_mtime_ns,
        )
        found = [taken for taken in map(_read, notes) if taken and self.file(taken.key)]
        for taken in found:
            self._large(taken.key).touch()
            self._small(taken.key).touch()
        return found

    def unstage(self, form_key: str, key: str) -> None:
        """Takes one away again that its sender does not want to send."""
        place = self._waiting(form_key)
        for note in list(place.iterdir()) if place.is_dir() else []:
            taken = _read(note)
            if taken is not None and taken.key == key:
                note.unlink(missing_ok=True)
                self.erase([key])

    def let_go(self, form_key: str) -> None:
        """The form was taken: its photos are an issue's now, or were so before."""
        place = self._waiting(form_key)
        for note in list(place.iterdir()) if place.is_dir() else []:
            note.unlink(missing_ok=True)
        with suppress(OSError):  # never was, or one more comes at this moment: left to the sweep
            place.rmdir()

    def file(self, key: str, *, small: bool = False) -> Path | None:
        """Where a photo lies; None if it is not there."""
        if not _KEY.fullmatch(key):
            return None
        path = self._small(key) if small else self._large(key)
        return path if path.is_file() else None

    def erase(self, keys: Collection[str]) -> None:
        """Removes these photos' files; those that are gone already are no matter."""
        for key in keys:
            if _KEY.fullmatch(key):
                self._large(key).unlink(missing_ok=True)
                self._small(key).unlink(missing_ok=True)

    def clear(self) -> None:
        """Removes what a crash left half done: the raw files with all that stands in them.

        To be called while nobody else takes photos.
        """
        for pattern in (f"{COMING}*", "*.part", ".*", "waiting/*/.*"):
            for path in self._folder.glob(pattern):
                path.unlink(missing_ok=True)

    def sweep(self, named: Collection[str], now: datetime) -> int:
        """Removes what lies there for two days and no issue names; how many photos it was."""
        limit = (now - KEPT_UNNAMED).timestamp()
        swept = set()
        for path in sorted(self._folder.rglob("*"), reverse=True) if self._folder.is_dir() else []:
            key = path.stem.removesuffix(".small")
            is_named = path.parent == self._folder and key in named
            with suppress(FileNotFoundError):  # its form was taken in this moment
                if is_named or path.stat().st_mtime > limit:
                    continue
                if path.is_dir():
                    if not any(path.iterdir()):
                        path.rmdir()
                    continue
                path.unlink()
                if path.suffix == ".jpg":
                    swept.add(key)
        return len(swept)

    def _make(self, source: Path) -> Taken:
        key = secrets.token_urlsafe(16)
        large, small = self._large(key), self._small(key)
        fresh, fresh_small = large.with_suffix(".part"), small.with_suffix(".part")
        try:
            with _slot():
                pressed = _press(source, fresh, fresh_small)
            for made, path in ((fresh, large), (fresh_small, small)):
                made.chmod(0o600)
                sync(made)
                made.replace(path)
            sync(self._folder)
        finally:
            fresh.unlink(missing_ok=True)
            fresh_small.unlink(missing_ok=True)
        return Taken(key, pressed["width"], pressed["height"], large.stat().st_size)

    def _large(self, key: str) -> Path:
        return self._folder / f"{key}.jpg"

    def _small(self, key: str) -> Path:
        return self._folder / f"{key}.small.jpg"

    def _waiting(self, form_key: str) -> Path:
        # Its hash: whoever reads the names of a backup must not be able to send the form.
        return self._folder / "waiting" / hashlib.sha256(form_key.encode()).hexdigest()[:32]


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise PhotoRefused(BUSY)
    try:
        yield
    finally:
        _slots.release()


def _press(source: Path, target: Path, preview: Path) -> dict[str, int]:
    command = [sys.executable, "-P", "-m", "forms_app.files.photo_press"]
    try:
        done = subprocess.run(  # noqa: S603 (our own program)
            [*command, str(source), str(target), str(preview)],
            cwd=_ROOT, env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise PhotoRefused(REFUSALS["too_large"]) from error
    if done.returncode != 0:
        # It came to one of its limits.
        raise PhotoRefused(REFUSALS["too_large"])
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise PhotoRefused(REFUSALS[answer["refused"]])
    sizes: dict[str, int] = answer
    return sizes


def _copy(content: IO[bytes], file: IO[bytes]) -> str:
    """Writes what comes into the file; the hash of it. Raises PhotoRefused for too much."""
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(256 * 1024):
        size += len(chunk)
        if size > LARGEST_PHOTO:
            raise PhotoRefused(REFUSALS["heavy"])
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    return digest.hexdigest()[:32]


def _read(note: Path) -> Taken | None:
    """The photo that a note tells of; None where it is not there or tells nothing whole."""
    try:
        taken = Taken(**json.loads(note.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError, RecursionError):
        return None  # a file system may lose what stood in a file when the power goes
    numbers = (taken.width, taken.height, taken.size)
    is_whole = isinstance(taken.key, str) and all(isinstance(one, int) for one in numbers)
    return taken if is_whole else None

"""Photos on this disk: made anew when they come, waiting for their form, then an issue's.

A photo is two files, the picture and a small one to look at first, under a name that nobody can
guess. Which issue names it only the database knows; a photo that none names is swept away.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from forms_app.files.durable import make_folder, replace_files, sync
from forms_app.rules.said import said

MOST_PHOTOS = 6  # of one form
LARGEST_PHOTO = 12 * 1024 * 1024  # bytes, as it comes
LONGEST_SECONDS = 20  # of one request's, all together
# A waiting request holds one of the few that answer visitors.
LONGEST_WAIT_SECONDS = 4
SLOTS = 2
COMING = "coming-"  # photos as they were sent, place and time and all
MOST_REQUESTS = 4  # that wait or are at it: half of the threads
# As long as somebody may take over a form that was refused.
WAITS_FOR_FORM = timedelta(hours=1)
MOST_WAITING = 600
# Whatever else no issue names; longer than it takes to put a backup back again.
KEPT_UNNAMED = timedelta(days=2)

_NO_ROOM = "照片现在存不下。请先不带照片提交，照片以后可以当面给工作人员。"
BUSY = "正在处理别人的照片，请过一会儿再提交；急的话先不带照片提交。"
NOT_SEEN = "这张照片还没来得及看，请再选一次。"
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
_places = threading.BoundedSemaphore(MOST_REQUESTS)


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
    number: str = ""  # of the issue with whose form it came; "": of a new one


class Photos:
    """The folder that holds them; made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def stage(self, form_key: str, content: IO[bytes]) -> Taken:
        """Takes one photo that came with a form. Raises PhotoRefused."""
        taken = self.stage_all(form_key, [content])[0]
        if isinstance(taken, PhotoRefused):
            raise taken
        return taken

    def stage_all(
        self, form_key: str, contents: Sequence[IO[bytes]], number: str = ""
    ) -> list["Taken | PhotoRefused"]:
        """Takes photos that came with a form, each or why not; sent again they count once.

        All of one request are made anew in one process. `number` is the issue's to which the form
        belongs, if it does.
        """
        place = self._waiting(form_key)
        try:
            make_folder(place, 0o700)
            with tempfile.TemporaryDirectory(dir=self._folder, prefix=COMING) as coming:
                return self._stage(place, Path(coming), contents, number)
        except OSError:
            return [PhotoRefused(_NO_ROOM) for _ in contents]

    def _stage(
        self, place: Path, coming: Path, contents: Sequence[IO[bytes]], number: str
    ) -> list["Taken | PhotoRefused"]:
        found: list[Path | Taken | PhotoRefused] = []
        fresh: dict[Path, Path] = {}
        for count, content in enumerate(contents):
            source = coming / str(count)
            try:
                note = place / _copy(content, source)
            except PhotoRefused as refused:
                found.append(refused)
                continue
            known = _read(note)
            if known is not None and self.file(known.key):
                found.append(known)
            else:
                found.append(note)
                fresh.setdefault(note, source)
        made = dict(zip(fresh, self._make_all(list(fresh.values())), strict=True))
        for note, taken in made.items():
            if isinstance(taken, Taken):
                taken = made[note] = replace(taken, number=number)
                # Renamed into its place: of two that come at once, each is whole.
                replace_files({note: json.dumps(asdict(taken)).encode()}, mode=0o600)
        return [made[one] if isinstance(one, Path) else one for one in found]

    def staged(self, form_key: str) -> list[Taken]:
        """What came with this form so far, in its order; safe from the sweep from now on."""
        place = self._waiting(form_key)
        if not form_key or not place.is_dir():
            return []
        notes = [note for note in _inside(place) if not note.name.startswith(".")]
        found = [taken for taken in map(_read, notes) if taken and self.file(taken.key)]
        found.sort(key=lambda taken: self._large(taken.key).stat().st_mtime_ns)
        for path in notes:
            with suppress(FileNotFoundError):  # its form was taken in this moment
                os.utime(path)
        return found

    def make_room(self, named: Callable[[], Collection[str]], now: datetime) -> int:
        """Removes what has waited too long for its form, and the oldest of too many; how many.

        `named` is asked only where something is to go: what an issue names by now stays.
        """
        limit = (now - WAITS_FOR_FORM).timestamp()
        waiting = sorted(self._notes(), reverse=True)
        over = [note for came, note in waiting[MOST_WAITING:]]
        over += [note for came, note in waiting[:MOST_WAITING] if came < limit]
        kept = named() if over else ()
        for note in over:
            with suppress(FileNotFoundError):  # its form was taken in this moment
                taken = _read(note)
                note.unlink()
                if taken is not None and taken.key not in kept:
                    self.erase([taken.key])
            with suppress(OSError):  # not the last of its form
                note.parent.rmdir()
        return len(over)

    def _notes(self) -> Iterator[tuple[float, Path]]:
        """Each note of a photo that waits, behind the moment at which it was last asked for."""
        for place in _inside(self._folder / "waiting"):
            for note in _inside(place):
                with suppress(FileNotFoundError):
                    if not note.name.startswith("."):
                        yield note.stat().st_mtime, note

    def erase_waiting(self, numbers: Collection[str]) -> None:
        """Removes what waits for a form of one of these issues."""
        for _came, note in list(self._notes()):
            taken = _read(note)
            if taken is not None and taken.number in numbers:
                note.unlink(missing_ok=True)
                self.erase([taken.key])

    def unstage(self, form_key: str, key: str) -> None:
        """Takes one away again that its sender does not want to send."""
        place = self._waiting(form_key)
        for note in _inside(place):
            taken = _read(note)
            if taken is not None and taken.key == key:
                note.unlink(missing_ok=True)
                self.erase([key])

    def let_go(self, form_key: str) -> None:
        """The form was taken: its photos are an issue's now, or were so before."""
        place = self._waiting(form_key)
        for note in _inside(place):
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
        for coming in self._folder.glob(f"{COMING}*/"):
            shutil.rmtree(coming)
        for pattern in (f"{COMING}*", "*.part", ".*", "waiting/*/.*"):
            for path in self._folder.glob(pattern):
                path.unlink(missing_ok=True)

    def sweep(self, named: Collection[str], now: datetime) -> int:
        """Removes what lies there for two days and no issue names; how many photos it was."""
        limit = (now - KEPT_UNNAMED).timestamp()
        swept = set()
        # A walk, unlike a glob, passes over a folder that goes meanwhile.
        found = [
            Path(top, name) for top, folders, files in os.walk(self._folder)
            for name in folders + files
        ]  # fmt: skip
        for path in sorted(found, reverse=True):
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

    def _make_all(self, sources: Sequence[Path]) -> list["Taken | PhotoRefused"]:
        if not sources:
            return []
        keys = [secrets.token_urlsafe(16) for _ in sources]
        parts = [
            (self._large(key).with_suffix(".part"), self._small(key).with_suffix(".part"))
            for key in keys
        ]
        try:
            with _slot():
                pressed = _press(sources, parts)
            return [
                self._keep(key, part, sizes) if isinstance(sizes, dict) else sizes
                for key, part, sizes in zip(keys, parts, pressed, strict=True)
            ]
        except PhotoRefused as refused:
            return [refused for _ in sources]
        finally:
            for part in parts:
                for path in part:
                    path.unlink(missing_ok=True)

    def _keep(self, key: str, part: tuple[Path, Path], sizes: dict[str, int]) -> Taken:
        large = self._large(key)
        for made, path in zip(part, (large, self._small(key)), strict=True):
            made.chmod(0o600)
            sync(made)
            made.replace(path)
        sync(self._folder)
        return Taken(key, sizes["width"], sizes["height"], large.stat().st_size)

    def _large(self, key: str) -> Path:
        return self._folder / f"{key}.jpg"

    def _small(self, key: str) -> Path:
        return self._folder / f"{key}.small.jpg"

    def _waiting(self, form_key: str) -> Path:
        # Its hash: whoever reads the names of a backup must not be able to send the form.
        return self._folder / "waiting" / hashlib.sha256(form_key.encode()).hexdigest()[:32]


@contextmanager
def _slot() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise PhotoRefused(BUSY)
    try:
        if not _slots.acquire(timeout=LONGEST_WAIT_SECONDS):
            raise PhotoRefused(BUSY)
        try:
            yield
        finally:
            _slots.release()
    finally:
        _places.release()


def _press(
    sources: Sequence[Path], parts: Sequence[tuple[Path, Path]]
) -> list[dict[str, int] | PhotoRefused]:
    """What became of each, in their order; the one at which the process ended is too large."""
    command = [sys.executable, "-P", "-m", "forms_app.files.photo_press"]
    for source, part in zip(sources, parts, strict=True):
        command += [str(source), *map(str, part)]
    try:
        done = subprocess.run(  # noqa: S603 (our own program)
            command,
            cwd=_ROOT, env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST_SECONDS, check=False,
        )  # fmt: skip
        told = done.stdout
    except subprocess.TimeoutExpired as error:
        told = error.stdout or b""
    answers = [json.loads(line) for line in told.splitlines(keepends=True) if line.endswith(b"\n")]
    found: list[dict[str, int] | PhotoRefused] = [
        PhotoRefused(REFUSALS[answer["refused"]]) if "refused" in answer else answer
        for answer in answers
    ]
    # It came to one of its limits there; nobody looked at those that follow.
    ended = [PhotoRefused(REFUSALS["too_large"]), *(PhotoRefused(NOT_SEEN) for _ in sources)]
    return [*found, *ended][: len(sources)]


def _copy(content: IO[bytes], source: Path) -> str:
    """Writes what comes into the file; the hash of it. Raises PhotoRefused for too much."""
    digest, size = hashlib.sha256(), 0
    with source.open("wb") as file:
        while chunk := content.read(256 * 1024):
            size += len(chunk)
            if size > LARGEST_PHOTO:
                raise PhotoRefused(REFUSALS["heavy"])
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()[:32]


def _inside(folder: Path) -> list[Path]:
    """What lies there; nothing where it is no folder, or has just gone with its last form."""
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _read(note: Path) -> Taken | None:
    """The photo that a note tells of; None where it is not there or tells nothing whole."""
    try:
        taken = Taken(**json.loads(note.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError, RecursionError):
        return None  # a file system may lose what stood in a file when the power goes
    numbers = (taken.width, taken.height, taken.size)
    is_whole = isinstance(taken.key, str) and isinstance(taken.number, str)
    is_whole &= all(isinstance(one, int) for one in numbers)
    return taken if is_whole else None

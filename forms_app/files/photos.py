"""Photos: made anew when they come, waiting for their form, then an issue's.

A photo is two files, the picture and a small one to look at first, under a name that nobody can
guess. Which issue names it only the database knows; a photo that none names is swept away.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any, TypeAlias

from msgspec import Struct
from msgspec.structs import asdict, replace

from forms_app.files.durable import make_folder
from forms_app.files.few_at_once import FewAtOnce
from forms_app.files.keys import fresh_key, is_key
from forms_app.files.objects import Folder, Found, Objects
from forms_app.files.room import takes_files
from forms_app.rules.said import said

MOST_PHOTOS = 6  # of one form
LARGEST_PHOTO = 12 * 1024 * 1024  # bytes, as it comes
LONGEST_SECONDS = 20  # of one request's, all together
SLOTS = 2
WAITING = "waiting/"  # a folder a form, a note a photo
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

# Told of photos that were made anew or refused: seconds of the processor, and how many they are.
Took: TypeAlias = Callable[[float, int], None]

_ROOT = Path(__file__).resolve().parents[2]
# A phone's takes 50 to 160 MB while it is made, a bad one up to its limit: never ten at once.
_few = FewAtOnce(SLOTS, MOST_REQUESTS, lambda: PhotoRefused(BUSY))


class PhotoRefused(Exception):
    """The photo cannot be taken; the sentence says what to do. It took the processor `seconds`."""

    def __init__(self, sentence: str, seconds: float = 0.0) -> None:
        self.sentence, self.seconds = sentence, seconds
        super().__init__(sentence)


class Taken(Struct, frozen=True):
    """A photo that is kept: pixels upright, bytes of its picture."""

    key: str
    width: int
    height: int
    size: int
    number: str = ""  # of the issue with whose form it came; "": of a new one


class Photos:
    """They are made in a folder of this disk, and kept there unless they lie elsewhere (`kept`)."""

    def __init__(self, folder: Path, kept: Objects | None = None) -> None:
        self._folder = folder
        self._kept = kept or Folder(folder)

    def stage(self, form_key: str, content: IO[bytes]) -> Taken:
        """Takes one photo that came with a form. Raises PhotoRefused."""
        taken = self.stage_all(form_key, [content])[0]
        if isinstance(taken, PhotoRefused):
            raise taken
        return taken

    def stage_all(
        self,
        form_key: str,
        contents: Sequence[IO[bytes]],
        number: str = "",
        took: Took = lambda _seconds, _count: None,
    ) -> list["Taken | PhotoRefused"]:
        """Takes photos that came with a form, each or why not; sent again they count once.

        `number` is the issue's to which the form belongs, if it does; `took` is told how long the
        processor was at it.
        """
        return self.stage_each([(form_key, content) for content in contents], number, took)

    def stage_each(
        self,
        came: Sequence[tuple[str, IO[bytes]]],
        number: str = "",
        took: Took = lambda _seconds, _count: None,
    ) -> list["Taken | PhotoRefused"]:
        """The same, each with the key that it waits under.

        All of one request are made anew in one process.
        """
        try:
            make_folder(self._folder, 0o700)
            if not takes_files(self._folder):
                return [PhotoRefused(_NO_ROOM) for _ in came]
            with tempfile.TemporaryDirectory(dir=self._folder, prefix=COMING) as coming:
                return self._stage(Path(coming), came, number, took)
        except OSError:
            return [PhotoRefused(_NO_ROOM) for _ in came]

    def _stage(
        self, coming: Path, came: Sequence[tuple[str, IO[bytes]]], number: str, took: Took
    ) -> list["Taken | PhotoRefused"]:
        found: list[str | Taken | PhotoRefused] = []
        fresh: dict[str, Path] = {}
        for count, (form_key, content) in enumerate(came):
            source = coming / str(count)
            try:
                note = self._waiting(form_key) + _copy(content, source)
            except PhotoRefused as refused:
                found.append(refused)
                continue
            known = self._read(note)
            if known is not None and self.has(known[1].key):
                found.append(known[1])
            else:
                found.append(note)
                fresh.setdefault(note, source)
        made = dict(zip(fresh, self._make_all(list(fresh.values()), took), strict=True))
        for note, taken in made.items():
            if isinstance(taken, Taken):
                taken = made[note] = replace(taken, number=number)
                told = {"came": time.time_ns(), **asdict(taken)}
                self._kept.put(note, json.dumps(told).encode())
        return [made[one] if isinstance(one, str) else one for one in found]

    def staged(self, form_key: str) -> list[Taken]:
        """What came with this form so far, in its order; safe from the sweep from now on. What came
        at the same moment, each as if it were the last one, is no more than one form has.

        Raises OSError where that cannot be asked.
        """
        if not form_key:
            return []
        notes = [found.name for found in self._notes(self._waiting(form_key))]
        told = [one for one in map(self._read, notes) if one and self.has(one[1].key)]
        for note in notes:
            self._kept.touch(note)
        return [taken for _came, taken in sorted(told, key=lambda one: one[0])[:MOST_PHOTOS]]

    def make_room(self, named: Callable[[], Collection[str]], now: datetime) -> int:
        """Removes what has waited too long for its form, and the oldest of too many; how many.

        `named` is asked only where something is to go: what an issue names by now stays.
        """
        limit = now - WAITS_FOR_FORM
        waiting = sorted(self._notes(), key=lambda found: (found.at, found.name), reverse=True)
        over = waiting[MOST_WAITING:]
        over += [note for note in waiting[:MOST_WAITING] if note.at < limit]
        kept = named() if over else ()
        for note in over:
            told = self._read(note.name)
            self._kept.remove([note.name])
            if told is not None and told[1].key not in kept:
                self.erase([told[1].key])
        return len(over)

    def _notes(self, place: str = WAITING) -> Iterator[Found]:
        """Each note of a photo that waits, and when it was last asked for."""
        for found in self._kept.under(place):
            if not found.name.rpartition("/")[2].startswith("."):
                yield found

    def _read(self, note: str) -> tuple[int, Taken] | None:
        """When the photo came of which a note tells, and which it is; None where it is not there
        or tells nothing whole.
        """
        content = self._kept.get(note)
        return None if content is None else _told(content)

    def erase_waiting(self, numbers: Collection[str]) -> None:
        """Removes what waits for a form of one of these issues."""
        for note in list(self._notes()):
            told = self._read(note.name)
            if told is not None and told[1].number in numbers:
                self._kept.remove([note.name])
                self.erase([told[1].key])

    def unstage(self, form_key: str, key: str) -> None:
        """Takes one away again that its sender does not want to send."""
        for note in list(self._notes(self._waiting(form_key))):
            told = self._read(note.name)
            if told is not None and told[1].key == key:
                self._kept.remove([note.name])
                self.erase([key])

    def let_go(self, form_key: str) -> None:
        """The form was taken: its photos are an issue's now, or were so before."""
        self._kept.remove([found.name for found in self._kept.under(self._waiting(form_key))])

    def has(self, key: str) -> bool:
        """Whether a photo is there."""
        return is_key(key) and self._kept.found(_large(key)) is not None

    def file(self, key: str, *, small: bool = False) -> Path | BytesIO | None:
        """Where a photo lies on this disk, or else its content; None if it is not there."""
        if not is_key(key):
            return None
        return self._kept.shown(_small(key) if small else _large(key))

    def picture(self, key: str, *, small: bool = False) -> bytes | None:
        """A photo's content; None if it is not there."""
        if not is_key(key):
            return None
        return self._kept.get(_small(key) if small else _large(key))

    def erase(self, keys: Collection[str]) -> None:
        """Removes these photos; those that are gone already are no matter."""
        for key in keys:
            if is_key(key):
                self._kept.remove([_large(key), _small(key)])

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
        limit = now - KEPT_UNNAMED
        swept = set()
        for found in list(self._kept.under()):
            place, _, name = found.name.rpartition("/")
            key = Path(name).stem.removesuffix(".small")
            if found.at <= limit and (place or key not in named):
                self._kept.remove([found.name])
                if name.endswith(".jpg"):
                    swept.add(key)
        return len(swept)

    def _make_all(self, sources: Sequence[Path], took: Took) -> list["Taken | PhotoRefused"]:
        if not sources:
            return []
        keys = [fresh_key() for _ in sources]
        parts = [(self._folder / f"{key}.part", self._folder / f"{key}.small.part") for key in keys]
        try:
            with _few.at_work():
                pressed = _press(sources, parts)
            took(sum(map(_seconds, pressed)), len(sources))
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

    def _keep(self, key: str, part: tuple[Path, Path], sizes: dict[str, Any]) -> Taken:
        size = part[0].stat().st_size
        self._kept.bring(dict(zip((_large(key), _small(key)), part, strict=True)))
        return Taken(key, sizes["width"], sizes["height"], size)

    def _waiting(self, form_key: str) -> str:
        # Its hash: whoever reads the names of a backup must not be able to send the form.
        return f"{WAITING}{hashlib.sha256(form_key.encode()).hexdigest()[:32]}/"


def _large(key: str) -> str:
    return f"{key}.jpg"


def _small(key: str) -> str:
    return f"{key}.small.jpg"


def _press(
    sources: Sequence[Path], parts: Sequence[tuple[Path, Path]]
) -> list[dict[str, Any] | PhotoRefused]:
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
    found: list[dict[str, Any] | PhotoRefused] = [
        PhotoRefused(REFUSALS[answer["refused"]], _seconds(answer))
        if "refused" in answer
        else answer
        for answer in answers
    ]
    # It came to one of its limits there, as if to the last; nobody looked at those that follow.
    ending = PhotoRefused(REFUSALS["too_large"], LONGEST_SECONDS)
    return [*found, ending, *(PhotoRefused(NOT_SEEN) for _ in sources)][: len(sources)]


def _seconds(pressed: dict[str, Any] | PhotoRefused) -> float:
    """How long the processor was at a photo."""
    told = pressed.seconds if isinstance(pressed, PhotoRefused) else pressed.get("seconds", 0)
    return float(told)


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


def _told(content: bytes) -> tuple[int, Taken] | None:
    """What a note says: when the photo came (ns), and which it is."""
    try:
        told = json.loads(content)
        came = told.pop("came", 0)
        taken = Taken(**told)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None  # a file system may lose what stood in a file when the power goes
    numbers = (came, taken.width, taken.height, taken.size)
    is_whole = isinstance(taken.key, str) and isinstance(taken.number, str)
    is_whole &= all(isinstance(one, int) for one in numbers)
    return (came, taken) if is_whole else None

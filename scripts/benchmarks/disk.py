"""The disk as it is after a power cut, made of what scripts/benchmarks/recorder.c has noted.

Strictly, only what was synced is there: a file's content as it was when the file was synced last, a
name where its folder was synced since, and a name that was taken out is back where it was not.
Or, as disks do as well, a chance part of what was not: writes of SQLite's in any order and torn
within, and the first few changes of each folder.
"""

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from scripts.benchmarks.preloads import compiled

SOURCE = Path(__file__).with_name("recorder.c")
SECTOR = 512  # bytes that a disk writes whole
_HEAD = struct.Struct("=cbbbII4xQQQQ")  # struct note, aligned as C does
_TORN = 2  # of so many writes that were not synced, one is torn


def make_recorder(folder: Path) -> Path:
    """Compiles it into this folder; where it lies. Raises NotTried."""
    return compiled(SOURCE, folder)


def recorded(recorder: Path, data: Path, log: Path) -> dict[str, str]:
    """What a program's environment needs so that all it does below `data` is noted in `log`."""
    return {"LD_PRELOAD": str(recorder), "RECORD_BELOW": str(data), "RECORD_IN": str(log)}


@dataclass(frozen=True)
class Note:
    kind: str
    is_new: bool
    is_folder: bool
    is_last: bool
    folder: int
    other: int
    file: int
    offset: int
    name: str
    data: bytes
    end: int  # where in the log it ends


def notes(log: IO[bytes]) -> Iterator[Note]:
    """Those that are whole, in their order."""
    while len(head := log.read(_HEAD.size)) == _HEAD.size:
        kind, new, folder, last, name, data, holder, other, file, offset = _HEAD.unpack(head)
        told, content = log.read(name), log.read(data)
        if len(told) + len(content) < name + data:
            return
        yield Note(
            kind.decode(), bool(new), bool(folder), bool(last), holder, other, file, offset,
            told.decode(), content, log.tell(),
        )  # fmt: skip


@dataclass
class File:
    """`kept` is what was synced; `waiting` what SQLite did since, in its order."""

    kept: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)  # None: cut to there

    def after(self, chance: random.Random | None) -> bytes:
        content = bytearray(self.kept)
        if chance is not None:
            stayed = [one for one in self.waiting if chance.random() < 0.5]
            chance.shuffle(stayed)
            for offset, data in stayed:
                if data is not None and chance.randrange(_TORN) == 0:
                    data = data[: len(data) // SECTOR // 2 * SECTOR]
                _apply(content, offset, data)
        return bytes(content)

    def sync(self, content: bytes | None) -> None:
        if content is not None:
            self.kept = bytearray(content)
        for offset, data in self.waiting:
            _apply(self.kept, offset, data)
        self.waiting = []


@dataclass
class Folder:
    """`waiting` are changes since it was synced: of each name what it stands for, None for gone."""

    now: "dict[str, File | Folder]" = field(default_factory=dict)
    kept: "dict[str, File | Folder]" = field(default_factory=dict)
    waiting: "list[dict[str, File | Folder | None]]" = field(default_factory=list)

    def change(self, changes: "dict[str, File | Folder | None]") -> None:
        self.waiting.append(changes)
        _change(self.now, changes)

    def sync(self) -> None:
        self.kept, self.waiting = dict(self.now), []

    def after(self, chance: random.Random | None) -> "dict[str, File | Folder]":
        found = dict(self.kept)
        most = len(self.waiting)
        for changes in self.waiting[: chance.randint(0, most) if chance and most else 0]:
            _change(found, changes)
        return found


class Disk:
    """What lies below a folder; begun with all that is there, taken as synced."""

    def __init__(self, folder: Path) -> None:
        self._known: dict[int, File | Folder] = {}
        self._root = self._read(folder)

    def _read(self, folder: Path) -> Folder:
        inside: dict[str, File | Folder] = {}
        for path in folder.iterdir():
            thing = self._read(path) if path.is_dir() else File(bytearray(path.read_bytes()))
            # What has two names is one.
            inside[path.name] = self._known.setdefault(path.stat().st_ino, thing)
        found = self._known[folder.stat().st_ino] = Folder(dict(inside), inside)
        return found

    def take(self, note: Note) -> None:
        """Does what was noted."""
        ways: dict[str, Callable[[Note], None]] = {
            "E": self._entered, "X": self._taken_out, "R": self._renamed, "W": self._written,
            "T": self._written, "S": self._synced,
        }  # fmt: skip
        ways[note.kind](note)

    def write(self, target: Path, chance: random.Random | None = None) -> None:
        """What is there after a cut at this moment; strictly, or with a chance part of the rest."""
        _write(self._root, target, chance)

    def _folder(self, number: int) -> Folder:
        found = self._known.get(number)
        return found if isinstance(found, Folder) else Folder()  # one outside: of no matter

    def _thing(self, note: Note) -> "File | Folder":
        kind = Folder if note.is_folder else File
        found = self._known.get(note.file)
        if note.is_new or not isinstance(found, kind):  # its number was another's before
            found = self._known[note.file] = kind()
        return found

    def _entered(self, note: Note) -> None:
        folder = self._folder(note.folder)
        present = folder.now.get(note.name)
        if note.is_new and present is not None and present is self._known.get(note.file):
            return  # two made it at once
        folder.change({note.name: self._thing(note)})

    def _taken_out(self, note: Note) -> None:
        folder = self._folder(note.folder)
        # Its number may be another's by now, made in another process and noted before this.
        is_its = folder.now.get(note.name) is self._known.get(note.file)
        folder.change({note.name: None})
        if note.is_last and is_its:
            self._known.pop(note.file, None)

    def _renamed(self, note: Note) -> None:
        thing, name = self._thing(note), note.data.decode()
        if note.folder == note.other:
            self._folder(note.folder).change({note.name: None, name: thing})
        else:
            self._folder(note.other).change({name: thing})
            self._folder(note.folder).change({note.name: None})

    def _written(self, note: Note) -> None:
        found = self._known.setdefault(note.file, File())
        if isinstance(found, File):
            found.waiting.append((note.offset, note.data if note.kind == "W" else None))

    def _synced(self, note: Note) -> None:
        if note.is_folder:
            self._folder(note.file).sync()
            return
        found = self._known.setdefault(note.file, File())
        if isinstance(found, File):
            found.sync(note.data if note.is_new else None)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _change(names: "dict[str, File | Folder]", changes: "dict[str, File | Folder | None]") -> None:
    for name, thing in changes.items():
        if thing is None:
            names.pop(name, None)
        else:
            names[name] = thing


def _write(folder: Folder, target: Path, chance: random.Random | None) -> None:
    target.mkdir(mode=0o700)
    for name, thing in sorted(folder.after(chance).items()):
        if isinstance(thing, Folder):
            _write(thing, target / name, chance)
        else:
            (target / name).write_bytes(thing.after(chance))

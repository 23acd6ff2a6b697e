"""Every version of a file of the office's: who made it, when, and what was in it.

They lie with what is private, never where the site is made, each file's below its own path: two of
one name in different folders have nothing in common. The oldest give way. They are compressed:
each backup holds them all, and three hundred versions of a list of many years are much alike.
"""

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from forms_app.content.listing import Record
from forms_app.files.durable import make_folder, replace_files, sync

KEPT = 300  # versions of one file
DIGEST_LETTERS = 32
_FOLDER, _LOG = "content", "versions.jsonl"


class Version(Struct, frozen=True):
    """What a file was from `made_at` on; made on the server itself where `who` is empty."""

    made_at: datetime
    who: str
    what: str
    digest: str

    @property
    def key(self) -> str:
        """Names it in addresses."""
        return f"{self.made_at:%Y%m%dT%H%M%SZ}-{self.digest}"


class Shelf(Struct, frozen=True):
    """Where the office's files lie, and where what nobody may see of them does."""

    private: Path
    community: Path

    def of(self, file: str) -> Path:
        """Where a file's versions lie. Files at the top are where they have always been."""
        return self.private / _FOLDER / file


def digest_of(content: bytes) -> str:
    """What tells one content from another: 32 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()[:DIGEST_LETTERS]


def seen_digest(record: Record | None) -> str:
    """What tells this record from what it becomes; of a new one "new"."""
    return digest_of(record.text.encode()) if record else "new"


def versions(place: Shelf, file: str) -> list[Version]:
    """The versions of a file, the newest first; a change by hand since is the newest."""
    kept = _kept(place, file)
    by_hand = _by_hand(kept, place.community / file)
    return [*([by_hand[0]] if by_hand else []), *reversed(kept)]


def content_of(place: Shelf, file: str, version: Version) -> bytes | None:
    """What was in it then, nothing where it had been taken away; None where it is lost."""
    try:
        now = (place.community / file).read_bytes()
        if digest_of(now) == version.digest:
            return now
    except FileNotFoundError:
        pass
    if version.digest == digest_of(b""):
        return b""
    try:
        found = (place.of(file) / version.digest).read_bytes()
        if digest_of(found) != version.digest:  # else of a program that compressed none
            found = gzip.decompress(found)
    except (FileNotFoundError, gzip.BadGzipFile, EOFError, zlib.error):
        return None
    return found if digest_of(found) == version.digest else None


def ever_written(place: Shelf, under: str) -> list[str]:
    """The files below a folder of the office's that have versions, be they there or not."""
    logs = (place.private / _FOLDER / under).rglob(_LOG)
    return sorted(log.parent.relative_to(place.private / _FOLDER).as_posix() for log in logs)


def write(
    place: Shelf,
    contents: Mapping[str, bytes | None],
    made: Version,
    before_it: Mapping[str, tuple[Version, bytes]] | None = None,
) -> None:
    """Gives the files their new content (None: takes them away) and keeps it, and what was there
    by hand, as versions; `before_it` is what a new file began with, its first version.

    All of it is on the disk, or none. Whoever calls holds the lock. Raises OSError.
    """
    fresh: dict[Path, bytes] = {}
    needed: dict[Path, set[str]] = {}
    for file, content in contents.items():
        folder = place.of(file)
        make_folder(folder, 0o700)
        before = _kept(place, file)
        earlier = [(before_it or {}).get(file), _by_hand(before, place.community / file)]
        for one in earlier:
            if one is not None:
                version = replace(one[0], digest=digest_of(one[1]))
                before.append(version)
                fresh[folder / version.digest] = _packed(one[1])
        kept = [*before, replace(made, digest=digest_of(content or b""))][-KEPT:]
        fresh[folder / kept[-1].digest] = _packed(content or b"")
        lines = [
            json.dumps(asdict(one) | {"made_at": one.made_at.isoformat()}, ensure_ascii=False)
            for one in kept
        ]
        fresh[folder / _LOG] = ("\n".join(lines) + "\n").encode()
        needed[folder] = {one.digest for one in kept}
    for file, content in contents.items():
        if content is not None:
            path = place.community / file
            make_folder(path.parent)
            fresh[path] = content
    replace_files(fresh)
    for file, content in contents.items():
        if content is None:
            (place.community / file).unlink(missing_ok=True)
            sync((place.community / file).parent)
    for folder, digests in needed.items():
        for old in folder.iterdir():
            if re.fullmatch(f"[0-9a-f]{{{DIGEST_LETTERS}}}", old.name) and old.name not in digests:
                old.unlink()


def _packed(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)


def _kept(place: Shelf, file: str) -> list[Version]:
    """The oldest first; a line that cannot be read is left out, and loses no other."""
    try:
        lines = (place.of(file) / _LOG).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [one for one in map(_read, lines) if one is not None]


def _read(line: str) -> Version | None:
    try:
        row: Mapping[str, str] = json.loads(line)
        at = datetime.fromisoformat(row["made_at"]).astimezone(UTC)
        return Version(at, row["who"], row["what"], row["digest"])
    except (ValueError, KeyError, TypeError):
        return None


def _by_hand(kept: list[Version], file: Path) -> tuple[Version, bytes] | None:
    """What stands there that no version holds: a change on the server, or the first of all."""
    try:
        content = file.read_bytes()
        changed_at = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    except FileNotFoundError:
        return None
    digest = digest_of(content)
    if kept and kept[-1].digest == digest:
        return None
    return Version(changed_at, "", "", digest), content

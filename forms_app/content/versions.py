"""Every version of a file of the office's: who made it, when, and what was in it.

They lie with what is private, never where the site is made; the oldest give way.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from forms_app.files.durable import make_folder, replace_files

KEPT = 300  # versions of one file
DIGEST_LETTERS = 32
_FOLDER, _LOG = "content", "versions.jsonl"


@dataclass(frozen=True)
class Version:
    """What a file was from `made_at` on; made on the server itself where `who` is empty."""

    made_at: datetime
    who: str
    what: str
    digest: str

    @property
    def key(self) -> str:
        """Names it in addresses."""
        return f"{self.made_at:%Y%m%dT%H%M%SZ}-{self.digest}"


def digest_of(content: bytes) -> str:
    """What tells one content from another: 32 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()[:DIGEST_LETTERS]


def versions(private: Path, file: Path) -> list[Version]:
    """The versions of a file, the newest first; a change by hand since is the newest."""
    kept = _kept(private, file)
    by_hand = _by_hand(kept, file)
    return [*([by_hand[0]] if by_hand else []), *reversed(kept)]


def content_of(private: Path, file: Path, version: Version) -> bytes | None:
    """What was in it then; None where it is gone."""
    try:
        now = file.read_bytes()
        if digest_of(now) == version.digest:
            return now
        found = (_folder(private, file) / version.digest).read_bytes()
    except FileNotFoundError:
        return None
    return found if digest_of(found) == version.digest else None


def write(private: Path, contents: Mapping[Path, bytes], made: Version) -> None:
    """Gives the files their new content and keeps it, and what was there by hand, as versions.

    All of it is on the disk, or none. Whoever calls holds the lock. Raises OSError.
    """
    fresh: dict[Path, bytes] = {}
    needed: dict[Path, set[str]] = {}
    for file, content in contents.items():
        folder = _folder(private, file)
        make_folder(folder, 0o700)
        before = _kept(private, file)
        by_hand = _by_hand(before, file)
        if by_hand:
            before.append(by_hand[0])
            fresh[folder / by_hand[0].digest] = by_hand[1]
        kept = [*before, replace(made, digest=digest_of(content))][-KEPT:]
        fresh[folder / kept[-1].digest] = content
        lines = [
            json.dumps(asdict(one) | {"made_at": one.made_at.isoformat()}, ensure_ascii=False)
            for one in kept
        ]
        fresh[folder / _LOG] = ("\n".join(lines) + "\n").encode()
        needed[folder] = {one.digest for one in kept}
    replace_files({**fresh, **contents})
    for folder, digests in needed.items():
        for old in folder.iterdir():
            if re.fullmatch(f"[0-9a-f]{{{DIGEST_LETTERS}}}", old.name) and old.name not in digests:
                old.unlink()


def _folder(private: Path, file: Path) -> Path:
    return private / _FOLDER / file.name


def _kept(private: Path, file: Path) -> list[Version]:
    """The oldest first; a line that cannot be read is left out, and loses no other."""
    try:
        lines = (_folder(private, file) / _LOG).read_text(encoding="utf-8").splitlines()
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

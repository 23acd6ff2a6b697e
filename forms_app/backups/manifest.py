"""What a backup holds, written down beside it: every byte of it can be compared with this list.

It knows neither a database nor where backups lie.
"""

import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from msgspec import Struct, to_builtins

from forms_app.rules.merkle import Root
from forms_app.rules.os_words import why
from forms_app.rules.refused import Refused

NAME = "manifest.json"
PRODUCT = "ten-minute-circle"
FORMAT = 2  # 1: before the log had roots
LARGEST_BYTES = 256 * 1024 * 1024
_CHUNK = 1024 * 1024


class BackupDamaged(Refused):
    """The backup is not what was made; the text says what differs, and where."""


class Sealed(Struct, frozen=True):
    """A file as it was: hexadecimal SHA-256 of its content, size in bytes."""

    sha256: str
    size: int


class Manifest(Struct, frozen=True):
    """The list of one backup. Photos and files are told by name, missing photos by key."""

    installation: str
    schema: str  # the last migration's name
    made_at: datetime
    kind: str  # of the database: sqlite, postgresql
    database: Sealed
    rows: Mapping[str, int]  # by table
    photos: Mapping[str, Sealed]
    missing_photos: tuple[str, ...]  # that the database named and the office had no more
    files: Mapping[str, Sealed]  # community/…, published/…, content/…
    log: tuple[Root, ...] | None = None  # by month, as the log stood; None: it was not sealed yet

    def as_bytes(self) -> bytes:
        """The same bytes for the same list; their last line seals those before it."""
        content = {"product": PRODUCT, "format": FORMAT, **to_builtins(self)}
        if self.log is None:
            content["format"] = 1
            del content["log"]
        content["made_at"] = self.made_at.isoformat()
        body = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
        return json.dumps(
            {"manifest": content, "sha256": hashlib.sha256(body.encode()).hexdigest()},
            ensure_ascii=False, sort_keys=True, indent=1,
        ).encode() + b"\n"  # fmt: skip

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """The list in this folder. Raises BackupDamaged for any that is not as it was written."""
        path = folder / NAME
        try:
            if path.stat().st_size > LARGEST_BYTES:
                raise BackupDamaged(f"备份的清单 {path} 大得不对，请换一份备份。")
            raw = path.read_bytes()
            content = json.loads(raw)["manifest"]
            product, form = content.pop("product"), content.pop("format")
        except OSError as error:
            raise BackupDamaged(f"读不出备份的清单 {path}（{why(error)}）。") from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise BackupDamaged(f"备份的清单 {path} 坏了，请换一份备份。") from None
        if product != PRODUCT:
            raise BackupDamaged(f"{folder} 不是本程序的备份，请核对文件夹。")
        if isinstance(form, int) and form > FORMAT:
            raise BackupDamaged(f"{folder} 是更新版本的程序备份的，请先把程序更新到那个版本。")
        try:
            found = _from(content)
            is_whole = found.as_bytes() == raw
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            is_whole = False
        if not is_whole:
            raise BackupDamaged(f"备份的清单 {path} 坏了，或者被人改过，请换一份备份。")
        return found


def _from(content: Mapping[str, Any]) -> Manifest:
    return Manifest(
        content["installation"],
        content["schema"],
        datetime.fromisoformat(content["made_at"]),
        content["kind"],
        Sealed(**content["database"]),
        dict(content["rows"]),
        {name: Sealed(**one) for name, one in content["photos"].items()},
        tuple(content["missing_photos"]),
        {name: Sealed(**one) for name, one in content["files"].items()},
        tuple(Root(**one) for one in content["log"]) if "log" in content else None,
    )


def need_names_in(folder: Path, names: Iterable[str], folders: Collection[str]) -> None:
    """Each name of a list is that of a file in one of these folders of `folder`. It says where the
    file is taken from and where it is put, and neither is anywhere else. Raises BackupDamaged.
    """
    for name in names:
        first, *rest = name.split("/")
        is_plain = (
            first in folders and rest and not {"", ".", ".."} & set(rest) and "\0" not in name
        )
        if not is_plain or not (folder / name).resolve().is_relative_to(folder.resolve()):
            raise BackupDamaged(f"备份的清单里有不该有的文件名：{name}。")


def seal(path: Path) -> Sealed:
    """What the file holds now. Raises OSError."""
    with path.open("rb") as file:
        return seal_stream(file)


def seal_stream(file: IO[bytes], most: int = sys.maxsize) -> Sealed:
    """What is still to be read from a file, at `most` so many bytes. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(min(_CHUNK, most - size)):
        digest.update(chunk)
        size += len(chunk)
    return Sealed(digest.hexdigest(), size)


def compare(path: Path, sealed: Sealed, what: str) -> None:
    """Does nothing where the file is what it was. Raises BackupDamaged."""
    try:
        if path.is_symlink() or not path.is_file():
            raise BackupDamaged(f"备份里少了{what}：{path}，备份可能没有拷全。")
        size = path.stat().st_size
        if size != sealed.size:
            raise BackupDamaged(
                f"备份里的{what}长短不对：{path} 应有 {sealed.size} 字节，现有 {size} 字节。"
            )
        if seal(path) != sealed:
            raise BackupDamaged(f"备份里的{what}内容变了：{path} 坏了，或者被人改过。")
    except OSError as error:
        raise BackupDamaged(f"读不出备份里的{what}：{path}（{why(error)}）。") from error

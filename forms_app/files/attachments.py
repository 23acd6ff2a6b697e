"""Files that staff put beside an internal note: looked at by content, kept as they came.

What a file is called says nothing. It is never opened further than to see what it is, never shown
by a browser, and lies beside the photos under a name that nobody can guess; which entry names it
only the database knows, and what none names is swept away as a photo is.
"""

import re
import zipfile
from collections.abc import Collection
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from struct import unpack
from typing import IO

from msgspec import Struct

from forms_app.files.durable import make_folder
from forms_app.files.keys import fresh_key, is_key
from forms_app.files.objects import Folder, Objects
from forms_app.files.room import takes_files
from forms_app.files.zips import UNREADABLE
from forms_app.rules.said import said

END = ".file"
MOST_FILES = 3  # of one note
LARGEST_FILE = 10 * 1024 * 1024  # bytes
# A workbook's parts are hundreds. What promises more than this swells up where it is opened.
MOST_ENTRIES = 5_000
LARGEST_DIRECTORY = 1024 * 1024  # bytes of the list of what a zip holds
LARGEST_UNPACKED = 300 * 1024 * 1024
LARGEST_TYPES = 256 * 1024
NAME_LETTERS = 80

PDF, WORD, EXCEL = "PDF 文件", "Word 文档", "Excel 表格"
JPEG, PNG, WEBP, GIF = "JPG 图片", "PNG 图片", "WebP 图片", "GIF 图片"
# What each may be called, the usual one first.
ENDS = {
    PDF: (".pdf",),
    WORD: (".docx",),
    EXCEL: (".xlsx",),
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    WEBP: (".webp",),
    GIF: (".gif",),
}
ACCEPTED = ",".join(end for ends in ENDS.values() for end in ends)
NO_ROOM = "文件现在存不下。请先只交备注，文件以后再放。"
UNKNOWN = "这里只收 PDF、Word（.docx）、Excel（.xlsx）和图片，这个文件里面不是，没有收。"
OLD_OFFICE = (
    "这是旧格式（.doc、.xls）或者加了密码的文件，看不出有没有宏，没有收。"
    "请另存为不加密码的 .docx、.xlsx，或者 PDF。"
)
MACROS = "这个文件带宏或者控件，可能有病毒，没有收。请另存为不带宏的 .docx、.xlsx，或者 PDF。"
SWELLS = "这个文件打开以后大得不正常，没有收。请另存一份，或者存成 PDF。"
BROKEN = "这个文件打不开，可能没有传完整，请重新选一次。"
EMPTY = "这个文件是空的，请重新选一次。"
TOO_LARGE = said("这个文件超过%(megabytes)s MB，没有收。", megabytes=LARGEST_FILE // 1024**2)
TOO_MANY = said("一次最多%(most)s个文件，请分几条备注放。", most=MOST_FILES)

_END_OF_LARGE_ZIP = b"PK\x06\x07"
_END_OF_ZIP, _END_BYTES, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_NOT_IN_NAMES = re.compile(
    r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff"<>|:*?\\/]'
)
_ACTIVE = re.compile(r"vbaProject|vbaData|/activeX/|/macrosheets/|/ctrlProps/", re.IGNORECASE)


class FileRefused(Exception):
    """The file cannot be taken; the sentence says what to do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class Looked(Struct, frozen=True):
    """A file that may be kept: what it will be called, what it is, where it is read from."""

    name: str
    kind: str
    content: IO[bytes]


class Kept(Struct, frozen=True):
    """A file that is on the disk; `size` in bytes."""

    key: str
    name: str
    size: int


def looked_at(name: str, content: IO[bytes]) -> Looked:
    """What a file that came is, by its content. Raises FileRefused."""
    size = content.seek(0, 2)
    content.seek(0)
    if size == 0:
        raise FileRefused(EMPTY)
    if size > LARGEST_FILE:
        raise FileRefused(TOO_LARGE)
    kind = _kind(content, size)
    content.seek(0)
    return Looked(_named(name, kind), kind, content)


class Attachments:
    """They lie where the photos lie."""

    def __init__(self, folder: Path, kept: Objects | None = None) -> None:
        self._folder = folder
        self._kept = kept or Folder(folder)

    def keep(self, looked: Looked) -> Kept:
        """Writes a file so that it outlives a power cut. Raises FileRefused where it cannot."""
        key = fresh_key()
        part = self._folder / f"{key}.part"
        try:
            make_folder(self._folder, 0o700)
            if not takes_files(self._folder):
                raise FileRefused(NO_ROOM)
            size = 0
            part.touch(0o600)
            with part.open("wb") as file:
                while chunk := looked.content.read(256 * 1024):
                    size += file.write(chunk)
            self._kept.bring({f"{key}{END}": part})
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise FileRefused(NO_ROOM) from error
        return Kept(key, looked.name, size)

    def file(self, key: str) -> Path | BytesIO | None:
        """Where a file lies on this disk, or else its content; None if it is not there."""
        return self._kept.shown(f"{key}{END}") if is_key(key) else None

    def erase(self, keys: Collection[str]) -> None:
        """Removes these files; those that are gone already are no matter."""
        self._kept.remove([f"{key}{END}" for key in keys if is_key(key)])


def _kind(content: IO[bytes], size: int) -> str:
    head = content.read(1024)
    if b"%PDF-" in head:
        content.seek(max(0, size - 2048))
        if b"%%EOF" not in content.read():
            raise FileRefused(BROKEN)
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise FileRefused(OLD_OFFICE)
    if head.startswith(b"PK"):
        return _office_kind(content, size)
    raise FileRefused(UNKNOWN)


def _office_kind(content: IO[bytes], size: int) -> str:
    """What a zip is, from its list and the one part that names the others' types."""
    _need_small_list(content, size)
    try:
        with zipfile.ZipFile(content) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            if any(_ACTIVE.search(f"/{name}") for name in names):
                raise FileRefused(MACROS)
            if len(parts) > MOST_ENTRIES or sum(p.file_size for p in parts) > LARGEST_UNPACKED:
                raise FileRefused(SWELLS)
            if "[Content_Types].xml" not in names:
                raise FileRefused(UNKNOWN)
            with packed.open("[Content_Types].xml") as types:
                told = types.read(LARGEST_TYPES)
    except UNREADABLE as error:
        raise FileRefused(BROKEN) from error
    if b"macroenabled" in told.lower():
        raise FileRefused(MACROS)
    if "word/document.xml" in names:
        return WORD
    if "xl/workbook.xml" in names:
        return EXCEL
    raise FileRefused(UNKNOWN)


def _need_small_list(content: IO[bytes], size: int) -> None:
    """Raises FileRefused where even reading what a zip holds would take too much."""
    content.seek(max(0, size - _END_BYTES - _LONGEST_COMMENT))
    tail = content.read()
    at = tail.rfind(_END_OF_ZIP)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise FileRefused(BROKEN)
    count, length = unpack("<HI", tail[at + 10 : at + 16])
    # A zip of the larger kind says all this elsewhere; nothing of this size needs to be one.
    is_of_larger_kind = _END_OF_LARGE_ZIP in tail[max(0, at - 20) : at]
    if count > MOST_ENTRIES or length > LARGEST_DIRECTORY or is_of_larger_kind:
        raise FileRefused(SWELLS)
    content.seek(0)


def _named(name: str, kind: str) -> str:
    """What the file is called from now on. Raises FileRefused for a name that says another kind."""
    plain = _NOT_IN_NAMES.sub("", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, dot, end = plain.rpartition(".")
    told = f".{end.lower()}" if dot else ""
    known = {known for ends in ENDS.values() for known in ends}
    if told in ENDS[kind]:
        return f"{stem[:NAME_LETTERS] or '文件'}{told}"
    if told in known or told in (".doc", ".xls", ".docm", ".xlsm"):
        raise FileRefused(
            said(
                "“%(name)s”里面其实是%(kind)s，和名字不符，没有收。请核对是不是选错了。",
                name=plain[-NAME_LETTERS:],
                kind=said(kind),
            )
        )
    return f"{plain[:NAME_LETTERS] or '文件'}{ENDS[kind][0]}"

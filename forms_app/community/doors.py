"""Pictures of venues' doors, data/community/doors: what kinds may be shown, and what is in them.

A picture goes to every visitor as it lies there. So it is looked at here: it must be a picture of
a kind that browsers know, small enough for a phone, and must tell nothing of where and with what
it was taken. It reads bytes and knows no imaging library.
"""

import re
from pathlib import Path, PurePosixPath
from typing import Final
from xml.etree import ElementTree

from msgspec import Struct

from forms_app.community.rows import Row
from forms_app.community.shapes import Door
from forms_app.community.sources import Folder
from forms_app.community.values import TEXT

FOLDER: Final = "doors"
DRAWING_BYTES: Final = 4_000
PHOTO_BYTES: Final = 60_000
LONGEST_SIDE: Final = 1_600  # pixels
LONGEST_ALT: Final = 60  # letters

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.(svg|jpg|png|webp)")
_NAME_REMEDY = "写成「场所编号.jpg」，只用小写英文字母、数字、下划线和连字符，不写文件夹"
_MAKE_ANEW = "运行 scripts/circle door 场所编号 照片，会重新画一张小的、不带地点的"
# What a drawing in UTF-8 may begin with; any other instruction leads a browser elsewhere.
_DECLARATION = re.compile(
    r"""\A\s*<\?xml\s+version=["']1\.0["'](\s+encoding=["']utf-8["'])?"""
    r"""(\s+standalone=["'](yes|no)["'])?\s*\?>""",
    re.IGNORECASE,
)
# In a style, also as CSS would let it be spelt.
_FETCHING = ("url(", "@import", "image-set(", "\\", "&#")
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset(
    {
        *("svg", "g", "defs", "title", "desc", "style"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
    }
)
# JPEG segments that hold no size and no words about the picture; standalone ones have no length.
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_TELLING_SEGMENTS = frozenset({0xE1, 0xED, 0xFE})  # Exif and XMP, IPTC, comments
_TELLING_CHUNKS = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"EXIF", b"XMP "})


class _NoPicture(Exception):
    """What is wrong with the content, and what to do."""

    def __init__(self, problem: str, remedy: str = _MAKE_ANEW) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


class _Seen(Struct, frozen=True):
    width: int
    height: int
    tells_more: bool  # than what it shows: a place, a telephone, words


def read_door(row: Row, folder: Folder) -> Door | None:
    """The picture that a venue's row names in `door`; None without one, or if it may not be shown.

    What is wrong with it is noted as an error of the row.
    """
    name, alt = row.maybe("door", TEXT, ""), row.maybe("door_alt", TEXT, "")
    if not name:
        if alt:
            row.refuse("door", "写了门口的样子，没有写是哪张图", "填上图的文件名，或删掉 door_alt")
        return None
    if not alt:
        row.refuse("door_alt", "没有用文字说门口什么样", "写一句，例如「红色招牌，右边有坡道」")
    elif len(alt) > LONGEST_ALT:
        row.refuse("door_alt", f"有{len(alt)}个字，太长", f"不超过{LONGEST_ALT}个字")
    if not _NAME.fullmatch(name):
        row.refuse("door", f"「{name}」不能做图的文件名", _NAME_REMEDY)
        return None
    content = folder.content(f"{FOLDER}/{name}")
    if content is None:
        row.refuse("door", f"{FOLDER} 文件夹里没有「{name}」", f"把图放进 {FOLDER}，或把这一格空着")
        return None
    try:
        seen = _looked_at(content, PurePosixPath(name).suffix)
    except _NoPicture as wrong:
        row.refuse("door", f"「{name}」{wrong.problem}", wrong.remedy)
        return None
    return Door(name, alt, seen.width, seen.height)


def door_content(folder: Path, door: Door) -> bytes:
    """The picture itself; `folder` is data/community. Raises OSError."""
    return (folder / FOLDER / door.file).read_bytes()


def _looked_at(content: bytes, ending: str) -> _Seen:
    most = DRAWING_BYTES if ending == ".svg" else PHOTO_BYTES
    if len(content) > most:
        raise _NoPicture(
            f"有{-(-len(content) // 1000)}千字节，太大（最多{most // 1000}千字节）",
            "画得简单一些" if ending == ".svg" else _MAKE_ANEW,
        )
    seen = _READERS[ending](content)
    if seen is None:
        raise _NoPicture(f"不是{ending[1:].upper()}图，或者不完整")
    if seen.tells_more:
        raise _NoPicture("带着拍摄的地点、手机或说明（EXIF）")
    if ending != ".svg" and max(seen.width, seen.height) > LONGEST_SIDE:
        raise _NoPicture(f"有{seen.width}×{seen.height}个点，太大（最长{LONGEST_SIDE}）")
    return seen


def _drawing(content: bytes) -> _Seen | None:
    """Shapes and colours only: nothing that runs, links, or fetches."""
    remedy = "另存为普通 SVG，只留线条和颜色"
    try:
        text = content.decode("utf-8-sig")
    except ValueError:  # of other letters, it could begin with what is looked for below
        return None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _NoPicture("开头有 DOCTYPE", remedy)
    if "<?" in _DECLARATION.sub("", text, count=1):
        raise _NoPicture("里面有处理指令，或者写明不是 UTF-8", remedy)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 (no entities: they were refused above)
    except (ElementTree.ParseError, ValueError):
        return None
    if root.tag != f"{_SVG}svg":
        return None
    for element in root.iter():
        if element.tag.removeprefix(_SVG) not in _SHAPES:
            raise _NoPicture(f"里面有不能用的「{element.tag.rpartition('}')[2]}」", remedy)
        values = [value for key, value in element.items() if not _is_plain(key)]
        fetched = [*element.attrib.values(), element.text or ""]
        if values or any(word in text.lower() for text in fetched for word in _FETCHING):
            raise _NoPicture("里面有脚本、链接或别处的内容", remedy)
    box = root.get("viewBox", "").replace(",", " ").split()
    try:
        width, height = (round(float(side)) for side in box[2:4])
    except (ValueError, OverflowError):
        width = height = 0
    if len(box) != 4 or min(width, height) <= 0:
        raise _NoPicture("没有写多宽多高（viewBox）", remedy)
    return _Seen(width, height, tells_more=False)


def _is_plain(attribute: str) -> bool:
    local = attribute.rpartition("}")[2].lower()
    return not local.startswith("on") and local not in ("href", "src", "style")


def _jpeg(content: bytes) -> _Seen | None:
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    place, size, tells_more = 2, None, False
    while place + 9 <= len(content) and content[place] == 0xFF:
        kind = content[place + 1]
        length = int.from_bytes(content[place + 2 : place + 4])
        tells_more = tells_more or kind in _TELLING_SEGMENTS
        if kind in _FRAMES:
            height, width = content[place + 5 : place + 7], content[place + 7 : place + 9]
            size = int.from_bytes(width), int.from_bytes(height)
        if kind == 0xDA:  # what follows is the picture
            break
        place += 2 + length
    return _Seen(*size, tells_more) if size and min(size) else None


def _png(content: bytes) -> _Seen | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or content[12:16] != b"IHDR":
        return None
    size = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    place, tells_more = 8, False
    while place + 8 <= len(content):
        tells_more = tells_more or content[place + 4 : place + 8] in _TELLING_CHUNKS
        place += 12 + int.from_bytes(content[place : place + 4])
    return _Seen(*size, tells_more) if min(size) else None


def _webp(content: bytes) -> _Seen | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    place, size, tells_more = 12, None, False
    while place + 8 <= len(content):
        kind, length = (
            content[place : place + 4],
            int.from_bytes(content[place + 4 : place + 8], "little"),
        )
        body = content[place + 8 : place + 8 + length]
        tells_more = tells_more or kind in _TELLING_CHUNKS
        if size is None:
            size = _webp_size(kind, body)
        place += 8 + length + length % 2
    return _Seen(*size, tells_more) if size else None


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int] | None:
    """Width and height, as the three kinds of WebP write them."""
    if kind == b"VP8X" and len(body) >= 10:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(body[n : n + 2], "little") & 0x3FFF for n in (6, 8))
        return width, height
    if kind == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


_READERS = {".svg": _drawing, ".jpg": _jpeg, ".png": _png, ".webp": _webp}

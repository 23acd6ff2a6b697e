"""Pictures that nobody took: cut off, damaged, swelling up, two things at once, or none at all."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from PIL import Image

from tests.support.pictures import bomb, phone_photo

KINDS = ("JPEG", "PNG", "WEBP")
FOREIGN = (b"<script", b"<?php", b"PK\x03\x04", b"%PDF", b"CANARY", b"Exif")
Make = Callable[[], bytes]
# 16,383 pixels by 16,383, all of them black, and whole: to have the library write it takes 2 s.
LARGEST_WEBP = bytes.fromhex(
    "52 49 46 46 1a 00 00 00 57 45 42 50 56 50 38 4c 0e 00 00 00 2f "
    "fe bf ff 0f 07 10 11 fd 0f 44 44 ff 03"
)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def _png(width: int, height: int, *before: bytes, bits: int = 1, colour: int = 0) -> bytes:
    """A PNG that says it is so large, and whose pixels are one short run."""
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    pixels = _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    chunks = (_chunk(b"IHDR", head), *before, pixels, _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _swollen(name: bytes) -> bytes:
    """A chunk of words or colours that fills 200 megabytes."""
    return _chunk(name, b"x\0\0" + zlib.compress(b"\0" * 200_000_000, 9))


def _jpeg_of(width: int, height: int) -> bytes:
    """A small JPEG that says it is so large."""
    content = bytearray(phone_photo(64, 64))
    place = content.index(b"\xff\xc0") + 5
    content[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def _many_scans() -> bytes:
    content = _saved(Image.new("RGB", (4000, 3000)), "JPEG", progressive=True)
    start = content.index(b"\xff\xda")
    scans = content[start:-2]
    return content[:start] + scans * 200 + content[-2:]


def _finest_scan_again() -> bytes:
    """The last of its scans is some bytes, and all of the picture is gone over for it."""
    content = _saved(Image.new("L", (7000, 7000), 128), "JPEG", progressive=True)
    scan = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + scan * 4000 + content[-2:]


def _damaged(kind: str, seed: int) -> bytes:
    dice = random.Random(seed)  # noqa: S311 (no secret)
    content = bytearray(phone_photo(600, 400, kind=kind))
    for _ in range(dice.choice((1, 5, 40))):
        content[dice.randrange(12, len(content))] = dice.randrange(256)
    return bytes(content)


def _cut(kind: str, tenths: int) -> bytes:
    content = phone_photo(600, 400, kind=kind)
    return content[: len(content) * tenths // 10]


def _with_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x.html", "<script>alert(1)</script>")
    return phone_photo(200, 100) + file.getvalue()


def _frames(kind: str) -> bytes:
    images = [Image.new("RGB", (300, 300), (n, 0, 0)) for n in range(60)]
    return _saved(images[0], kind, save_all=True, append_images=images[1:])


def _rings() -> bytes:
    """A JPEG whose notes lead back to themselves."""
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 0x8769, 4, 1, 8)
    notes = b"Exif\0\0" + tiff + struct.pack("<I", 8)
    head = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(notes) + 2) + notes
    return head + _saved(Image.new("RGB", (40, 40)), "JPEG")[2:]


def _mode(mode: str, kind: str) -> Make:
    return lambda: _saved(Image.new(mode, (120, 80)), kind)


_NO_PHOTOS: Mapping[str, bytes] = {
    "nothing": b"", "one byte": b"\xff", "gif": b"GIF89a" + b"\0" * 60, "bmp": b"BM" + b"\0" * 60,
    "tiff": b"II*\0" + b"\0" * 60, "icon": b"\0\0\1\0" + b"\0" * 60, "svg": b"<svg onload='x'/>",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n", "pdf": b"%PDF-1.7",
    "photoshop": b"8BPS\0\1" + b"\0" * 60, "heic": b"\0\0\0\x18ftypheic" + b"\0" * 60,
    "avif": b"\0\0\0\x18ftypavif" + b"\0" * 60, "film": b"\0\0\0\x18ftypmp42" + b"\0" * 60,
    "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0" * 60, "program": b"MZ" + b"\0" * 600,
    "linux program": b"\x7fELF" + b"\0" * 600, "page": b"<html><script>alert(1)</script>",
    "php": b"<?php phpinfo(); ?>", "zip": b"PK\x03\x04" + b"\0" * 60, "text": "照片".encode(),
    "zeros": b"\0" * 100_000, "riff without webp": b"RIFF\x20\0\0\0WAVE" + b"\0" * 60,
    "jpeg's first bytes": b"\xff\xd8\xff\xe0" + b"\0" * 60,
    "png's first bytes": b"\x89PNG\r\n\x1a\n" + b"\xff" * 60,
    "webp's first bytes": b"RIFF\xff\xff\xff\xffWEBPVP8L" + b"\xff" * 60,
    "jpeg of nothing but beginnings": b"\xff\xd8" * 50_000,
    "jpeg of nothing but comments": b"\xff\xd8" + b"\xff\xfe\xff\xff" + b"x" * 65_533,
}  # fmt: skip

HOSTILE: Mapping[str, Make] = {
    **{f"{kind} cut at {n}0 %": lambda k=kind, n=n: _cut(k, n) for kind in KINDS
       for n in (1, 3, 5, 7, 9)},
    **{f"{kind} damaged {n}": lambda k=kind, n=n: _damaged(k, n) for kind in KINDS
       for n in range(6)},
    **{name: lambda content=content: content for name, content in _NO_PHOTOS.items()},
    "bomb": bomb,
    "png as wide as can be": lambda: _png(2**31 - 1, 1),
    "png without width": lambda: _png(0, 10),
    "png one pixel high": lambda: _png(40_000_000, 1),
    "png of sixteen bits": lambda: _png(7000, 7000, bits=16, colour=6),
    "png with swollen words": lambda: _png(10, 10, _swollen(b"zTXt")),
    "png with swollen colours": lambda: _png(10, 10, _swollen(b"iCCP")),
    "png with a palette that is none": lambda: _png(
        10, 10, _chunk(b"PLTE", b"x"), colour=3, bits=8
    ),
    "jpeg as large as can be": lambda: _jpeg_of(65_500, 65_500),
    "jpeg without height": lambda: _jpeg_of(64, 0),
    "jpeg larger than it is": lambda: _jpeg_of(5000, 4000),
    "jpeg of two hundred scans": _many_scans,
    "jpeg of four thousand small scans": _finest_scan_again,
    "jpeg whose notes go in rings": _rings,
    "webp as large as can be": lambda: LARGEST_WEBP,
    "webp of many frames": lambda: _frames("WEBP"),
    "png of many frames": lambda: _frames("PNG"),
    "jpeg and zip": _with_zip,
    "jpeg and page": lambda: phone_photo(200, 100) + b"<script>alert(1)</script>",
    "jpeg and program": lambda: phone_photo(200, 100) + b"<?php system($_GET[0]); ?>",
    "page and jpeg": lambda: b"<script>alert(1)</script>" + phone_photo(200, 100),
    "png with a page in its words": lambda: _png(
        10, 10, _chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")
    ),
    "pdf and jpeg": lambda: b"%PDF-1.4\n" + phone_photo(200, 100),
    "jpeg of four inks": _mode("CMYK", "JPEG"),
    "grey jpeg": _mode("L", "JPEG"),
    "grey png that is seen through": _mode("LA", "PNG"),
    "png of numbers": _mode("I;16", "PNG"),
    "png of one bit": _mode("1", "PNG"),
    "one pixel": lambda: _saved(Image.new("RGB", (1, 1)), "PNG"),
    "a line": lambda: _saved(Image.new("RGB", (20_000, 1)), "PNG"),
    "a hair": lambda: _saved(Image.new("RGB", (1, 20_000)), "PNG"),
}  # fmt: skip

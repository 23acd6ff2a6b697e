"""Photos taken apart and made anew: smaller, upright, and without anything but their picture.

A program of its own, `python -m forms_app.files.photo_press source target preview …`, with limits:
what stands in a stranger's file can at worst end it. Only this file knows the imaging library.
"""

import json
import os
import re
import resource
import sys
import time
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

MEMORY_BYTES = 448 * 1024 * 1024  # of address space; the library alone takes a good hundred
PROCESSOR_SECONDS = 20
LARGEST_RESULT = 8 * 1024 * 1024

MOST_PIXELS = 50_000_000  # of the file; a phone's best has 48 million
LONG_SIDE = 1600  # pixels, of what is kept
PREVIEW_SIDE = 480
QUALITY, PREVIEW_QUALITY = 80, 70
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_SCANS = 64  # of a JPEG; programs make ten
_JPEG, _SCAN, _END = b"\xff\xd8", b"\xda", b"\xd9"
# Between them stand numbers of bytes, and a picture in which none is met.
_MARKER = re.compile(rb"\xff[\x02-\xcf\xd9-\xfe]")
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def main(*names: str) -> None:
    """Writes two JPEG files for each source; a line of JSON each: its size, or why it has none,
    and the seconds that the processor was at it.

    Why it has none is one of photos.REFUSALS.
    """
    for source, target, preview in zip(names[::3], names[1::3], names[2::3], strict=True):
        began = time.process_time()
        told = _press(source, target, preview)
        seconds = round(time.process_time() - began, 2)
        print(json.dumps({**told, "seconds": seconds}), flush=True)


def _press(source: str, target: str, preview: str) -> dict[str, object]:
    with open(source, "rb") as file:  # noqa: PTH123 (a name, and nothing to do with it)
        content = file.read()
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return {"refused": "heic"}
    if content.startswith(_JPEG) and _has_many_scans(content):
        return {"refused": "too_large"}
    del content
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    # Half of what the library calls a bomb is refused too, before a pixel of it is read.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(source, formats=FORMATS) as opened:
            _read_coarsely(opened)
            opened.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=None)
            picture = _plain(ImageOps.exif_transpose(opened))
    except UnidentifiedImageError:
        return {"refused": "not_a_photo"}
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        return {"refused": "too_large"}
    except (OSError, SyntaxError, ValueError):  # what the library raises for damaged files
        return {"refused": "broken"}
    small = picture.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    try:
        picture.save(target, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        small.save(preview, "JPEG", quality=PREVIEW_QUALITY, optimize=True)
    except OSError:
        return {"refused": "no_room"}
    return {"width": picture.width, "height": picture.height}


def _has_many_scans(jpeg: bytes) -> bool:
    """Whether a JPEG goes over its picture again and again. The library goes along each time, over
    all of it, for some bytes of the file.
    """
    place, scans = len(_JPEG), 0
    while scans <= MOST_SCANS and (marker := _MARKER.search(jpeg, place)):
        name, place = marker[0][-1:], marker.end()
        if name == _END:
            return False
        scans += name == _SCAN
        place += int.from_bytes(jpeg[place : place + 2])
    return scans > MOST_SCANS


def _read_coarsely(opened: Image.Image) -> None:
    """Lets a JPEG be read at a half, a quarter or an eighth: a fraction of memory and time."""
    enough = LONG_SIDE * 5 // 4
    longest = max(opened.size)
    if longest > enough:
        opened.draft(None, (opened.width * enough // longest, opened.height * enough // longest))


def _plain(picture: Image.Image) -> Image.Image:
    """Its colours on white, and nothing that is said beside them: place, time, telephone, words."""
    if picture.has_transparency_data:
        paper = Image.new("RGB", picture.size, "white")
        layer = picture.convert("RGBA")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def limit() -> None:
    """What the program may take of the machine, from here on; visitors' pages come first."""
    os.nice(10)
    if sys.platform == "linux":  # elsewhere the address space knows no limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit()
    main(*sys.argv[1:])

"""Photos as phones send them: with a place, a turn, and more pixels than anybody needs."""

import io
from pathlib import Path

from PIL import Image, ImageDraw

LATITUDE = (25.0, 54.0, 36.12)


def phone_photo(
    width: int = 1200, height: int = 900, *, turn: int = 1, kind: str = "JPEG", seed: int = 0
) -> bytes:
    """A picture, red on the left and blue on the right, as seen before it is turned.

    A JPEG says in its EXIF where it was taken, by whom, and how it is to be turned (1 … 8).
    """
    image = Image.new("RGB", (width, height), (20, 30, 200))
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height), fill=(200, 30, seed % 200))
    for x in range(0, width, 40):  # something to compress
        ImageDraw.Draw(image).line((x, 0, width - x, height), fill=(90, 90, (x + seed) % 200))
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x010E] = "CANARYwords"
    exif[0x0110] = "CANARYtelephone"
    exif.get_ifd(0x8825).update(
        {1: "N", 2: LATITUDE, 3: "E", 4: (114.0, 55.0, 1.0), 29: "CANARYgps"}
    )
    file = io.BytesIO()
    if kind == "JPEG":
        image.save(file, kind, quality=85, exif=exif, comment=b"CANARYcomment")
        return file.getvalue() + b"CANARYafterwards"
    image.save(file, kind, exif=exif)
    return file.getvalue()


def opened(content: bytes | Path) -> Image.Image:
    """The picture, read whole."""
    image = Image.open(content if isinstance(content, Path) else io.BytesIO(content))
    image.load()
    return image


def colour(image: Image.Image, across: float, down: float) -> str:
    """`red` or `blue`: what is seen at this part of the width and height."""
    place = (int(image.width * across), int(image.height * down))
    pixel = image.convert("RGB").getpixel(place)
    assert isinstance(pixel, tuple)
    return "red" if pixel[0] > pixel[2] else "blue"


def bomb() -> bytes:
    """A PNG of a hundred kilobytes that would fill 900 megabytes."""
    file = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(file, "PNG")
    return file.getvalue()

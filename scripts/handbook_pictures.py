"""The pictures of the administrators' handbook, taken of the demo in a real browser.

Each picture carries the heading of the page that it shows; a test compares it with what the page is
headed now, and with the list below.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "site" / "docs" / "about" / "administrators"
ROLE = "admin"
SIZE = (640, 400)
COLOURS = 16
LARGEST_BYTES = 16_000
HEADING = "heading"


@dataclass(frozen=True)
class Picture:
    """A picture: its name, and the page that it shows."""

    name: str
    path: str

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}.png"

    @property
    def heading(self) -> str:
        """What the page was headed when it was taken."""
        with Image.open(self.file) as image:
            return str(image.info.get(HEADING, ""))


PICTURES = (
    Picture("home", "/staff/"),
    Picture("activities", "/staff/activities"),
    Picture("doctor", "/staff/doctor"),
    Picture("publish", "/staff/content/publish"),
    Picture("pages", "/staff/pages"),
    Picture("accounts", "/staff/accounts"),
)


def keep(picture: Picture, shot: bytes, heading: str) -> int:
    """Writes it in few colours; its bytes."""
    told = PngInfo()
    told.add_itxt(HEADING, heading)
    with Image.open(BytesIO(shot)) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(picture.file, optimize=True, pnginfo=told)
    return picture.file.stat().st_size


def shown() -> Iterator[Path]:
    """The pictures that lie there."""
    yield from FOLDER.glob("*.png")

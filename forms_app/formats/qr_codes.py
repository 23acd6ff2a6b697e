"""An address as a square for a telephone's camera. It knows nothing of what stands behind it."""

import io

import segno
from markupsafe import Markup


def qr_code(address: str, words: str) -> Markup:
    """A drawing of the address to stand within a page, with its quiet zone; `words` name it."""
    drawing = io.BytesIO()
    # M: paper is folded, and hangs in the rain.
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4,
        title=words, svgclass="qr", lineclass=None, light="#fff", dark="#000", nl=False,
    )  # fmt: skip
    return Markup(drawing.getvalue().decode())  # noqa: S704 (our own drawing)

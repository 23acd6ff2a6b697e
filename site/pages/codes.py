"""Codes for a telephone's camera on what is printed: only ever of an address that is known."""

from functools import cache

from markupsafe import Markup
from msgspec import Struct

from forms_app.formats.qr_codes import qr_code
from pages.rendering import render

# Drawing one takes some milliseconds, and eight cards of a sheet carry the same.
_drawn = cache(qr_code)


class Codes(Struct, frozen=True):
    """Where people reach the site, `https://…` without a slash at its end, or empty."""

    public_url: str

    def to(self, path: str, words: str) -> Markup:
        """The code of a path below the site's root; without a public address, that it is missing.

        `words` say what it leads to: `扫码反映问题`.
        """
        drawing = _drawn(f"{self.public_url}/{path}", words) if self.public_url else None
        return render("code.html", {"drawing": drawing, "words": words})

    def address(self, path: str) -> str:
        """The same address to be typed, without https:// and what stands behind a question mark."""
        whole = f"{self.public_url}/{path}" if self.public_url else ""
        return whole.partition("://")[2].partition("?")[0]

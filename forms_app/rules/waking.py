"""What a browser gives a page, so that it can be woken: where, and sealed for whom. PURE."""

import base64
import binascii
import ipaddress
import re
from urllib.parse import urlsplit

from msgspec import Struct

LONGEST_ADDRESS = 1000  # letters
# Two parts at least, and none that no name has (RFC 1035, 2.3.4): such a one cannot be looked up.
_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9_-]{1,63}\.)+[a-z0-9_-]{1,63}")
# An uncompressed point of P-256 and its number, and what a browser adds (RFC 8291).
POINT_BYTES, PRIVATE_BYTES, SECRET_BYTES = 65, 32, 16


class Woken(Struct, frozen=True):
    """A browser as its push service knows it; `made_for` is our public key."""

    endpoint: str
    p256dh: str
    auth: str
    made_for: str

    @property
    def is_sound(self) -> bool:
        """Whether it could be one; whether it is, only its push service tells."""
        point, secret = unpacked(self.p256dh), unpacked(self.auth)
        is_point = len(point) == POINT_BYTES and point[0] == 4
        return is_point and len(secret) == SECRET_BYTES and is_public_address(self.endpoint)


def is_public_address(url: str) -> bool:
    """Whether a stranger's address may be called at all: HTTPS, at its usual port, by a name.

    What the name stands for is looked at when it is called.
    """
    if len(url) > LONGEST_ADDRESS or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_usual = parts.scheme == "https" and port in (None, 443) and "@" not in parts.netloc
    return is_usual and _NAME.fullmatch(host) is not None and not _is_number(host)


def packed(raw: bytes) -> str:
    """Base64url without its end, as browsers and RFC 8292 write keys."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """The bytes of such a text; none where it is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.rpartition(".")[2].isdecimal()
    return True

"""What is signed and given to browsers, as itsdangerous signs it, short texts without a trial.

Itsdangerous compresses each text to see whether it becomes shorter, for which zlib takes and clears
a quarter of a megabyte: longer than all the rest of a signature. Short ones hardly ever do.
"""

from typing import Any

from itsdangerous import URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.serializer import Serializer

SHORT = 512  # bytes; a cookie may have 4096


class Signing(URLSafeTimedSerializer):
    """Itsdangerous', which reads what this writes, and the other way round."""

    def dump_payload(self, obj: Any) -> bytes:
        plain: bytes = Serializer.dump_payload(self, obj)
        return base64_encode(plain) if len(plain) <= SHORT else super().dump_payload(obj)

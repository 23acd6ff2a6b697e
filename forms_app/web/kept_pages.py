"""Pages that are the same for everybody but for a few hidden fields, drawn and compressed once.

A page is kept as the pieces between its fields, each beside its deflated twin; what is put between
them at a request is stored in the gzip as it is. So the pieces never share a compressed window with
a token, and nothing of one reader ever reaches another.
"""

import zlib
from collections.abc import Callable, Hashable, Sequence

from flask import g
from msgspec import Struct

from forms_app.community import Circle

LEVEL = 9  # once, and for thousands


class FieldMissing(Exception):
    """A page does not hold each of its fields once, in their order."""


class _Piece(Struct, frozen=True):
    text: bytes
    deflated: bytes


class KeptPages:
    """The pages of one state of the community's data, by what else they hang on."""

    def __init__(self) -> None:
        self._kept: tuple[Circle | None, Hashable, dict[Hashable, Sequence[_Piece]]]
        self._kept = (None, (), {})

    def page(
        self,
        circle: Circle,
        key: Hashable,
        fields: Sequence[str],
        draw: Callable[[], str],
        state: Hashable = (),
    ) -> bytes:
        """The page with these fields, which `draw` must put into it as they are, in this order.

        Its pieces wait for `compress`; `state` is what else all pages hang on that changes with
        time: of another one nothing is kept. Raises FieldMissing.
        """
        if self._kept[0] is not circle or self._kept[1] != state:
            self._kept = (circle, state, {})
        kept = self._kept[2]
        pieces = kept.get(key)
        if pieces is None:
            pieces = kept[key] = _pieces(draw(), fields)
        values = [field.encode() for field in fields]
        body = b"".join(
            part
            for piece, value in zip(pieces, [*values, b""], strict=True)
            for part in (piece.text, value)
        )
        g.deflated = b"".join(
            part
            for piece, value in zip(pieces, [*values, b""], strict=True)
            for part in (piece.deflated, _stored(value))
        )
        return body


def _pieces(page: str, fields: Sequence[str]) -> Sequence[_Piece]:
    pieces = []
    rest = page
    for field in fields:
        if page.count(field) != 1 or field not in rest:
            raise FieldMissing
        before, _, rest = rest.partition(field)
        pieces.append(_piece(before))
    return [*pieces, _piece(rest)]


def _piece(text: str) -> _Piece:
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = text.encode()
    # A full flush ends at a byte, and nothing after it looks back.
    return _Piece(body, deflate.compress(body) + deflate.flush(zlib.Z_FULL_FLUSH))


def _stored(value: bytes) -> bytes:
    """A deflate block of these bytes as they are; none end the stream (RFC 1951, 3.2.4)."""
    length = len(value).to_bytes(2, "little")
    other = (len(value) ^ 0xFFFF).to_bytes(2, "little")
    return bytes([not value]) + length + other + value

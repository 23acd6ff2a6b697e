"""The Merkle tree over a month's seals, as RFC 6962 builds it, growing leaf by leaf.

A leaf is SHA-256 of a zero byte, the seal's place in the log in decimal digits, a space and its
digest; a node SHA-256 of a one byte and both below it.
"""

import hashlib
import json
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import asdict


class Root(Struct, frozen=True):
    """The root over a month's seals: those made in it, in their order. Months are China's."""

    month: str  # 2026-11
    count: int
    last: int  # place of the newest of them in the log
    root: str  # 64 hexadecimal digits


def read_roots(content: bytes) -> tuple[Root, ...]:
    """The roots that were given out, oldest first. Raises ValueError where they cannot be read."""
    try:
        return tuple(
            Root(str(one["month"]), int(one["count"]), int(one["last"]), str(one["root"]))
            for one in json.loads(content)
        )
    except (TypeError, KeyError) as error:
        raise ValueError("no list of roots") from error


def written(roots: Iterable[Root]) -> bytes:
    """The same as a file."""
    return json.dumps([asdict(one) for one in roots], indent=1).encode() + b"\n"


class Tree:
    """One that needs memory for its right edge alone, however many leaves it has."""

    def __init__(self) -> None:
        self.count = 0
        self._edge: list[tuple[int, bytes]] = []  # of whole trees: how many leaves, the root

    def add(self, serial: int, digest: str) -> None:
        """Puts one more leaf to the right."""
        size, node = 1, hashlib.sha256(f"\0{serial} {digest}".encode()).digest()
        while self._edge and self._edge[-1][0] == size:
            _, left = self._edge.pop()
            size, node = 2 * size, _joined(left, node)
        self._edge.append((size, node))
        self.count += 1

    def root(self) -> str:
        """Of the leaves so far, in 64 hexadecimal digits."""
        if not self._edge:
            return hashlib.sha256(b"").hexdigest()
        _, node = self._edge[-1]
        for _, left in reversed(self._edge[:-1]):
            node = _joined(left, node)
        return node.hex()


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()

"""Checks the seals of one month against the root that was published; Python alone is needed.

    python verify_month.py 2026-11.txt ROOT

`2026-11.txt` is what the office has exported (scripts/circle export-log 2026-11 FILE), ROOT the 64
digits from the office's public site: compare them with a page that was kept or printed then. Ends
with 0 where they fit, with 1 where they do not, with 2 where the file is none of that kind.
"""

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HEAD = "ten-minute-circle log 1"
SEAL = re.compile(r"([1-9][0-9]{0,17}) ([A-Za-z0-9+/]{43})")


def joined(left: bytes, right: bytes) -> bytes:
    """The node above two nodes."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(seals: Iterator[tuple[int, str]]) -> str:
    """The root of the Merkle tree (RFC 6962) over these seals, in their order."""
    edge: list[tuple[int, bytes]] = []  # whole trees from the left: how many leaves, the root
    for serial, digest in seals:
        size, node = 1, hashlib.sha256(f"\0{serial} {digest}".encode()).digest()
        while edge and edge[-1][0] == size:
            node = joined(edge.pop()[1], node)
            size *= 2
        edge.append((size, node))
    if not edge:
        raise ValueError("no seals")
    _, node = edge.pop()
    while edge:
        node = joined(edge.pop()[1], node)
    return node.hex()


def read(path: Path, found: dict[str, object]) -> Iterator[tuple[int, str]]:
    """Place and digest of each seal, in order. Raises ValueError for what is no such file."""
    last = 0
    with path.open(encoding="ascii") as file:
        if file.readline() != f"{HEAD}\n":
            raise ValueError("line 1: this is no export of a log")
        found["month"] = file.readline().removeprefix("month ").strip()
        found["root"] = file.readline().removeprefix("root ").strip()
        for number, line in enumerate(file, 4):
            seal = SEAL.fullmatch(line.rstrip("\n"))
            if seal is None or int(seal[1]) <= last:
                raise ValueError(f"line {number}: no seal, or not in order")
            last = int(seal[1])
            found.setdefault("first", last)
            found["last"], found["count"] = last, number - 3
            yield last, seal[2]


def main(arguments: list[str]) -> int:
    """Says whether the file's seals lead to the root."""
    if len(arguments) != 2 or not re.fullmatch(r"[0-9a-fA-F]{64}", arguments[1]):
        print(__doc__, file=sys.stderr)
        return 2
    found: dict[str, object] = {}
    try:
        root = root_of(read(Path(arguments[0]), found))
    except (OSError, ValueError) as error:
        print(f"读不懂这个文件 cannot be read: {error}", file=sys.stderr)
        return 2
    told = f"{found['month']}: {found['count']} seals, {found['first']} … {found['last']}"
    if root != arguments[1].lower():
        print(f"不一致 DIFFERENT  {told}\n  file: {root}\n  root: {arguments[1]}")
        return 1
    print(f"一致 SAME  {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

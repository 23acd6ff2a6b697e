"""The texts of the made pages, by path: compressed, as there may be tens of thousands of them.

Three hundred daily activities make as many pages as a month of theirs has days, and each is held
until the last is drawn.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping

QUICK = 1  # a sixth of the text; the best of all levels saves a tenth more and takes five times


class Texts(Mapping[str, str]):
    """Read like a dictionary; a text is there in full only while somebody holds it."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        self._kept = {path: zlib.compress(text.encode(), QUICK) for path, text in texts}

    def __getitem__(self, path: str) -> str:
        return zlib.decompress(self._kept[path]).decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, path: object) -> bool:
        return path in self._kept

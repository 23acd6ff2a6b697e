"""A zip as a disk or a line spoils it."""

import zipfile
from pathlib import Path


def spoil(file: Path) -> None:
    """Makes one of its parts no packed text any more; its list of parts stays whole."""
    with zipfile.ZipFile(file) as packed:
        part = max(packed.infolist(), key=lambda one: one.compress_size)
    content = bytearray(file.read_bytes())
    name_bytes, extra_bytes = (
        int.from_bytes(content[part.header_offset + at :][:2], "little") for at in (26, 28)
    )
    content[part.header_offset + 30 + name_bytes + extra_bytes] = 0b111  # of no kind there is
    file.write_bytes(content)

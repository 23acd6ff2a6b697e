"""The room that is kept on a disk for what is written down: pictures and files are taken beside it.

Whoever sends them could fill it: then nobody could report anything, and nobody handle it.
"""

import shutil
from pathlib import Path

LEAST_FREE_BYTES = 100 * 1024 * 1024


def takes_files(folder: Path) -> bool:
    """Whether the disk of this folder takes pictures and files. Raises OSError."""
    return shutil.disk_usage(folder).free >= LEAST_FREE_BYTES

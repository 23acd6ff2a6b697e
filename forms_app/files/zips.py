"""What may go wrong as a zip is read that came from elsewhere, or lay on a disk for long."""

import zipfile
import zlib

# What zipfile says of one that is damaged, locked, or packed in a way that it does not know.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, KeyError,
    EOFError, OSError,
)  # fmt: skip

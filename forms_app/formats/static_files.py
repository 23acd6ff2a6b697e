"""The mark of a static file's content in its addresses, on the site as in the forms."""

import hashlib

# A page names a dozen files, and nothing makes such letters shorter on the line.
_LETTERS = 8


def mark(content: bytes) -> str:
    """What tells one content of a file from another: the beginning of its SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()[:_LETTERS]

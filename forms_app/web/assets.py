"""Static files by their content: another content has another address."""

import hashlib
from functools import cache
from pathlib import Path

from forms_app.formats.static_files import mark

# What pages are drawn from.
PARTS = frozenset({".css", ".html", ".js", ".mo", ".py", ".svg"})


@cache
def program_digest(root: Path) -> str:
    """What tells this program, its texts and templates from another version, read once."""
    folders = (root / "forms_app", root / "site" / "overrides")
    files = sorted(
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.is_file() and file.suffix in PARTS
    )
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def digest(file: Path) -> str:
    return mark(file.read_bytes())

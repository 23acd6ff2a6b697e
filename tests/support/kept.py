"""What takes long to make and is the same in every run: made once for the inputs it is made of."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from forms_app.files.locks import FOR_EVER, holding
from tests.support.running import ROOT

KEPT = ROOT / "build" / "tests"
# The web, its looks and its texts tell no story.
INPUTS = (
    "data/community", "requirements-test.lock", "tests/support",
    *(f"forms_app/{name}" for name in ("casework", "community", "files", "issues", "rules",
                                       "store", "demo", "settings")),
)  # fmt: skip


def kept(name: str, make: Callable[[Path], None], more: Sequence[str] = ()) -> Path:
    """The folder that `make` fills, as it was filled by whoever came first with these inputs.

    `more` are other paths that it is made of, and words that are no path.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = KEPT / f"{name}-{key_of((*INPUTS, *more))}"
    with holding(KEPT / "lock", wait_seconds=FOR_EVER):
        if not folder.exists():
            for old in KEPT.glob(f"{name}-*"):
                shutil.rmtree(old)
            fresh = Path(tempfile.mkdtemp(prefix=".", dir=KEPT))
            make(fresh)
            fresh.rename(folder)
    return folder


def key_of(inputs: Sequence[str]) -> str:
    """What differs as soon as one of these paths, or words that are no path, does."""
    digest = hashlib.sha256("\0".join(inputs).encode())
    for place in inputs:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                content = file.read_bytes()
                digest.update(f"{file.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]

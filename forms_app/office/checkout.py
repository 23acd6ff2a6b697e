"""What git knows of the office's changes in the checkout, and putting back what the product ships.

A checkout that is none of git's (an unpacked archive) has no changes that anybody would trip over.
"""

import subprocess
from collections.abc import Collection
from pathlib import Path

from forms_app.office.shipped import SAMPLE


def has_changes(root: Path) -> bool:
    """Whether the sample's folder is not as it was shipped."""
    return _is_of_git(root) and bool(_git(root, "status", "--porcelain", "--", str(SAMPLE)))


def put_back(root: Path, names: Collection[str]) -> bool:
    """Makes the sample's folder as it was shipped; whether it is.

    `names` are the files below it that are kept elsewhere. No other one is touched, but those that
    are missing come back.
    """
    if not _is_of_git(root):
        return True
    _git(root, "reset", "--quiet", "--", str(SAMPLE))
    tracked, missing = _listed(root), _listed(root, "--deleted")
    paths = {(SAMPLE / name).as_posix() for name in names}
    shipped = sorted(paths & tracked | missing)
    if shipped:
        _git(root, "checkout", "--quiet", "--", *shipped)
    for path in paths - tracked:
        (root / path).unlink(missing_ok=True)
    return not has_changes(root)


def _listed(root: Path, *which: str) -> set[str]:
    listed = _git(root, "ls-files", "-z", *which, "--", str(SAMPLE)) or ""
    return set(filter(None, listed.split("\0")))


def _is_of_git(root: Path) -> bool:
    top = _git(root, "rev-parse", "--show-toplevel")
    return top is not None and Path(top.strip()) == root


def _git(root: Path, *words: str) -> str | None:
    """What git says; None where it is not there, or refuses."""
    try:
        done = subprocess.run(  # noqa: S603 (our own words)
            ["git", "-C", str(root), *words],  # noqa: S607 (whichever git the office has)
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None

"""Which program a server is started from: the one at PYTHONPATH, and what stands beside it.

`X.next` leads to a new version that is being brought in and `X.before` to the one that ran before,
where somebody has laid them; both are links. They are tried in this order, so that a version that
does not come up leaves nobody without a server.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NEXT, BEFORE = ".next", ".before"
# In a version that is brought in: the settings that count from where it will lie in the end.
STANDS_FOR = ".stands-for.json"


@dataclass(frozen=True)
class Program:
    """A version of the program: its folder, links followed; its Python, where it has its own."""

    environ: Mapping[str, str]
    python: str

    def command(self, command: list[str]) -> list[str]:
        """The same command by this version's Python."""
        return [self.python or _without_links(command[0]), *command[1:]]


def programs(environ: Mapping[str, str]) -> list[Program]:
    """What may be started now, the first choice first; at least one.

    A link to a version is followed once: a server that was started before it led to another goes
    on with its own files.
    """
    given = environ.get("PYTHONPATH", "")
    path = Path(given)
    beside = [path.with_name(f"{path.name}{end}") for end in (NEXT, BEFORE)] if path.name else []
    first, last = [
        [_at(link) for link in (link,) if link.is_symlink() and link.is_dir()] for link in beside
    ] or [[], []]
    own = _at(path) if path.is_symlink() else Program({}, "")
    found = [*first, own, *last]
    return [one for n, one in enumerate(found) if one not in found[:n]]


def _at(link: Path) -> Program:
    folder = link.resolve()
    python = folder / ".venv" / "bin" / "python"
    return Program(
        {**_stands_for(folder), "PYTHONPATH": str(folder)},
        _without_links(str(python)) if python.exists() else "",
    )


def _stands_for(folder: Path) -> dict[str, str]:
    try:
        told = json.loads((folder / STANDS_FOR).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in told.items()}


def _without_links(executable: str) -> str:
    """The same one, its folder's links followed; what a .venv's own link leads to knows no
    .venv."""
    path = Path(executable)
    return str(path.parent.resolve() / path.name)

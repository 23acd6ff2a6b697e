"""The house as its imports show it: which rooms there are, who imports whom, on which floor.

A room is a folder of forms_app, a file beside them, or site/pages. `scripts/rooms` draws it, and
tests/test_boundaries.py holds it to its plan.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class House:
    """Every module of ours: dotted name → file, a package by its `__init__`."""

    root: Path
    modules: Mapping[str, Path]
    _read: dict[Path, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, root: Path) -> "House":
        """The house of a checkout."""
        return cls(
            root,
            {
                **_modules(root / "forms_app", "forms_app"),
                **_modules(root / "site" / "pages", "pages"),
            },
        )

    def imports(self, path: Path) -> tuple[str, ...]:
        """Every module, ours or not, that a file imports; a name from a module is that module.

        Raises ValueError for a relative import.
        """
        if path not in self._read:
            self._read[path] = tuple(self._imports(path))
        return self._read[path]

    def _imports(self, path: Path) -> Iterator[str]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                if node.level or node.module is None:
                    raise ValueError(f"{path}: imports are spelled out")
                inner = (f"{node.module}.{alias.name}" for alias in node.names)
                yield from (name if name in self.modules else node.module for name in inner)

    @cached_property
    def rooms(self) -> dict[str, list[Path]]:
        """Room → its files."""
        found: dict[str, list[Path]] = {}
        for name, path in self.modules.items():
            if room_of(name):
                found.setdefault(room_of(name), []).append(path)
        return found

    @cached_property
    def arrows(self) -> dict[str, set[str]]:
        """Room → the other rooms that its files import."""
        return {
            room: {
                room_of(wanted)
                for path in paths
                for wanted in self.imports(path)
                if is_ours(wanted) and room_of(wanted)
            }
            - {room}
            for room, paths in self.rooms.items()
        }

    @cached_property
    def floors(self) -> dict[str, int]:
        """Room → its floor: the ground imports nothing of ours, the others stand on what they do.

        Raises ValueError where rooms import each other in a circle.
        """
        floors: dict[str, int] = {}
        while len(floors) < len(self.arrows):
            ready = [
                room
                for room, others in self.arrows.items()
                if room not in floors and others <= set(floors)
            ]
            if not ready:
                raise ValueError(f"in a circle: {sorted(set(self.arrows) - set(floors))}")
            floors |= {
                room: 1 + max((floors[other] for other in self.arrows[room]), default=0)
                for room in ready
            }
        return floors

    def reaches(self, room: str) -> set[str]:
        """Every room that one imports, at once or through others."""
        straight = self.arrows[room]
        return straight.union(*(self.reaches(other) for other in straight))

    def telling_arrows(self, room: str) -> set[str]:
        """The arrows of a room without those that its other arrows imply: what a picture needs."""
        straight = self.arrows[room]
        return {
            other
            for other in straight
            if not any(other in self.reaches(between) for between in straight - {other})
        }


def _modules(folder: Path, top: str) -> dict[str, Path]:
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        found[".".join([top, *(part for part in parts if part != "__init__")])] = path
    return found


def is_ours(module: str) -> bool:
    return module.partition(".")[0] in ("forms_app", "pages")


def room_of(module: str) -> str:
    """The room or top file of ours that a module is in; "" for forms_app itself."""
    top, *inner = module.split(".")
    return "pages" if top == "pages" else (inner[0] if inner else "")

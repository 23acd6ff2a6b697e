"""The new version beside the program, whole, and then in its place.

`circle.next` leads to `circle.next-files` as long as it is only beside: the keeper starts servers
from there. When it has proved itself its files go into the program's own folder, each whole or not
at all, and no server reads that one meanwhile. Interrupted at any moment, it goes on from there.
Standard library only.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.bootstrap import python_of
from scripts.deployment.program import LOCK, Program
from scripts.upgrading.source import Fresh, NotUpgraded

LINK, FILES = ".next", ".next-files"
STANDS_FOR, COMMIT = ".stands-for.json", ".commit"
SERVED = ".served"  # made by a version that takes requests: from then on there is only forward


class Beside:
    """The place of a new version beside the program in `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.link = root.with_name(f"{root.name}{LINK}")
        self.files = root.with_name(f"{root.name}{FILES}")

    @property
    def has_served(self) -> bool:
        """Whether a version lies here that is in use and not in the program's own folder yet."""
        return (self.files / SERVED).is_file()

    def stage(self, fresh: Fresh, environ: dict[str, str], pip: dict[str, str]) -> None:
        """Copies the new version here, with its libraries. Raises NotUpgraded and OSError."""
        self.clear()
        for file in Program(fresh.folder, "").files():
            copy = self.files / file.relative_to(fresh.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, copy)
        (self.files / STANDS_FOR).write_text(json.dumps(environ), encoding="utf-8")
        (self.files / COMMIT).write_text(fresh.commit)
        self._bring_libraries(pip)
        python = python_of(self.files) if python_of(self.files).exists() else sys.executable
        said = subprocess.run(
            [str(python), "-m", "compileall", "-q", str(self.files / "forms_app")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if said.returncode:
            raise NotUpgraded(f"新版本的程序坏了，请重新取得。\n{said.stdout.strip()[-500:]}")

    def _bring_libraries(self, pip: dict[str, str]) -> None:
        """The same ones where the list is the same; else a copy, brought up to date here."""
        own = self.root / ".venv"
        if not own.is_dir():
            return  # whoever started it has them elsewhere
        if (self.files / LOCK).read_bytes() == (self.root / LOCK).read_bytes():
            (self.files / ".venv").symlink_to(own)
            return
        shutil.copytree(own.resolve(), self.files / ".venv", symlinks=True)
        said = subprocess.run(
            [os.path.realpath(sys.executable), str(self.files / "scripts" / "bootstrap.py"), LOCK],
            env={**os.environ, **pip}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if said.returncode:
            raise NotUpgraded(said.stderr.strip()[-1500:])

    def lead(self) -> None:
        """From now on the keeper's first choice is this version."""
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(self.files.name)

    def take_place(self) -> None:
        """Puts the files into the program's own folder; may be done again. Raises NotUpgraded and
        OSError.
        """
        commit = (self.files / COMMIT).read_text()
        if not (self.files / ".venv").is_symlink() and (self.files / ".venv").is_dir():
            self._swap_libraries()
        if commit:
            command = ["git", "-c", f"safe.directory={self.root}", "-C", str(self.root)]
            (self.root / ".git" / "index.lock").unlink(missing_ok=True)  # of one interrupted here
            said = subprocess.run(
                [*command, "reset", "--quiet", "--hard", commit],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if said.returncode:
                raise NotUpgraded(said.stderr.strip()[-500:])
            return
        new = {file.relative_to(self.files) for file in Program(self.files, "").files()}
        for name in sorted(new):
            _replace(self.files / name, self.root / name)
        for file in Program(self.root, "").files():
            if file.relative_to(self.root) not in new:
                file.unlink()

    def _swap_libraries(self) -> None:
        own, fresh = self.root / ".venv", self.root / ".venv.next"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(self.files / ".venv", fresh, symlinks=True)
        for script in (fresh / "bin").iterdir():  # those that pip has just made
            if script.is_file() and not script.is_symlink():
                before = script.read_bytes()
                script.write_bytes(before.replace(bytes(self.files / ".venv"), bytes(own)))
        shutil.rmtree(self.root / ".venv.old", ignore_errors=True)
        if own.exists():
            own.rename(self.root / ".venv.old")
        fresh.rename(own)
        shutil.rmtree(self.root / ".venv.old", ignore_errors=True)

    def leave(self) -> None:
        """The keeper's choice is the program's own folder again."""
        self.link.unlink(missing_ok=True)

    def clear(self) -> None:
        """Nothing is beside the program any more."""
        self.leave()
        (self.files / SERVED).unlink(missing_ok=True)
        shutil.rmtree(self.files, ignore_errors=True)


def finish_left(root: Path) -> str:
    """Does what an upgrade that was interrupted has left to do with files; a sentence, or "".

    For who starts: nobody serves from the program's folder then.
    """
    beside = Beside(root)
    if not beside.has_served:
        return ""
    try:
        beside.take_place()
    except (OSError, NotUpgraded) as error:
        return f"新版本已经在用，但还没有放进程序文件夹 {root}（{error}）：清出空间再启动一次。"
    beside.clear()
    return "上次升级中途停过，程序文件现在已经换好。"


def _replace(source: Path, target: Path) -> None:
    if target.is_file() and target.read_bytes() == source.read_bytes():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.upgrading")
    shutil.copy2(source, half)
    half.replace(target)

"""One thing each that has to be so on the server: looked at first, done only where it is not."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from scripts.deployment.plan import DeployRefused
from scripts.deployment.server import Server

_PASSWORDS = re.compile(r"://[^@'\s]+@")  # of an address: whoever looks over a shoulder reads none


class Step(Protocol):
    """Something that is to be so."""

    @property
    def says(self) -> str:
        """What is done, for whoever reads along."""

    def is_so(self, server: Server) -> bool:
        """Whether nothing is left to do."""

    def do(self, server: Server) -> None:
        """Does it. Raises DeployRefused."""


@dataclass(frozen=True)
class Folder:
    """A folder with this owner (empty: root's) and mode."""

    path: PurePosixPath
    owner: str = ""
    mode: int = 0o755

    @property
    def says(self) -> str:
        return f"文件夹 {self.path}"

    def is_so(self, server: Server) -> bool:
        there = server.at(self.path)
        return (
            there.is_dir()
            and there.stat().st_mode & 0o7777 == self.mode
            and (not self.owner or server.owner_of(there) == self.owner)
        )

    def do(self, server: Server) -> None:
        there = server.at(self.path)
        there.mkdir(parents=True, exist_ok=True)
        there.chmod(self.mode)
        if self.owner:
            server.give(there, self.owner)


@dataclass(frozen=True)
class File:
    """A file with this text; `is_once`: only where there is none yet."""

    path: PurePosixPath
    text: str = field(repr=False)
    mode: int = 0o644
    is_once: bool = False

    @property
    def says(self) -> str:
        return f"文件 {self.path}"

    def is_so(self, server: Server) -> bool:
        there = server.at(self.path)
        if not there.is_file():
            return False
        return self.is_once or (
            there.read_text(encoding="utf-8", errors="replace") == self.text
            and there.stat().st_mode & 0o7777 == self.mode
        )

    def do(self, server: Server) -> None:
        there = server.at(self.path)
        fresh = _beside(there)
        fresh.touch(self.mode)  # before there is anything to read in it
        fresh.write_text(self.text, encoding="utf-8")
        fresh.chmod(self.mode)
        fresh.replace(there)


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    path: PurePosixPath
    target: str

    @property
    def says(self) -> str:
        return f"{self.path} 指向 {self.target}"

    def is_so(self, server: Server) -> bool:
        there = server.at(self.path)
        return there.is_symlink() and str(there.readlink()) == self.target

    def do(self, server: Server) -> None:
        there = server.at(self.path)
        fresh = _beside(there)
        fresh.symlink_to(self.target)
        fresh.replace(there)


@dataclass(frozen=True)
class Gone:
    """Nothing may be here: a file, a link, or a folder with all that is in it."""

    path: PurePosixPath

    @property
    def says(self) -> str:
        return f"删掉 {self.path}"

    def is_so(self, server: Server) -> bool:
        return not os.path.lexists(server.at(self.path))

    def do(self, server: Server) -> None:
        there = server.at(self.path)
        if there.is_symlink() or there.is_file():
            there.unlink()
            return
        for inner in sorted(there.rglob("*"), reverse=True):
            if inner.is_dir() and not inner.is_symlink():
                inner.rmdir()
            else:
                inner.unlink()
        there.rmdir()


@dataclass(frozen=True)
class User:
    """A system user without a shell, whose home is the data."""

    name: str
    home: PurePosixPath

    @property
    def says(self) -> str:
        return f"系统用户 {self.name}"

    def is_so(self, server: Server) -> bool:
        return server.has_user(self.name)

    def do(self, server: Server) -> None:
        must(
            server,
            [
                "useradd", "--system", "--user-group", "--no-create-home",
                "--home-dir", str(self.home), "--shell", "/usr/sbin/nologin", self.name,
            ],
            f"建不了系统用户 {self.name}",
        )  # fmt: skip


# A settings file that somebody has changed stays as it is; nobody sits there to be asked.
_KEEP = ("-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold")


@dataclass(frozen=True)
class Packages:
    """Debian's packages."""

    names: tuple[str, ...]
    folder: str = ""  # where there is no internet: .deb files lie here

    @property
    def says(self) -> str:
        return f"系统软件包 {'、'.join(self.names)}"

    def is_so(self, server: Server) -> bool:
        return not self._missing(server)

    def do(self, server: Server) -> None:
        missing = self._missing(server)
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        brought = sorted(server.at(self.folder).glob("*.deb")) if self.folder else []
        if not brought:
            server.run(["apt-get", "update", "-qq"], quiet)
        wanted = [str(file) for file in brought] or missing
        # By apt, not dpkg: what somebody brought is unpacked in the order that it needs.
        said = server.run(
            ["apt-get", "install", "-y", "-qq", *_KEEP, "--no-install-recommends", *wanted], quiet
        )
        if said.code:
            raise DeployRefused(
                f"装不上系统软件包 {'、'.join(missing)}：能上网的话，请检查网络和 "
                "/etc/apt/sources.list 里的软件源，再运行一次；不能上网，请在同版本的机器上用 "
                "apt-get download 取来 .deb，放进 --wheels 的文件夹。系统的原话："
                f"\n{said.words[-1500:]}"
            )

    def _missing(self, server: Server) -> list[str]:
        return [name for name in self.names if not server.has_package(name)]


def _beside(there: Path) -> Path:
    """Where the new one is made, in the same folder: whoever reads it sees the old one or the new
    one.
    """
    there.parent.mkdir(parents=True, exist_ok=True)
    fresh = there.with_name(f".{there.name}.new")
    fresh.unlink(missing_ok=True)
    return fresh


def must(server: Server, command: Sequence[str], failure: str, **environ: str) -> str:
    """What a command says that has to succeed. Raises DeployRefused."""
    said = server.run(command, environ)
    if said.code:
        raise DeployRefused(f"{failure}。系统的原话：\n{said.words[-1500:]}")
    return said.words


class Doer:
    """Goes through steps, tells of each, and remembers what changed."""

    def __init__(self, server: Server, *, is_dry: bool) -> None:
        self.server, self.is_dry = server, is_dry
        self.changed: list[Step] = []
        self.had: dict[Path, bytes | Path | None] = {}

    def go(self, *steps: Step) -> bool:
        """Makes it so; whether anything had to be done."""
        before = len(self.changed)
        for step in steps:
            if step.is_so(self.server):
                continue
            self.changed.append(step)
            if self.is_dry:
                self.server.say(f"要做：{step.says}")
                if isinstance(step, File):
                    lines = _PASSWORDS.sub("://…@", step.text).splitlines()
                    self.server.say("\n".join(f"    {line}" for line in lines))
                continue
            self._keep(step)
            step.do(self.server)
            self.server.say(f"已做：{step.says}")
        return len(self.changed) > before

    def tell(self, words: str) -> bool:
        """Of something that is no step; whether it may be done now."""
        self.server.say(f"{'要做' if self.is_dry else '正在做'}：{words}")
        return not self.is_dry

    def undo(self, steps: Sequence[Step]) -> None:
        """Puts files and links among these back as they were before."""
        for step in steps:
            if isinstance(step, File | Link | Gone) and step in self.changed:
                there = self.server.at(step.path)
                had = self.had.get(there)
                there.unlink(missing_ok=True)
                if isinstance(had, bytes):
                    there.write_bytes(had)
                elif had is not None:
                    there.symlink_to(had)

    def undo_link(self, path: PurePosixPath) -> bool:
        """Puts a link back where it led before; whether it was there before."""
        there = self.server.at(path)
        if self.had.get(there) is None:
            return False
        self.undo([step for step in self.changed if isinstance(step, Link) and step.path == path])
        return True

    def _keep(self, step: Step) -> None:
        if isinstance(step, File | Link | Gone):
            there = self.server.at(step.path)
            if there.is_symlink():
                self.had[there] = there.readlink()
            else:
                self.had[there] = there.read_bytes() if there.is_file() else None

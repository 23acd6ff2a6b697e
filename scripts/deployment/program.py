"""The program on the server: a copy outside of the checkout, named by its content, with its Python.

What runs is never changed: a new version is made beside the old one, whole, and a link goes over.
Installations that run the same version share it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scripts.bootstrap import OFFLINE_WORDS
from scripts.deployment.plan import PROGRAMS, DeployRefused, Plan
from scripts.deployment.server import Server
from scripts.deployment.steps import Doer, Folder, Gone, Link, must

# What runs; tests and what developers need stay behind.
PARTS = (
    "forms_app", "site", "scripts", "data/community", "data/starter", "mkdocs.yml",
    "requirements.lock", "requirements-walking.lock", "requirements-postgres.lock",
    "requirements-s3.lock",
    "README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE",
)  # fmt: skip
LEFT_OUT = {"__pycache__", "node_modules", ".venv"}
LOCK = "requirements.lock"
POSTGRES_LOCK = "requirements-postgres.lock"
S3_LOCK = "requirements-s3.lock"


@dataclass(frozen=True)
class Program:
    """One version of the program, for one version of Python."""

    source: Path
    python: str  # the interpreter's own path, links followed
    locks: tuple[str, ...] = (LOCK,)  # the lists of what is installed for it

    def files(self) -> Iterator[Path]:
        """What belongs to it, in the order of names."""
        for part in PARTS:
            place = self.source / part
            found = [place] if place.is_file() else sorted(place.rglob("*"))
            yield from (
                file for file in found
                if file.is_file() and not LEFT_OUT & set(file.relative_to(self.source).parts)
            )  # fmt: skip

    def digest(self) -> str:
        """Twelve letters that no other content has."""
        told = hashlib.sha256(f"{self.python}\0".encode())
        told.update("".join(f"{lock}\0" for lock in self.locks[1:]).encode())
        for file in self.files():
            content = file.read_bytes()
            is_command = os.access(file, os.X_OK)
            name = file.relative_to(self.source)
            told.update(f"{name}\0{len(content)}\0{is_command}\0".encode() + content)
        return told.hexdigest()[:12]

    def libraries_name(self) -> str:
        locks = b"".join((self.source / lock).read_bytes() for lock in self.locks)
        return hashlib.sha256(f"{self.python}\0".encode() + locks).hexdigest()[:12]


@dataclass(frozen=True)
class Libraries:
    """The libraries of the lock files in a .venv of their own."""

    program: Program
    plan: Plan

    @property
    def folder(self) -> PurePosixPath:
        return PROGRAMS / "libraries" / self.program.libraries_name()

    @property
    def says(self) -> str:
        return f"Python 软件包，放在 {self.folder}（要一两分钟）"

    def is_so(self, server: Server) -> bool:
        return server.at(self.folder / "whole").is_file()

    def do(self, server: Server) -> None:
        """Has scripts/bootstrap.py do it, which knows how; here is where from."""
        there = server.at(self.folder)
        (there / "scripts").mkdir(parents=True, exist_ok=True)
        shutil.copy2(self.program.source / "scripts" / "bootstrap.py", there / "scripts")
        for lock in self.program.locks:
            shutil.copy2(self.program.source / lock, there)
        bootstrap = str(there / "scripts" / "bootstrap.py")
        said = server.run([server.python, bootstrap, *self.program.locks], self._pip())
        if said.code:
            raise DeployRefused(self._why(said.words))
        (there / "whole").write_text("")

    def _pip(self) -> dict[str, str]:
        if self.plan.wheels:
            return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.plan.wheels}
        return {"PIP_INDEX_URL": self.plan.mirror} if self.plan.mirror else {}

    def _why(self, words: str) -> str:
        if self.plan.wheels:
            return (
                f"{self.plan.wheels} 里的 Python 软件包不全，或者不是这个版本的 Python 用的。"
                "请在能上网、"
                "系统版本相同的机器上运行 python3 -m pip download --only-binary :all: --no-deps "
                f"{' '.join(f'-r {lock}' for lock in self.program.locks)} -d 文件夹，"
                f"整个拷过来再运行一次。\n{words}"
            )
        if "连不上" in words or any(word in words for word in OFFLINE_WORDS):
            return (
                f"{words}\n国内网络可以用 --mirror https://mirrors.aliyun.com/pypi/simple/；"
                "完全不能上网，用 --wheels 文件夹。"
            )
        return words


@dataclass(frozen=True)
class Copy:
    """The program's files below /opt, root's own: whoever breaks into the service changes none."""

    program: Program
    libraries: PurePosixPath
    folder: PurePosixPath

    @property
    def says(self) -> str:
        return f"程序，放在 {self.folder}"

    def is_so(self, server: Server) -> bool:
        return server.at(self.folder).is_dir()

    def do(self, server: Server) -> None:
        there = server.at(self.folder)
        half = there.with_name(f"{there.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        for file in self.program.files():
            copy = half / file.relative_to(self.program.source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
            copy.chmod(0o755 if os.access(file, os.X_OK) else 0o644)
        (half / ".venv").symlink_to(f"../../libraries/{self.libraries.name}/.venv")
        # The service may not write there, and would compile it anew at each start.
        python = str(server.at(self.libraries) / ".venv" / "bin" / "python")
        compiled = [str(half / "forms_app"), str(half / "site")]
        must(server, [python, "-m", "compileall", "-q", *compiled], "程序的文件不完整")
        half.rename(there)


def stage(doer: Doer, plan: Plan, source: Path) -> PurePosixPath:
    """Has this version lie on the server, whole, beside what runs: its folder.

    Raises DeployRefused.
    """
    more = ((POSTGRES_LOCK, plan.database), (S3_LOCK, plan.bucket))
    locks = (LOCK, *(lock for lock, is_wanted in more if is_wanted))
    program = Program(source, os.path.realpath(doer.server.python), locks)
    folder = PROGRAMS / "programs" / program.digest()
    libraries = Libraries(program, plan)
    doer.go(Folder(PROGRAMS), libraries, Copy(program, libraries.folder, folder))
    return folder


def is_other(server: Server, plan: Plan, folder: PurePosixPath) -> bool:
    """Whether the installation runs a program, and not this one."""
    here = server.at(plan.running)
    return here.is_symlink() and here.readlink().name != folder.name


def lead(doer: Doer, plan: Plan, folder: PurePosixPath) -> bool:
    """Has the installation's link lead to this version; whether it was another one before."""
    here = doer.server.at(plan.running)
    if is_other(doer.server, plan, folder):
        # Kept: a server that is leaving still reads it, and one goes back to it by itself.
        before = plan.running.with_name(f"{plan.slug}.before")
        doer.go(Link(before, str(here.readlink())))
    return doer.go(Link(plan.running, f"../programs/{folder.name}"))


def sweep(doer: Doer) -> None:
    """Removes versions that no installation runs or ran last."""
    top = doer.server.at(PROGRAMS)
    used = {link.readlink().name for link in (top / "running").glob("*") if link.is_symlink()}
    libraries = {
        (top / "programs" / name / ".venv").readlink().parent.name
        for name in used if (top / "programs" / name / ".venv").is_symlink()
    }  # fmt: skip
    for folder, kept in (("programs", used), ("libraries", libraries)):
        for there in sorted((top / folder).glob("*")):
            if there.name not in kept:
                doer.go(Gone(PROGRAMS / folder / there.name))

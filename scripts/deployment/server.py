"""The machine that is installed on: what it is, and every command that is given to it.

Tests hand in one of their own: below a scratch folder, noting commands instead of giving them.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

KNOWN = {"debian": ("12", "13"), "ubuntu": ("24.04",)}


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: int
    words: str


class Server:
    """The machine itself."""

    root = Path("/")

    def at(self, path: PurePath | str) -> Path:
        """Where a path of the server lies for us."""
        return self.root / str(path).lstrip("/")

    def run(
        self,
        command: Sequence[str],
        environ: Mapping[str, str] | None = None,
        *,
        is_shown: bool = False,
    ) -> Said:
        """Gives a command and waits; what it says is kept, or shown as it comes."""
        try:
            done = subprocess.run(
                list(command),
                env={**os.environ, "LC_ALL": "C.UTF-8", **(environ or {})},
                stdin=subprocess.DEVNULL,
                stdout=None if is_shown else subprocess.PIPE,
                stderr=None if is_shown else subprocess.STDOUT,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            return Said(127, f"{command[0]}: not found")
        return Said(done.returncode, (done.stdout or "").strip())

    def ask(self, question: str) -> str:
        """What somebody types; nothing where nobody sits there."""
        if not sys.stdin.isatty():
            return ""
        try:
            return input(question)
        except EOFError:
            return ""

    def say(self, words: str) -> None:
        print(words, flush=True)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    @property
    def is_root(self) -> bool:
        return os.geteuid() == 0

    @property
    def has_systemd(self) -> bool:
        """Whether systemd runs here, rather than being installed only."""
        return self.at("/run/systemd/system").is_dir()

    @property
    def has_ipv6(self) -> bool:
        try:
            return bool(self.at("/proc/net/if_inet6").read_text().strip())
        except OSError:
            return False

    @property
    def system(self) -> tuple[str, str]:
        """Name and release of the system, as /etc/os-release has them."""
        try:
            lines = self.at("/etc/os-release").read_text(encoding="utf-8").splitlines()
        except OSError:
            return "", ""
        facts = dict(line.partition("=")[::2] for line in lines if "=" in line)
        return facts.get("ID", "").strip('"'), facts.get("VERSION_ID", "").strip('"')

    @property
    def time_zone(self) -> str:
        """`Asia/Shanghai`; "" where it cannot be told."""
        link = self.at("/etc/localtime")
        if link.is_symlink():
            return str(link.readlink()).partition("zoneinfo/")[2]
        try:
            return self.at("/etc/timezone").read_text().strip()
        except OSError:
            return ""

    @property
    def nginx_version(self) -> tuple[int, ...]:
        """`(1, 22)`; empty where there is none."""
        found = re.search(r"nginx/(\d+)\.(\d+)", self.run(["nginx", "-v"]).words)
        return tuple(map(int, found.groups())) if found else ()

    @property
    def python(self) -> str:
        """The Python that the program is installed for."""
        return sys.executable

    @property
    def now(self) -> float:
        return time.time()

    def has_package(self, name: str) -> bool:
        said = self.run(["dpkg-query", "-W", "-f", "${db:Status-Status}", name])
        return said.code == 0 and said.words == "installed"

    def has_user(self, name: str) -> bool:
        try:
            pwd.getpwnam(name)
        except KeyError:
            return False
        return True

    def give(self, path: Path, owner: str) -> None:
        """Makes a user the owner of a file or folder."""
        shutil.chown(path, owner, owner)

    def owner_of(self, path: Path) -> str:
        return path.owner()

    def free_bytes(self, path: PurePath) -> int:
        there = self.at(path)
        while not there.exists():
            there = there.parent
        return shutil.disk_usage(there).free

    def programs_of(self, user: str) -> set[str]:
        """Which versions of the program a user's servers run: their folders."""
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if folder.owner() != user:
                    continue
                command = (folder / "cmdline").read_bytes().split(b"\0")
                told = (folder / "environ").read_bytes().split(b"\0")
            except (OSError, KeyError):  # it has just ended; a user that has no name
                continue
            if b"forms_app.serve" in command:
                found |= {
                    line.partition(b"=")[2].decode() for line in told
                    if line.startswith(b"PYTHONPATH=")
                }  # fmt: skip
        return found

    def holder_of(self, port: int) -> str:
        """The program that listens at a port, "?" where that cannot be told; "" for nobody."""
        sockets = set()
        for table in ("tcp", "tcp6"):
            try:
                lines = self.at(f"/proc/net/{table}").read_text().splitlines()[1:]
            except OSError:
                continue
            for line in lines:
                parts = line.split()
                if parts[3] == "0A" and int(parts[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{parts[9]}]")
        if not sockets:
            return ""
        for handle in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                if str(handle.readlink()) in sockets:
                    return (handle.parent.parent / "comm").read_text().strip()
            except OSError:
                continue
        return "?"

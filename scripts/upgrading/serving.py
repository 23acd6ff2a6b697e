"""The server that runs from a folder: found by what the machine says of its processes.

Standard library only; Linux.
"""

import os
import signal
import socket
import struct
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

KEEPER, SERVER = b"forms_app.keeper", b"forms_app.serve"
PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class Served:
    """A keeper that runs: its number, what it was told."""

    pid: int
    words: tuple[str, ...]
    environ: dict[str, str]

    @property
    def is_there(self) -> bool:
        return Path(f"/proc/{self.pid}/cmdline").exists() and bool(_words(self.pid))

    def renew(self) -> None:
        """Has it start a server, of the version that is its first choice now."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGHUP)

    def programs(self) -> set[str]:
        """The folders that its servers run from."""
        return {_environ(pid).get("PYTHONPATH", "") for pid in self._servers()}

    def end_those_of(self, program: Path) -> None:
        """Ends its servers of one version: they do not come up and do not end."""
        for pid in self._servers():
            if _environ(pid).get("PYTHONPATH", "") == str(program):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def answers(self, *, is_well: bool = True) -> bool:
        """Whether it says of itself that it takes requests; or answers at all, well or not."""
        prefix = urlsplit(self.environ.get("CIRCLE_PUBLIC_URL", "")).path.rstrip("/")
        for host, port in _listens(self.pid):
            try:
                url = f"http://{host}:{port}{prefix}/healthz"
                with urllib.request.urlopen(url, timeout=10) as answer:
                    return bool(answer.status == 200)
            except HTTPError:
                return not is_well
            except (URLError, OSError):
                return False
        return False

    def _servers(self) -> list[int]:
        try:
            told = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        except OSError:
            return []
        return [int(pid) for pid in told.split() if SERVER in _words(int(pid))]


def served_from(root: Path) -> Served | None:
    """The keeper of the program in this folder, if one runs."""
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        words = _words(pid)
        if KEEPER in words:
            environ = _environ(pid)
            path = environ.get("PYTHONPATH", "")
            if path and Path(path).resolve() == root:
                return Served(pid, tuple(word.decode() for word in words), environ)
    return None


def looks(seconds: float) -> Iterator[None]:
    """One look after another, a pause between, for so long."""
    for _ in range(int(seconds / PAUSE_SECONDS)):
        yield
        time.sleep(PAUSE_SECONDS)


def _words(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def _environ(pid: int) -> dict[str, str]:
    try:
        told = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return {}
    pairs = (line.decode("utf-8", "surrogateescape").partition("=") for line in told if line)
    return {name: value for name, _, value in pairs}


def _listens(pid: int) -> list[tuple[str, int]]:
    """Where it listens, as an address has it."""
    sockets = set()
    for handle in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(OSError):
            sockets.add(str(handle.readlink()))
    found = []
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        with suppress(OSError):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                parts = line.split()
                if parts[3] == "0A" and f"socket:[{parts[9]}]" in sockets:
                    number, _, port = parts[1].partition(":")
                    found.append((_host(number, family), int(port, 16)))
    return found


def _host(number: str, family: int) -> str:
    words = [int(number[n : n + 8], 16) for n in range(0, len(number), 8)]
    host = socket.inet_ntop(family, struct.pack(f"={len(words)}I", *words))
    if family == socket.AF_INET6:
        return "[::1]" if host == "::" else f"[{host}]"
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 (it is what was read)

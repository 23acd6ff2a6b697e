"""The product as a process of its own, from a copy of the checkout: nothing here changes."""

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("forms_app", "site", "data/community", "mkdocs.yml", "requirements.lock")
PASSWORD = "demo"
READY = re.compile(r"^ready http://127\.0\.0\.1:(\d+)/$")


@dataclass
class Running:
    folder: Path
    data: Path
    port: int
    log: Path
    pid: int = 0
    said: str = ""  # before it was ready

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self, seconds: float = 30) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """One of the administrator's commands."""
        return subprocess.run(
            [sys.executable, "-P", "-m", "forms_app.commands.cli", *words],
            cwd=self.folder,
            env=environment(self.folder, self.data),
            capture_output=True,
            text=True,
            check=True,
        )


def environment(folder: Path, data: Path) -> dict[str, str]:
    ours = ("CIRCLE_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    # Where the demo stands, its nine accounts have it: to try each again is a third of a start.
    if not (data / "private" / "forms.db").exists():
        kept["CIRCLE_DEMO_PASSWORD"] = PASSWORD
    return kept | {
        "CIRCLE_DATA": str(data),
        "CIRCLE_LIMITS": "off",  # many tests are more than one visitor would ask
        "PYTHONPATH": str(folder),
        "PYTHONUTF8": "1",
    }


# Peewee loads every driver that it finds, this one in 80 ms of each process.
_NO_DRIVER = "raise ImportError('as in an office with SQLite, which has not installed it')\n"


def copy_checkout(folder: Path) -> Path:
    """What the product needs to run and to build its site, of an office with SQLite."""
    for part in PARTS:
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)  # bytecode too, where there is some: it stays valid
        else:
            shutil.copy2(source, target)
    (folder / "psycopg.py").write_text(_NO_DRIVER)
    return folder


def for_postgres(folder: Path) -> Path:
    """The same copy, which finds the driver that is installed."""
    (folder / "psycopg.py").unlink()
    return folder


@contextmanager
def running(
    folder: Path,
    *,
    demo: bool = True,
    new_office: bool = False,
    limits: str = "off",
    data: Path | None = None,
    more: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """The product started in a copy of the checkout; ended by SIGTERM.

    Its `data` are those of the copy, unless others are named; `more` is of its environment. A
    `new_office` begins with an empty database, whatever was published.
    """
    data = data or folder / "data"
    log = folder / "stderr.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "forms_app.keeper", "--port", "0",
             *(["--demo"] if demo else []), *(["--new-office"] if new_office else [])],
            cwd=folder,
            env=environment(folder, data) | {"CIRCLE_LIMITS": limits} | dict(more or {}),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            ready = READY.match(line)
            if ready:
                yield Running(folder, data, int(ready[1]), log, process.pid, said)
                break
            said += line
        else:
            raise AssertionError(log.read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()

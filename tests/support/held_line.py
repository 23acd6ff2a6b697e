"""A line to a server that can be held: it takes what is said and passes nothing on, as a process
that stands still does, and as no killed or closed one does.
"""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict


class Line:
    """All that is connected through it."""

    def __init__(self) -> None:
        self._open: list[threading.Event] = []
        self._takes_new = threading.Event()
        self._takes_new.set()

    def join(self) -> threading.Event:
        passes = threading.Event()
        passes.set()
        self._open.append(passes)
        self._takes_new.wait()
        return passes

    def hold(self, *, new_ones: bool = True) -> None:
        """Those that are connected, and `new_ones`."""
        for passes in self._open:
            passes.clear()
        if new_ones:
            self._takes_new.clear()

    def let_go(self) -> None:
        self._takes_new.set()
        for passes in self._open:
            passes.set()


@contextmanager
def held_line(url: str, folder: Path) -> Iterator[tuple[str, Line]]:
    """The address of a PostgreSQL through a line, and the line."""
    known = conninfo_to_dict(url)
    line = Line()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / ".s.PGSQL.5432"))
    listening.listen(64)

    joined: list[tuple[socket.socket, threading.Thread]] = []

    def serve() -> None:
        with suppress(OSError):  # closed
            while True:
                near, _ = listening.accept()
                joining = threading.Thread(target=_join, args=(near, known, line))
                joined.append((near, joining))
                joining.start()

    serving = threading.Thread(target=serve)
    serving.start()
    try:
        yield f"postgresql://{known['user']}@/{known['dbname']}?host={quote(str(folder))}", line
    finally:
        line.let_go()
        listening.shutdown(socket.SHUT_RDWR)
        serving.join(10)
        for near, joining in joined:
            with suppress(OSError):  # over already
                near.shutdown(socket.SHUT_RDWR)
            joining.join(10)
        listening.close()


def _join(near: socket.socket, known: Mapping[str, Any], line: Line) -> None:
    passes = line.join()
    host, port = str(known.get("host", "")), str(known.get("port") or 5432)
    with near, _connected(host, port) as far:
        back = threading.Thread(target=_pass_on, args=(far, near, passes))
        back.start()
        _pass_on(near, far, passes)
        back.join()


def _connected(host: str, port: str) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host or "127.0.0.1", int(port)))
    far = socket.socket(socket.AF_UNIX)
    far.connect(f"{host}/.s.PGSQL.{port}")
    return far


def _pass_on(source: socket.socket, target: socket.socket, passes: threading.Event) -> None:
    with suppress(OSError):
        while said := source.recv(65536):
            passes.wait()
            target.sendall(said)
        passes.wait()
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)

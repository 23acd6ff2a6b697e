"""One person with a laptop against the server: connections that keep it waiting, and the visitors
who come meanwhile. On this machine only, bounded in number and time.
"""

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HOST = "127.0.0.1"
DRIP_SECONDS = 0.5
_HEAD = b"POST /issues/new HTTP/1.1\r\nHost: 127.0.0.1\r\n"
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
_UPLOAD = b"Content-Type: multipart/form-data; boundary=x\r\n"


@dataclass(frozen=True)
class Way:
    """What such a client sends at first, and whether a byte follows now and then."""

    opening: bytes
    drips: bool


WAYS: Mapping[str, Way] = {
    "silent": Way(b"", drips=False),
    "slow_heads": Way(b"GET / HTTP/1.1\r\nX: ", drips=True),
    "slow_bodies": Way(_HEAD + _FORM + b"Content-Length: 100000\r\n\r\ndescription=", drips=True),
    "stalled_uploads": Way(
        _HEAD + _UPLOAD + b"Content-Length: 6000000\r\n\r\n--x\r\n" + b"x" * 60_000, drips=False
    ),
}
FULL = {"slow_heads": 300, "slow_bodies": 300, "stalled_uploads": 100, "silent": 300}


@dataclass
class Crowd:
    """Connections of every way; whichever the server closes comes again at once."""

    port: int
    open: dict[socket.socket, str] = field(default_factory=dict)
    closed: int = 0

    def join(self, way: str) -> None:
        client = socket.socket()
        client.settimeout(5)
        with suppress(OSError):  # a server that takes no more of them is one that defends itself
            client.connect((HOST, self.port))
            client.setblocking(False)
            client.send(WAYS[way].opening)
        self.open[client] = way

    def drip(self) -> None:
        for client, way in list(self.open.items()):
            try:
                if WAYS[way].drips:
                    client.send(b"x")
                is_over = client.recv(4096) == b""
            except BlockingIOError:
                is_over = False
            except OSError:
                is_over = True
            if is_over:
                self.closed += 1
                client.close()
                del self.open[client]
                self.join(way)

    def leave(self) -> None:
        for client in self.open:
            client.close()


@contextmanager
def besieged(port: int, numbers: Mapping[str, int], seed: int = 0) -> Iterator[Crowd]:
    """The server while so many clients of each way hold connections to it."""
    crowd, over = Crowd(port), threading.Event()
    ways = [way for way, number in numbers.items() for _ in range(number)]
    random.Random(seed).shuffle(ways)  # noqa: S311 (no secret)
    for way in ways:
        crowd.join(way)

    def keep_on() -> None:
        while not over.wait(DRIP_SECONDS):
            crowd.drip()

    thread = threading.Thread(target=keep_on, daemon=True)
    thread.start()
    try:
        yield crowd
    finally:
        over.set()
        thread.join()
        crowd.leave()


@dataclass
class Visits:
    """How long visitors waited, in seconds; `failed` got no page."""

    waits: list[float] = field(default_factory=list)
    failed: int = 0

    @property
    def p99(self) -> float:
        return sorted(self.waits)[int(len(self.waits) * 0.99)] if self.waits else float("inf")


def ask(port: int, request: bytes, seconds: float = 30) -> tuple[int, bytes]:
    """Status and whole answer to these very bytes; 0 where none came in time."""
    answer = b""
    try:
        with socket.create_connection((HOST, port), timeout=seconds) as client:
            client.sendall(request)
            while chunk := client.recv(65536):
                answer += chunk
    except OSError:
        pass
    return (int(answer[9:12]) if answer.startswith(b"HTTP/1.") else 0), answer


def visit(port: int, number: int, paths: tuple[str, ...], pause: float = 0.05) -> Visits:
    """So many visitors, one after another, each with a connection of their own."""
    visits = Visits()
    for count in range(number):
        path = paths[count % len(paths)]
        request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"
        began = time.perf_counter()
        status, _ = ask(port, request.encode())
        if status == 200:
            visits.waits.append(time.perf_counter() - began)
        else:
            visits.failed += 1
        time.sleep(pause)
    return visits


def at_once(number: int, act: Callable[[int], object]) -> list[threading.Thread]:
    """The same by so many at the same time; the threads that do it, started."""
    threads = [threading.Thread(target=act, args=(one,), daemon=True) for one in range(number)]
    for thread in threads:
        thread.start()
    return threads

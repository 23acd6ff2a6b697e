"""Bodies that are never whole lie on the disk: of all that come so much, and of a crowd's own."""

import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from forms_app.front import server as module
from forms_app.front.deadlines import At, Stage, too_heavy
from forms_app.front.server import Front
from tests.support.served import listening

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LARGE = 300_000  # more than lies in memory
SIZE = LARGE + 10


def page(environ: "WSGIEnvironment", start: "StartResponse") -> list[bytes]:
    taken = len(environ["wsgi.input"].read())
    start("200 OK", [("Content-Length", "2")])
    return [b"ok" if taken == SIZE else b"no"]


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(module, "MOST_BYTES", 3 * SIZE + 1000)  # with their heads
    front = Front(lambda *_: 2 * LARGE, "too.large", secure=False)
    with listening(page, front) as server:
        yield server.effective_port


def begun(port: int, address: str) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), 10, source_address=(address, 0))
    client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % SIZE)
    client.sendall(b"x" * LARGE)
    return client


def files_open(folder: Path) -> int:
    """How many descriptors of this process are files of a folder, unnamed ones too."""
    links = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            links.append(str(one.readlink()))
    return sum(link.startswith(f"{folder}/") for link in links)


def is_closed(client: socket.socket) -> bool:
    client.setblocking(False)
    try:
        return client.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_who_holds_the_most_gives_it_back_and_others_are_taken(port: int) -> None:
    with ExitStack() as clients:
        crowd = [clients.enter_context(begun(port, "127.0.0.66")) for _ in range(6)]
        visitor = clients.enter_context(begun(port, "127.0.0.1"))
        until = time.monotonic() + 20
        while sum(map(is_closed, crowd)) < 4 and time.monotonic() < until:
            time.sleep(0.1)
        assert [is_closed(one) for one in crowd] == [True] * 4 + [False] * 2
        visitor.sendall(b"x" * (SIZE - LARGE))
        assert visitor.recv(4096).startswith(b"HTTP/1.1 200 OK")


def test_a_server_that_ends_lets_go_of_what_was_coming(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    front = Front(lambda *_: 2 * LARGE, "too.large", secure=False)
    with ExitStack() as clients:
        with listening(page, front) as server:
            clients.enter_context(begun(server.effective_port, "127.0.0.1"))
            until = time.monotonic() + 10
            while not files_open(tmp_path) and time.monotonic() < until:
                time.sleep(0.05)
            assert files_open(tmp_path) == 1
        assert files_open(tmp_path) == 0


def test_where_the_disk_takes_no_body_that_is_said(
    port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with begun(port, "127.0.0.1") as client:
        client.sendall(b"x" * (SIZE - LARGE))
        answer = client.recv(4096)
    assert answer.startswith(b"HTTP/1.1 503")
    monkeypatch.undo()
    with begun(port, "127.0.0.1") as client:
        client.sendall(b"x" * (SIZE - LARGE))
        assert client.recv(4096).startswith(b"HTTP/1.1 200 OK")


def test_what_is_owed_an_answer_or_has_no_body_stays() -> None:
    def stage(at: At, held: int, since: float = 0.0) -> Stage:
        return Stage(at, since, since, held)

    some = [
        ("crowd", stage(At.BODY, 40, since=2)), ("crowd", stage(At.BODY, 40, since=1)),
        ("crowd", stage(At.ANSWER, 900)), ("crowd", stage(At.HEAD, 900)),
        ("alone", stage(At.BODY, 70)),
    ]  # fmt: skip
    assert too_heavy(some, 150) == set()
    assert too_heavy(some, 149) == {1}
    assert too_heavy(some, 75) == {0, 1}
    assert too_heavy(some, 0) == {0, 1, 4}

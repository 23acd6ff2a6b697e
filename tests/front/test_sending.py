"""While a thread sends an answer, the loop leaves its connection alone; what is left it sends."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from forms_app.front.server import Front
from tests.support.served import listening

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LARGE = 8 * 1024 * 1024  # more than a line takes at once


def page(_environ: "WSGIEnvironment", start: "StartResponse") -> list[bytes]:
    start("200 OK", [("Content-Length", str(LARGE))])
    return [b"x" * LARGE]


@pytest.fixture
def server() -> Iterator[Any]:
    front = Front(lambda *_: 1024, "too.large", secure=False)
    with listening(page, front) as started:
        yield started


def test_a_connection_is_asked_for_only_while_nobody_else_sends(server: Any) -> None:
    with socket.create_connection(("127.0.0.1", server.effective_port)):
        until = time.monotonic() + 10
        while not server.active_channels and time.monotonic() < until:
            time.sleep(0.01)
        (channel,) = server.active_channels.values()
        channel.requests, channel.total_outbufs_len = [object()], 0
        taken, over = threading.Event(), threading.Event()

        def send() -> None:
            with channel.outbuf_lock:
                taken.set()
                over.wait(10)

        sender = threading.Thread(target=send)
        sender.start()
        assert taken.wait(10)
        channel.total_outbufs_len = 1
        is_asked = channel.writable()
        over.set()
        sender.join(10)
        assert not is_asked
        assert channel.writable()
        channel.requests, channel.total_outbufs_len = [], 0


def test_an_answer_larger_than_the_line_takes_arrives_whole_at_a_slow_reader(server: Any) -> None:
    with socket.create_connection(("127.0.0.1", server.effective_port), timeout=20) as reader:
        reader.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        length = 0
        while came := reader.recv(256 * 1024):
            length += len(came)
            time.sleep(0.005)
    assert length > LARGE

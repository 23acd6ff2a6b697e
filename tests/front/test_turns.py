"""Who asks on many connections at once keeps nobody from the threads, whoever they say they are."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import TYPE_CHECKING

import pytest

from forms_app.front.server import MOST_OF_ONE, THREADS, Front
from forms_app.limits import household
from tests.support.attack import ask
from tests.support.served import listening

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CROWD = 3 * THREADS
A_WHILE = 0.3


class House:
    """Whoever asks for /held is answered when it opens."""

    def __init__(self) -> None:
        self.opens = threading.Event()
        self.held = threading.Semaphore(0)
        self.port = 0

    def page(self, environ: "WSGIEnvironment", start: "StartResponse") -> list[bytes]:
        if environ["PATH_INFO"] == "/held":
            self.held.release()
            self.opens.wait(30)
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    def ask(self, path: str, address: str) -> int:
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {address}\r\n"
        return ask(self.port, f"{head}Connection: close\r\n\r\n".encode())[0]


@pytest.fixture(params=["127.0.0.1", ""])
def proxy(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def held(proxy: str) -> Iterator[House]:
    house = House()
    front = Front(lambda *_: 1024, "too.large", secure=False, proxy=proxy, asker=household)
    with listening(house.page, front) as server:
        house.port = server.effective_port
        yield house
        house.opens.set()


def in_time(answer: "Future[int]") -> bool:
    return bool(wait_for([answer], A_WHILE).done)


def test_a_crowd_of_one_household_keeps_nobody_else_waiting(held: House, proxy: str) -> None:
    with ThreadPoolExecutor(CROWD + 3) as clients:
        for one in range(CROWD):
            clients.submit(held.ask, "/held", f"2001:db8:1:2::{one:x}")
        for _ in range(MOST_OF_ONE):
            assert held.held.acquire(timeout=10)
        other = clients.submit(held.ask, "/now", "2001:db8:1:3::1")
        # What they say themselves stands before what the proxy has seen.
        pretends = clients.submit(held.ask, "/now", "2001:db8:1:3::1, 2001:db8:1:2::77")
        try:
            # Where nobody is in front, all that come from here are one.
            assert (other.result(10) == 200) if proxy else not in_time(other)
            assert not in_time(pretends)
            assert not held.held.acquire(timeout=0)
        finally:
            held.opens.set()
        assert pretends.result(10) == other.result(10) == 200

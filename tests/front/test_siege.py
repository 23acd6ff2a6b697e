"""Whoever comes slowly, silently or with too much keeps nobody else from their page."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from forms_app.front.deadlines import At, Stage, first_to_go
from scripts.benchmarks.attack import family
from tests.support.attack import ask, besieged, visit
from tests.support.running import Running, running
from tests.support.told import copy_demo

pytestmark = pytest.mark.slow

PAGES = ("/issues/new", "/", "/healthz", "/issues/")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(copy_demo(tmp_path_factory.mktemp("server"))) as started:
        yield started


def test_others_are_served_while_hundreds_keep_the_server_waiting(server: Running) -> None:
    some = {"slow_heads": 60, "slow_bodies": 60, "stalled_uploads": 20, "silent": 160}
    calm = visit(server.port, 40, PAGES)
    with besieged(server.port, some, seed=1):
        visits = visit(server.port, 40, PAGES)
    assert visits.failed == 0
    # Whoever is starved waits for a deadline. Other things are done on this machine besides; the
    # bench says how long.
    assert visits.p99 < 2 + 4 * calm.p99


def unnamed(pid: int) -> Iterator[Path]:
    """The folders of large files of a process that have no name any more."""
    for place in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # it is closed by now
            if place.stat().st_size > 500_000 and not place.stat().st_nlink:
                yield place.readlink().parent


def test_what_is_coming_lies_on_the_disk_of_the_data_and_has_no_name(server: Running) -> None:
    head = (
        b"POST /issues/new HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    )
    private, until = server.data / "private", time.monotonic() + 20
    found = set[Path]()
    with socket.create_connection(("127.0.0.1", server.port), 10) as client:
        client.sendall(head + b"Content-Length: 9000000\r\n\r\n" + b"x" * 1_000_000)
        while not found and time.monotonic() < until:
            time.sleep(0.1)
            found = {place for pid in family(server.pid) for place in unnamed(pid)}
        assert found == {private}


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 200000", 413),
        (b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 200000000", 413),
        (b"Content-Length: 90000000000", 413),
        (b"Content-Length: 1e3", 400),
    ],
)
@pytest.mark.parametrize("path", ["/issues/new", "/staff/login", "/nowhere", "/staff/issues/new"])
def test_what_is_too_large_is_answered_before_any_of_it_came(
    server: Running, path: str, head: bytes, status: int
) -> None:
    request = b"POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\nx" % (path.encode(), head)
    found, answer = ask(server.port, request)
    assert found == status
    assert status != 413 or "内容太大" in answer.decode()


def test_a_body_in_pieces_ends_where_its_page_takes_no_more(server: Running) -> None:
    head = b"POST /issues/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    assert ask(server.port, head + piece * 10)[0] == 413


def test_what_is_thrown_away_is_never_a_request_of_its_own(server: Running) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    request = b"POST /issues/ HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n" + hidden
    _, answer = ask(server.port, request)
    assert answer.count(b"HTTP/1.1 ") == 1


def test_ten_thousand_chinese_letters_always_fit(server: Running) -> None:
    connection = server.connect()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/issues/new", b"description=" + b"%E5%AD%97" * 10_000, kind)
    assert connection.getresponse().status == 422
    connection.close()


def test_a_page_that_did_not_change_leaves_the_connection_open(server: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/")
    first = connection.getresponse()
    first.read()
    used = connection.sock
    connection.request("GET", "/", headers={"If-None-Match": first.headers["ETag"]})
    again = connection.getresponse()
    again.read()
    assert again.status == 304
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
    assert connection.sock is used
    connection.close()


# Deadlines, by the clock alone


@pytest.mark.parametrize(
    ("at", "moves", "lasts"),
    [
        (At.IDLE, 0, 20),
        (At.HEAD, 1, 10),  # a byte now and then does not help
        (At.BODY, 0, 20),
        (At.BODY, 1, 30),
        (At.BODY, 4096, 2000),  # a phone on a bad line
        (At.GOING, 4096, 60),
        (At.ANSWER, 0, 60),
        (At.ANSWER, 1, 2000),
    ],
)
def test_each_stage_has_its_time(at: At, moves: int, lasts: int) -> None:
    stage = Stage(at, 0.0, 0.0)
    ended = next(
        (
            now
            for now in range(1, 2000)
            if stage.is_over(now, waits_for_client=True) or (moves and stage.move(moves, now))
        ),
        2000,
    )
    assert lasts <= ended <= lasts + 2


def test_an_answer_that_is_being_made_has_the_time_it_needs() -> None:
    stage = Stage(At.ANSWER, 0.0, 0.0)
    assert not any(stage.is_over(now, waits_for_client=False) for now in range(600))
    assert not stage.is_over(600, waits_for_client=True)


def test_room_is_made_by_whoever_holds_most_and_never_by_who_is_being_answered() -> None:
    def one(address: str, at: At, since: float) -> tuple[str, Stage]:
        return address, Stage(at, since, since)

    connections = [
        one("alone", At.IDLE, 0),
        one("many", At.HEAD, 5),
        one("many", At.IDLE, 7),
        one("many", At.IDLE, 6),
        one("many", At.ANSWER, 1),
    ]
    assert [first_to_go(connections, count) for count in (1, 2, 3, 4)] == [
        {3}, {3, 2}, {3, 2, 1}, {3, 2, 1, 0}
    ]  # fmt: skip
    assert first_to_go(connections, 5) == {0, 1, 2, 3}

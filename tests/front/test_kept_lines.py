"""The line to a browser stays open after an answer without a body, and closes where it is asked."""

import http.client
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from forms_app.front.server import Front
from tests.support.served import listening

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def unchanged(environ: "WSGIEnvironment", start: "StartResponse") -> list[bytes]:
    start("304 NOT MODIFIED" if environ["PATH_INFO"] == "/known" else "200 OK", [("ETag", '"a"')])
    return [] if environ["PATH_INFO"] == "/known" else [b"page"]


@pytest.fixture
def line() -> Iterator[http.client.HTTPConnection]:
    front = Front(lambda *_: 1024, "too.large", secure=False)
    with listening(unchanged, front) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=10)
        yield connection
        connection.close()


def test_a_known_page_leaves_the_line_open(line: http.client.HTTPConnection) -> None:
    line.connect()
    first = line.sock
    for path in ("/known", "/page", "/known"):
        line.request("GET", path)
        answer = line.getresponse()
        assert answer.read() == (b"" if path == "/known" else b"page")
        assert answer.headers["Connection"] is None
        assert line.sock is first


def test_a_line_that_shall_be_closed_is(line: http.client.HTTPConnection) -> None:
    line.request("GET", "/known", headers={"Connection": "close"})
    with line.getresponse() as answer:
        assert answer.headers["Connection"] == "close"

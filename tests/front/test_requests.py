"""What is no request is refused in words; what is asked of a range that is none gets the whole."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from forms_app.front.server import LARGEST_HEAD, Front
from forms_app.web.errors import sentence_of
from tests.support.attack import ask
from tests.support.served import listening

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


# Where it ends, a proxy in front may see otherwise: what follows would be a request of its own.
CHUNKED = b"POST / HTTP/1.%s\r\nHost: x\r\n%sTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"


def page(environ: "WSGIEnvironment", start: "StartResponse") -> list[bytes]:
    """Says which range it was asked for."""
    start("200 OK", [("Content-Type", "text/plain")])
    return [environ.get("HTTP_RANGE", "the whole").encode()]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    front = Front(lambda *_: 1024, "too.large", secure=False, said=sentence_of)
    with listening(page, front) as server:
        yield server.effective_port


@pytest.mark.parametrize(
    ("version", "hosts", "status"),
    [
        ("1.1", (), 400),
        ("1.1", ("a", "b"), 400),
        ("1.1", ("a, b",), 400),
        ("1.1", ("a",), 200),
        ("1.1", ("",), 200),
        ("1.0", (), 200),
    ],
)
def test_a_request_names_one_host(
    port: int, version: str, hosts: tuple[str, ...], status: int
) -> None:
    heads = "".join(f"Host: {one}\r\n" for one in hosts)
    request = f"GET / HTTP/{version}\r\n{heads}Connection: close\r\n\r\n"
    assert ask(port, request.encode())[0] == status


@pytest.mark.parametrize(
    ("request_", "status", "words"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400, "请求不完整"),
        (b"nonsense\r\n\r\n", 400, "请求不完整"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"x" * LARGEST_HEAD, 431, "请清除本站"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "系统出错了"),
        (CHUNKED % (b"1", b"Content-Length: 5\r\n"), 400, "请求不完整"),
        (CHUNKED % (b"0", b"Content-Length: 5\r\n"), 400, "请求不完整"),
        (CHUNKED % (b"0", b"Connection: keep-alive\r\n"), 400, "请求不完整"),
    ],
)
def test_what_is_no_request_is_refused_in_words_of_ours(
    port: int, request_: bytes, status: int, words: str
) -> None:
    found, answer = ask(port, request_)
    said = answer.partition(b"\r\n\r\n")[2].decode()
    assert found == status
    assert words in said
    assert said.isascii() is False
    assert "generated" not in said


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ("bytes=0-9", "bytes=0-9"),
        ("bytes=5-", "bytes=5-"),
        ("bytes=-5", "bytes=-5"),
        ("bytes=0-1,4-5", "the whole"),
        ("bytes=9-0", "the whole"),
        ("bytes=", "the whole"),
        ("lines=1-2", "the whole"),
        ("nonsense", "the whole"),
    ],
)
def test_what_is_no_range_of_one_stretch_gets_the_whole(port: int, asked: str, got: str) -> None:
    request = f"GET / HTTP/1.1\r\nHost: x\r\nRange: {asked}\r\nConnection: close\r\n\r\n"
    assert ask(port, request.encode())[1].endswith(got.encode())

"""Answers gzipped for slow lines, without letting their length tell what is in them.

Who can put words into an answer and watch its compressed length can guess secrets in the same
answer (BREACH). So what a visitor sent stays out, unless the browser says that a page of our own
asked for it (Sec-Fetch-Site, which no other site can set): a search from its field, a form that
comes back with what was typed. Whatever else led there, a link of a stranger's most of all, gets
gzipped only answers to a GET without a query, or with one that a view knows as its own
(`g.query_is_known`). Each carries padding of a random length, so that one more repeated letter
does not show. Cookies are SameSite=Lax besides.
"""

import gzip
import secrets
import zlib
from collections.abc import Callable
from functools import lru_cache

from flask import Request, Response, g, request
from werkzeug.http import parse_accept_header

from forms_app.web.headers import vary

TYPES = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml"})
SMALLEST_BYTES = 200
PADDING_BYTES = 100
# A page of 20 KB takes a third of a millisecond; more would save one byte in a hundred.
LEVEL = 6
LONGEST_ACCEPT = 500  # browsers take thirty letters to say what they understand
# Ten bytes before a file name: gzip, deflate, named, no time, no system (RFC 1952, 2.3).
NAMED = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"


def compress(response: Response) -> Response:
    """The same answer, gzipped where that is safe, worth it, and understood by the browser."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    if kind not in TYPES or not _is_safe(response):
        return response
    vary(response, "Accept-Encoding")
    if not takes_gzip(request):
        return response
    response.direct_passthrough = False  # a static file, which Flask would stream
    body = response.get_data()
    if len(body) < SMALLEST_BYTES:
        return response
    is_file = request.endpoint == "static"
    response.set_data(_kept(body) if is_file else padded(body, deflated=g.get("deflated")))
    response.headers["Content-Encoding"] = "gzip"
    etag, _is_weak = response.get_etag()
    if etag is not None:
        response.set_etag(etag, weak=True)  # the same words in other bytes
    return response


def takes_gzip(request: Request) -> bool:
    """Whether the browser understands what is gzipped."""
    return _takes_gzip(request.environ.get("HTTP_ACCEPT_ENCODING", "")[:LONGEST_ACCEPT])


@lru_cache(maxsize=64)
def _takes_gzip(accepts: str) -> bool:
    return parse_accept_header(accepts)["gzip"] > 0


def _is_safe(response: Response) -> bool:
    if "Content-Encoding" in response.headers:
        return False
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return response.status_code == 200 or response.status_code >= 400
    return (
        response.status_code == 200
        and request.method in ("GET", "HEAD")
        and (
            request.endpoint == "static"
            or not request.query_string
            or bool(g.get("query_is_known", False))
        )
    )


def padded(
    body: bytes,
    length: Callable[[int], int] = secrets.randbelow,
    deflated: bytes | None = None,
) -> bytes:
    """The body gzipped, with a file name of a random length that readers of gzip pass over.

    `deflated` is the same body compressed already, where its page was kept (kept_pages).
    """
    if deflated is None:
        deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        deflated = deflate.compress(body) + deflate.flush()
    name = b"a" * length(PADDING_BYTES) + b"\0"
    check = zlib.crc32(body).to_bytes(4, "little") + len(body).to_bytes(4, "little")
    return NAMED + name + deflated + check


@lru_cache(maxsize=64)
def _kept(body: bytes) -> bytes:
    """A file that is the same for everybody."""
    return gzip.compress(body, mtime=0)

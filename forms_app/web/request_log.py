"""One line of the log a request, and the number by which a request is found there again.

It has the page's name in the program, never its address: what somebody looks for, which issue they
follow and where they come from is nobody's business. What the site and the browser's files were
asked for is left out, unless it failed, and so is a board that renews itself: a page of the site
alone would be a dozen lines, an open board a thousand a day.
"""

import logging
from secrets import token_bytes
from time import perf_counter
from typing import cast

from flask import Flask, Response, g, request

from forms_app.logs import REQUESTS
from forms_app.rules.keys import CROCKFORD

HEADER = "X-Request-Id"
QUIET = frozenset({"static", "published.page", "healthz", "board.renewed"})
FAILED = 500
# A method is whatever a stranger sends.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_LETTERS = 8
_TO_CROCKFORD = (CROCKFORD * 8).encode()  # a letter for each of 256 bytes

_log = logging.getLogger(REQUESTS)


def request_id() -> str:
    """The number of this request, as people say it: `7K2M-9QXD`."""
    return cast(str, g.get("request_id", ""))


def this_request() -> str:
    """What the log calls this request: `7K2M-9QXD POST resident.report`."""
    return f"{request_id()} {_method()} {request.endpoint or '-'}"


def add_request_log(app: Flask) -> None:
    """To be called before anything else asks to be told of requests: it frames all of it."""

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()
        g.request_id = new_id()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[HEADER] = request_id()
        tell(_method(), request.endpoint or "-", response.status_code, g.began, request_id())
        return response


def tell(method: str, endpoint: str, status: int, began: float, number: str) -> None:
    """Writes the line of a request that `began` by the performance counter, unless it is quiet."""
    is_told = endpoint not in QUIET or status >= FAILED
    if is_told and _log.isEnabledFor(logging.INFO):
        passed_ms = (perf_counter() - began) * 1000
        _log.info("%s %s %d %d ms %s", method, endpoint, status, passed_ms, number)


def new_id() -> str:
    """A number that no other request has."""
    letters = token_bytes(_LETTERS).translate(_TO_CROCKFORD).decode()
    return f"{letters[:4]}-{letters[4:]}"


def _method() -> str:
    return request.method if request.method in METHODS else "-"

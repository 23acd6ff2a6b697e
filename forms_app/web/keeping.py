"""Whether a browser may keep a ticket's page: only where leaving takes it away again.

A phone may be shared. What a browser has kept it shows at "back" without asking; the answer to
leaving tells it to forget, which browsers hear over HTTPS alone (and on the machine itself). Where
they do not hear it, nothing is kept.
"""

from flask import Request
from werkzeug.wrappers import Response

OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})


def may_be_kept(request: Request) -> bool:
    """Whether the browser that asks would hear that it has to forget."""
    host = request.host.rpartition(":")[0] if request.host[-1:].isdigit() else request.host
    return request.is_secure or host in OWN_MACHINE


def keep_until_leaving(response: Response) -> None:
    """Lets the browser keep the page; it has to ask each time whether it is still so."""
    response.cache_control.private = True
    response.cache_control.no_cache = True


def forget_kept(response: Response) -> None:
    """Makes the browser forget what it kept of this site."""
    response.headers["Clear-Site-Data"] = '"cache"'

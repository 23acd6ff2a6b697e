"""Flask as this house has it: what its log tells of an error, and what it finds out only once."""

from collections.abc import Callable
from functools import cache
from types import TracebackType
from typing import Any, NoReturn
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.routing import RequestRedirect, Rule

from forms_app import queries
from forms_app.logs import trace
from forms_app.web.open311 import is_of_programs
from forms_app.web.request_log import this_request
from forms_app.web.templates import SpokenEnvironment


class _Sessions(SecureCookieSessionInterface):
    """Flask's, but what signs the cookies is made once: its key is the same for good. And whatever
    is answered to programs has no session: it would be a browser's that was led there.
    """

    _signing: Any = None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return None if is_of_programs(request.path) else super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> Any:
        if self._signing is None:
            self._signing = super().get_signing_serializer(app)
        return self._signing


class _Rule(Rule):
    """Werkzeug's, but what makes addresses by it is compiled when the first one is made: two
    functions for each of 237 rules are a tenth of a start, and most are never wanted.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder

        @cache
        def made() -> Callable[..., tuple[str, str]]:
            return compiled(append_unknown)

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            return made()(rule, **values)

        return build


class App(Flask):
    """Flask, but for what the log holds of an error, where it came from, not what it quotes; and
    for what Flask would find out anew at every request.
    """

    jinja_environment = SpokenEnvironment
    url_rule_class = _Rule

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session_interface = _Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: none of ours is a coroutine, which Flask asks of each at every request."""
        return func

    def raise_routing_exception(self, request: Request) -> NoReturn:
        """An address that lacks its last slash leads on within this very place.

        Whole addresses would be made of the Host that the client sent and of a scheme that
        the proxy in front keeps to itself.
        """
        error = request.routing_exception
        if isinstance(error, RequestRedirect):
            meant = urlsplit(error.new_url)
            error.new_url = urlunsplit(("", "", "/" + meant.path.lstrip("/"), meant.query, ""))
        super().raise_routing_exception(request)

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> None:
        error = exc_info[1]
        if error is None:
            return
        fault = queries.fault_of(error)
        what = f"{fault}: {queries.told(error)}" if fault else f"failed:\n{trace(error)}"
        self.logger.error("%s %s", this_request(), what)

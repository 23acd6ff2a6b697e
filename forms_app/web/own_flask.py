"""Flask as this house has it: what its log tells of an error, and what it finds out only once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from types import TracebackType
from typing import Any, NoReturn
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature
from werkzeug.routing import RequestRedirect, Rule

from forms_app import queries
from forms_app.logs import trace
from forms_app.web.headers import vary
from forms_app.web.open311 import is_of_programs
from forms_app.web.request_log import this_request
from forms_app.web.signing import Signing
from forms_app.web.templates import SpokenEnvironment

COOKIES_KNOWN = 256  # of some hundred bytes


class _Sessions(SecureCookieSessionInterface):
    """Flask's, but what is the same each time is found out once: the key that signs the cookies,
    and that a cookie is signed by it, which a browser brings with every request. Where none is to
    be given, nothing is looked at for one. And whatever is answered to programs has no session:
    it would be a browser's that was led there.
    """

    _signing: Any = None

    def __init__(self) -> None:
        self._signed = lru_cache(COOKIES_KNOWN)(self._unsign)

    def get_signing_serializer(self, app: Flask) -> Any:
        if self._signing is None:
            theirs: Any = super().get_signing_serializer(app)
            self._signing = Signing(
                theirs.secret_keys,
                salt=theirs.salt,
                serializer=theirs.serializer,
                signer_kwargs=theirs.signer_kwargs,
            )
        return self._signing

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if is_of_programs(request.path):
            return None
        signing = self.get_signing_serializer(app)
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        try:
            payload, signed_at = self._signed(cookie)
        except BadSignature:
            return self.session_class()
        is_fresh = timedelta() <= datetime.now(UTC) - signed_at <= app.permanent_session_lifetime
        return self.session_class(signing.load_payload(payload) if is_fresh else None)

    def _unsign(self, cookie: str) -> tuple[bytes, datetime]:
        """What a cookie holds, as it was signed, and when. Raises BadSignature."""
        [signer] = self._signing.iter_unsigners()
        unsigned: tuple[bytes, datetime] = signer.unsign(cookie, return_timestamp=True)
        return unsigned

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified or session.permanent:
            super().save_session(app, session, response)
        elif session.accessed:
            vary(response, "Cookie")


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

"""Which accounts a browser was signed in with before: a signed cookie that outlives the session.

It opens nothing. Strangers who guess at a name lock it for strangers alone.
"""

import hashlib
import secrets

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

AGE = 180 * 24 * 3600
MOST_NAMES = 10


def known_as(username: str) -> str:
    """This browser's own code, if it was signed in with this name before; else ""."""
    code, names = _read()
    return code if _short(username) in names else ""


def remember(username: str) -> None:
    """The browser was signed in with this name."""
    code, names = _read()
    names = [*(name for name in names if name != _short(username)), _short(username)][-MOST_NAMES:]
    value = _signer().dumps([code or secrets.token_urlsafe(12), names])

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            _cookie(), value, max_age=AGE, httponly=True, samesite="Lax",
            path=current_app.config["SESSION_COOKIE_PATH"],
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
        return response


def _read() -> tuple[str, list[str]]:
    try:
        code, names = _signer().loads(request.cookies.get(_cookie(), ""))
    except BadSignature:
        return "", []
    return str(code), [str(name) for name in names]


def _cookie() -> str:
    """Of an installation's own, as its session is: two on one address know the same browser."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-known"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known-browser")


def _short(username: str) -> str:
    return hashlib.sha256(username.encode("utf-8", "replace")).hexdigest()[:16]

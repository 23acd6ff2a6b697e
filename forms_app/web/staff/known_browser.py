"""Which accounts a browser was signed in with before: a signed cookie that outlives the session.

It opens nothing. Strangers who guess at a name lock it for strangers alone. Whoever reads it at a
shared computer cannot try names on it, nor tell whether two computers know the same one.
"""

import secrets

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from forms_app.rules.keys import known_name
from forms_app.web.request import server_key

AGE = 180 * 24 * 3600
MOST_NAMES = 10


def known_as(username: str) -> str:
    """This browser's own code, if it was signed in with this name before; else ""."""
    code, names = _read()
    return code if code and known_name(server_key(), code, username) in names else ""


def remember(username: str) -> None:
    """The browser was signed in with this name."""
    code, names = _read()
    code = code or secrets.token_urlsafe(12)
    own = known_name(server_key(), code, username)
    names = [*(name for name in names if name != own), own][-MOST_NAMES:]
    value = _signer().dumps([code, names])

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
    # What an earlier version wrote held hashes that anybody can try names on: it is forgotten.
    return URLSafeSerializer(server_key(), salt="known-browser, names under the server's key")

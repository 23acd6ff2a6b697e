"""The reader's choices, each a cookie that a plain link sets: elder version, language."""

import re
from urllib.parse import urlencode

from flask import Response, current_app, make_response, redirect, request

from forms_app.web.addresses import stays_here
from forms_app.web.languages import COOKIE, LANGUAGES, SOURCE

CHOICE_AGE = 365 * 24 * 3600


def choose_version() -> Response:
    """Keeps the choice between the ordinary and the elder version, and goes back to the page."""
    return _kept("elder", "1" if request.args.get("on") == "1" else "")


def choose_language() -> Response:
    """Keeps the language that was chosen, and goes back to the page, with what was asked there."""
    chosen = request.args.get("to", "")
    return _kept(COOKIE, chosen if chosen in LANGUAGES and chosen != SOURCE else "")


def _kept(cookie: str, choice: str) -> Response:
    back = request.args.get("back", "").lstrip("/")
    # Only our own pages.
    if not re.fullmatch(r"[\w\-./%?=&:+,~]*", back) or not stays_here(back):
        back = ""
    # A form can only add to its address: the search of a static page asks its question so.
    asked = request.args.get("q")
    if back and asked is not None:
        back += ("&" if "?" in back else "?") + urlencode({"q": asked})
    response = make_response(redirect(f"{request.script_root}/{back}", 303))
    path = request.script_root or "/"
    if choice:
        response.set_cookie(
            cookie, choice, max_age=CHOICE_AGE, path=path, samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
    else:
        response.delete_cookie(cookie, path=path, samesite="Lax")
    response.headers["Cache-Control"] = "no-store"
    return response

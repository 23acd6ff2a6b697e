"""Headers of every answer: what a page may load, who may keep it and how long."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from flask import Flask, Response, request

from forms_app.web.assets import digest
from forms_app.web.blueprints import PRIVATE
from forms_app.web.languages import depends_on_choice

Wsgi: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# A year, as browsers ask for; behind HTTPS alone.
HSTS = "max-age=31536000"
# Nothing of the machine is asked of anybody: a photo is chosen with the form's own field.
NOT_USED = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment",
    "publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip


def add_headers(app: Flask, overrides: Path) -> Sequence[tuple[str, str]]:
    """Says of each answer who may keep it; returns the headers that every answer has."""
    source = (overrides / "partials" / "elder_script.html").read_text(encoding="utf-8")
    script = re.search(r"<script>(.*?)</script>", source, re.DOTALL)
    if script is None:
        raise ValueError("partials/elder_script.html has no script")
    script_hash = b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; script-src 'self' 'sha256-{script_hash}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'"
    )

    always = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in NOT_USED),
    }
    if app.config["SESSION_COOKIE_SECURE"]:
        always["Strict-Transport-Security"] = HSTS

    @app.after_request
    def guard(response: Response) -> Response:
        if depends_on_choice():
            vary(response, "Cookie")
        # A name that leads to none of our files is never looked at: it may lead out of the folder.
        if request.endpoint == "static" and response.status_code < 400:
            response.headers["Cache-Control"] = _kept_as_asked(Path(app.static_folder or ""))
        elif "private" in response.headers.get("Cache-Control", ""):
            pass  # a photo, that only its own page may show again
        elif request.blueprint in PRIVATE or response.status_code >= 400:
            # Tickets and cases must not stay in a shared computer's cache.
            response.headers["Cache-Control"] = "no-store"
        return response

    return tuple(always.items())


def with_headers(answer: Wsgi, always: Sequence[tuple[str, str]]) -> Wsgi:
    """The same answers with what is always among their headers, but where they have their own.

    Put on when an answer goes out: Werkzeug looks at each header of a response several times.
    """

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            own = {name for name, _ in headers}
            missing = [one for one in always if one[0] not in own]
            return start_response(status, [*headers, *missing], *more)

        return answer(environ, start)

    return guarded


def vary(response: Response, name: str) -> None:
    """Tells caches that the answer hangs on this header of the request as well."""
    told = response.headers.get("Vary", "")
    if name not in told:
        response.headers["Vary"] = f"{told}, {name}" if told else name


def _kept_as_asked(folder: Path) -> str:
    """How long a static file may be kept: for good under the address that names this content.

    A page of another version gets the file as well, but never to keep it under its own address.
    """
    name, asked = (request.view_args or {})["filename"], request.args.get("v")
    is_current = asked and digest(folder / name) == asked
    return "public, max-age=31536000, immutable" if is_current else "no-cache"

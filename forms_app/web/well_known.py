"""What programs of strangers look for on every public service: what a search engine may keep
(robots.txt) and whom to tell of a hole in it (security.txt, RFC 9116).

Both follow from what there is: the app's addresses, and the duty telephones in circle.yml.
"""

from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus

from flask import Flask, Response, current_app, request

from forms_app.rules.phones import dialled
from forms_app.web.request import current_circle, settings, this_moment

ROBOTS = "/robots.txt"
SECURITY = "/.well-known/security.txt"
# The site, its files, and these two: all else is a form, a ticket, a case or a choice.
_FOUND = frozenset(("published.page", "static", "robots", "security"))
_HELD = timedelta(days=180)  # the RFC wants less than a year
_CHINA = "+86"


def add_well_known(app: Flask) -> None:
    """Adds both, and tells engines of each page that is none of theirs, wherever they found it."""
    app.add_url_rule(ROBOTS, "robots", robots)
    app.add_url_rule(SECURITY, "security", security)

    @app.after_request
    def keep_out(response: Response) -> Response:
        # A page that has not changed was told of before.
        if request.endpoint not in _FOUND and response.status_code != HTTPStatus.NOT_MODIFIED:
            response.headers["X-Robots-Tag"] = "noindex"
        return response


def robots() -> Response:
    """What engines may look at: the site, and nothing of the app."""
    shut = "".join(f"Disallow: {request.script_root}{begin}\n" for begin in _shut(current_app))
    return _text(f"User-agent: *\n{shut}")


def security() -> Response:
    """Whom to tell of a hole: the duty telephones, as a program dials them."""
    circle = current_circle()
    day = this_moment().astimezone(UTC).date()
    until = datetime.combine(day, time(), UTC) + _HELD
    calls = dict.fromkeys(
        _call(number) for one in circle.communities.values() if (number := dialled(one.hotline))
    )
    lines = [
        f"# {circle.name}",
        *(f"Contact: {call}" for call in calls),
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
    ]
    if settings().public_url:
        lines.append(f"Canonical: {settings().public_url}{SECURITY}")
    return _text("\n".join(lines) + "\n")


def _shut(app: Flask) -> list[str]:
    """How the addresses begin that are no page of the site: `/issues/`, `/search`."""
    return sorted({_begin(rule.rule) for rule in app.url_map.iter_rules()
                   if rule.endpoint not in _FOUND})  # fmt: skip


def _begin(rule: str) -> str:
    first, slash, _ = rule.removeprefix("/").partition("/")
    return f"/{first}{slash}"


def _call(number: str) -> str:
    """A number as RFC 3966 writes it: the world over, or, where it is too short, of this land."""
    digits, _, extension = number.partition(",")
    more = f";ext={extension}" if extension else ""
    if digits.startswith("+"):
        return f"tel:{digits}{more}"
    if digits.startswith("0"):
        return f"tel:{_CHINA}{digits[1:]}{more}"
    if len(digits) == 11:  # a mobile
        return f"tel:{_CHINA}{digits}{more}"
    return f"tel:{digits}{more};phone-context={_CHINA}"


def _text(words: str) -> Response:
    response = Response(words, mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response

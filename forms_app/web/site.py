"""Serves the published site, its search and its elder version, from whatever release is up.

It knows files and nothing of how they were made, nor of issues; `search` finds what is in them.
Into a page goes what nobody could publish soon enough, as whoever puts the app together hands in.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, render_template, request
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.security import safe_join

from forms_app.issues.duty import nobody_until
from forms_app.rules.lengths import CARRIED_LETTERS
from forms_app.settings import Settings
from forms_app.web.compression import takes_gzip
from forms_app.web.languages import SOURCE, language, speak_as_asked
from forms_app.web.request import current_circle, tag_of, this_moment
from forms_app.web.search.answers import LABELS, Search
from forms_app.web.search.release import SearchIndex

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".ics": "text/calendar; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
}
WECHAT = "MicroMessenger"  # its own browser: calendars and downloads end in it
_HTML_TAG = re.compile(rb"<html\b([^>]*)>")
_CLASS = re.compile(rb'\bclass="([^"]*)"')
_MAIN_TAG = re.compile(rb"<main\b")


class NotYetPublished(ServiceUnavailable):
    """The first site is still being made."""


# What is told above a page of the site at this path, as HTML; empty where nothing is.
Above = Callable[[str], bytes]


def blueprint(settings: Settings, above: Above = lambda _: b"") -> Blueprint:
    """The site at every address that the app does not take itself, and `/search`.

    Whoever else asks the same search finds it at the app's extensions, as "search".
    """
    published = Blueprint("published", __name__)
    found = Search(SearchIndex(settings.build))
    published.record(lambda state: state.app.extensions.update(search=found))

    @published.get("/search")
    def search() -> str:
        circle, now = current_circle(), this_moment()
        return render_template(
            "search.html",
            found=found.ask(circle, request.args.get("q", ""), now),
            labels=LABELS,
            limit=CARRIED_LETTERS,
            nobody_until=nobody_until(circle, now),
        )

    @published.get("/")
    @published.get("/<path:path>")
    def page(path: str = "") -> Response:
        # One release for the whole request, even if another comes up meanwhile.
        site = (settings.build / "site").resolve()
        file = _file(site, path)
        if file is None:
            return _not_found(site, path)
        if file.is_dir():
            inner = _file(site, f"{path}index.html" if path.endswith("/") or not path
                          else f"{path}/index.html")  # fmt: skip
            if inner is None or not inner.is_file():
                return _not_found(site, path)
            if path and not path.endswith("/"):
                return _with_slash(path)
            file = inner
        elif path.endswith("/"):
            return _not_found(site, path)
        return _send(file, path, above)

    return published


def _file(site: Path, path: str) -> Path | None:
    """The file or folder at this address; None where none is or none may be seen."""
    if "\0" in path or any(part.startswith(".") for part in path.split("/")):
        return None
    joined = safe_join(str(site), path)
    if joined is None:
        return None
    try:
        file = Path(joined).resolve(strict=True)
    except OSError:  # not there, or a name longer than a file can have
        return None
    return file if file.is_relative_to(site) else None


def _with_slash(path: str) -> Response:
    # Relative to the address asked for: right below any prefix, and never another host.
    last = quote(path.rsplit("/", 1)[-1], safe="")
    query = request.query_string.decode("latin-1")
    location = f"{last}/{'?' + query if query else ''}"
    return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": location})


def _not_found(site: Path, path: str) -> Response:
    own_page = _file(site, "404.html")
    if own_page is None:
        if current_app.extensions.get("making_first_site"):
            raise NotYetPublished
        abort(HTTPStatus.NOT_FOUND)
    if path.startswith("en/"):
        speak_as_asked("en")
    if language() != SOURCE:  # the site's own page speaks Chinese alone
        abort(HTTPStatus.NOT_FOUND)
    body = own_page.read_bytes()
    response = Response(_marked(body, _marks()), HTTPStatus.NOT_FOUND)
    response.content_type = TYPES[".html"]
    response.headers["Cache-Control"] = "no-store"
    return response


def _send(file: Path, path: str, above: Above) -> Response:
    is_page = file.suffix == ".html"
    etag = _etag(file)
    zipped = file.with_name(file.name + ".gz")
    told = above(path) if is_page else b""
    # Read whole rather than streamed: pages are small, and no file stays open behind a request.
    marks = _marks() if is_page else ()
    if told:
        body = _with_banner(file.read_bytes(), told)
        response = Response(_marked(body, marks))
        response.set_etag("-".join((etag, tag_of(told), *marks)))
    elif marks:
        response = Response(_marked(file.read_bytes(), marks))
        response.set_etag("-".join((etag, *marks)))
    elif zipped.is_file() and takes_gzip(request):
        response = Response(zipped.read_bytes())
        response.set_etag(f"{etag}-gz")
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(file.read_bytes())
        response.set_etag(etag)
    if not told:  # the file is older than what is told above it
        response.last_modified = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    response.content_type = TYPES.get(file.suffix, "application/octet-stream")
    if zipped.is_file() and not told:
        response.vary.add("Accept-Encoding")
    if is_page:
        response.vary.add("Cookie")
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def _etag(file: Path) -> str:
    facts = file.stat()
    return f"{facts.st_mtime_ns:x}-{facts.st_size:x}"


def _marks() -> tuple[str, ...]:
    """What this browser's page says of itself in its first tag; nothing of it is kept."""
    is_elder = request.cookies.get("elder") == "1"
    is_in_wechat = WECHAT in request.headers.get("User-Agent", "")
    return ("elder",) * is_elder + ("in-wechat",) * is_in_wechat


def _with_banner(page: bytes, told: bytes) -> bytes:
    """The page with the banner above its main part."""
    tag = _MAIN_TAG.search(page)
    return page if tag is None else page[: tag.start()] + told + page[tag.start() :]


def _marked(page: bytes, marks: Iterable[str]) -> bytes:
    """The page with these classes; that of elders its own line of script adds, too."""
    tag = _HTML_TAG.search(page)
    names = " ".join(marks).encode()
    if tag is None or not names:
        return page
    attributes = tag.group(1)
    given = _CLASS.search(attributes)
    if given:
        attributes = attributes.replace(given.group(0), b'class="%s %s"' % (names, given.group(1)))
    else:
        attributes += b' class="%s"' % names
    return page[: tag.start()] + b"<html" + attributes + b">" + page[tag.end() :]

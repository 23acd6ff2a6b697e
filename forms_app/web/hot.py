"""A ticket's page that is still so is answered ahead of all else: by its tag alone, with a 304.

A phone comes back to its ticket many times before anything is new, and Flask's whole way costs more
than all that has to be asked. Both ways ask `ticket_tag`; what is not plainly still so goes the
ordinary way, which alone refuses, explains and draws. tests/web/test_hot.py holds the two to the
same answers.
"""

import re
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any, cast

from flask import Flask, Request, Response
from flask.sessions import SessionMixin
from werkzeug.exceptions import HTTPException

from forms_app import queries
from forms_app.community.current_circle import CurrentCircle
from forms_app.settings import Settings
from forms_app.web.assets import program_digest
from forms_app.web.keeping import keep_until_leaving, may_be_kept
from forms_app.web.languages import chosen_language
from forms_app.web.request import chose_elder, moment_of, tag_of
from forms_app.web.request_log import HEADER, new_id, tell
from forms_app.web.ways import waking_key

_PAGE = re.compile("/issues/([0-9]+)")
_ENDPOINT = "resident.follow"
# What the ordinary way meets again, and has a page for.
_HAVE_PAGES: tuple[type[Exception], ...] = (*queries.MAY_BE_FAULTS, HTTPException)


def ticket_tag(app: Flask, request: Request, session: SessionMixin, number: str) -> str:
    """What the page of this issue hangs on, in short; "" where that is more than can be told.

    A page of before is the same but for the keys of its forms: they count once, and its press has
    made another state of it. What shows a ticket, folded or not, is kept by no browser.
    """
    key = session.get("tickets")
    is_given = any(given == number for given, _ in session.get("given", ()))
    if not isinstance(key, str) or is_given or "_flashes" in session or not may_be_kept(request):
        return ""
    settings = cast(Settings, app.extensions["settings"])
    community = cast(CurrentCircle, app.extensions["circle"])
    at = queries.Moment(community.get().clocks, moment_of(app))
    state = queries.ticket_state(key, number, at)
    if state is None:
        return ""
    wakes = waking_key(settings)
    reader = (
        *(chosen_language(request), chose_elder(request), request.script_root),
        *(session.get("csrf_token", ""), wakes),
        bool(wakes) and queries.is_woken(number, key, wakes),
    )
    drawn_by = (program_digest(settings.root), community.state, queries.running_incidents())
    return tag_of(state, reader, drawn_by)


def keep_with(response: Response, tag: str) -> None:
    """Lets the browser keep the page with this tag, and have to ask for it."""
    response.set_etag(tag, weak=True)
    keep_until_leaving(response)


class Hot:
    """The app, with its short way before the `ordinary` one; `rest` lets go of the database after
    an answer, as the ordinary way does.
    """

    def __init__(self, app: Flask, rest: Callable[[], None]) -> None:
        self.ordinary: Callable[..., Iterable[bytes]] = app.wsgi_app
        self._app, self._rest = app, rest
        response = Response(status=304)
        keep_with(response, "")
        response.vary.add("Cookie")
        del response.headers["ETag"], response.headers["Content-Type"]
        self._headers = list(response.headers)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        began = perf_counter()
        page = _PAGE.fullmatch(environ["PATH_INFO"]) if "HTTP_IF_NONE_MATCH" in environ else None
        tag = self._known(environ, page[1]) if page and environ["REQUEST_METHOD"] == "GET" else ""
        if not tag:
            return self.ordinary(environ, start_response)
        self._rest()
        number = new_id()
        start_response(
            "304 NOT MODIFIED", [("ETag", f'W/"{tag}"'), (HEADER, number), *self._headers]
        )
        tell("GET", _ENDPOINT, 304, began, number)
        return ()

    def _known(self, environ: dict[str, Any], number: str) -> str:
        """The tag of the page, where the browser has it and it is still so."""
        request = self._app.request_class(environ)
        try:
            session = self._app.session_interface.open_session(self._app, request)
            # A cookie that is given anew with each answer is the ordinary way's.
            if session is None or session.permanent:
                return ""
            tag = ticket_tag(self._app, request, session, number)
        except _HAVE_PAGES:
            return ""
        return tag if tag and request.if_none_match.contains_weak(tag) else ""

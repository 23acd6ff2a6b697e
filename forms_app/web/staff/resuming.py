"""What a session that had ended, or was not whole yet, had stopped: kept on the page, and shown
again as soon as somebody is in."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask import Response, current_app, redirect, request, session, url_for
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from forms_app import queries
from forms_app.casework import CaseError
from forms_app.web.addresses import stays_here
from forms_app.web.forms.base import only_shown
from forms_app.web.forms.staff import CollectForm
from forms_app.web.request import Page, look_again, say, staff
from forms_app.web.staff.case import case_page
from forms_app.web.staff.intake import INTAKE_ROLES, collect_page
from forms_app.web.staff.moves import STAFF_MOVES
from forms_app.web.typed import NOT_TYPED

_FLASHED = "_flashes"  # Flask's own: what `say` keeps
_OF_A_FORM = ("path", "url_rule", "view_args", "form", "files")
RESUMED = "已经重新登录。您写的内容还在，请核对后再提交。"


def stopped_draft() -> str | None:
    """What the form of this request holds, to go along through signing in; None for nothing."""
    if request.form.get("draft"):  # it is on its way already
        return request.form["draft"]
    fields = [[k, v] for k, v in request.form.items(multi=True) if k not in NOT_TYPED]
    chosen = [one for one in request.files.values() if one.filename]
    kept = {"path": request.path, "fields": fields, "had_photos": bool(chosen)}
    return json.dumps(kept) if fields else None


def resume(draft: str) -> Page:
    """The form with the text that was stopped; without any, where they wanted to go."""
    return _resumed(draft) or redirect(next_page(), 303)


def _resumed(draft: str) -> Page | None:
    try:
        kept = json.loads(draft) if draft else None
        match = re.fullmatch(r"/staff/issues/(\d+/)?([a-z_]+)", kept["path"]) if kept else None
        typed = MultiDict((_text(k), _text(v)) for k, v in kept["fields"]) if kept else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    look_again()
    actor = staff()
    if kept is None or typed is None or actor is None:
        return None
    number, move = ((match[1] or "").rstrip("/"), match[2]) if match else ("", "")
    is_collecting = not number and move == "new" and actor.role in INTAKE_ROLES
    is_move = move in STAFF_MOVES and queries.case(actor, number) is not None
    told = list(session.get(_FLASHED, []))
    say(RESUMED)
    if kept.get("had_photos"):
        say("照片要重新选。", "warning")
    if is_collecting:
        return collect_page(actor, CollectForm(formdata=typed))
    if is_move:
        return case_page(actor, number, move, typed)
    page = _shown_again(kept["path"], typed)
    if page is None:
        session[_FLASHED] = told
    return page


def _shown_again(path: str, typed: MultiDict[str, str]) -> Response | None:
    """What the view that a form was sent to makes of it as long as it is not valid: its page with
    what was typed; None where it shows none, or nothing to this actor.
    """
    if not path.startswith("/staff/"):
        return None
    try:
        adapter = current_app.create_url_adapter(request)
        if adapter is None:
            return None
        rule, values = adapter.match(path, method="POST", return_rule=True)
        view = current_app.ensure_sync(current_app.view_functions[rule.endpoint])
        with only_shown(), _sent_anew(path, rule, values, typed):
            page = current_app.make_response(view(**values))
    except (HTTPException, CaseError):
        return None
    if page.status_code not in (200, 422):
        return None
    page.status_code = 200
    return page


@contextmanager
def _sent_anew(
    path: str, rule: Rule, values: Mapping[str, object], typed: MultiDict[str, str]
) -> Iterator[None]:
    """The request as that form would have been, without its token, its key and its files.

    The same one, changed for a while: a second one would end this one's connection.
    """
    was = {name: getattr(request, name) for name in _OF_A_FORM}
    changed: tuple[object, ...] = (
        path,
        rule,
        values,
        ImmutableMultiDict(typed),
        ImmutableMultiDict(),
    )
    try:
        for name, value in zip(_OF_A_FORM, changed, strict=True):
            setattr(request, name, value)
        yield
    finally:
        for name, value in was.items():
            setattr(request, name, value)


def _text(value: object) -> str:
    # Half a character, as only a tampered draft holds it, could not be sent back.
    return str(value).encode("utf-8", "replace").decode()


def next_page() -> str:
    """Where they wanted to go, of our own staff pages; else where everybody begins."""
    wanted = wanted_next()
    return request.script_root + wanted if wanted else url_for("staff.home")


def wanted_next() -> str:
    """The same as it stands in addresses of ours; "" for nowhere."""
    wanted = request.args.get("next", "")
    # Only our own staff pages: a link must not send somebody elsewhere after signing in.
    is_ours = re.fullmatch(r"/staff/[\w/.?=&%-]*", wanted) and stays_here(wanted[1:])
    return wanted if is_ours else ""

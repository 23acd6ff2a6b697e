"""What a session that had ended, or was not whole yet, had stopped: kept on the page, and shown
again as soon as somebody is in."""

import json
import re

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict

from forms_app import queries
from forms_app.web.forms.staff import CollectForm
from forms_app.web.request import Page, look_again, say, staff
from forms_app.web.staff import (
    accounts,
    activities,
    first_steps,
    incidents,
    pages,
    reassign,
    records,
)
from forms_app.web.staff.case import case_page
from forms_app.web.staff.intake import INTAKE_ROLES, collect_page
from forms_app.web.staff.moves import STAFF_MOVES
from forms_app.web.typed import NOT_TYPED

# Forms that are no move of a case, each taken up by its own file.
TAKEN_UP = (
    incidents.taken_up, reassign.taken_up, activities.taken_up, records.taken_up, pages.taken_up,
    accounts.taken_up, first_steps.taken_up,
)  # fmt: skip
RESUMED = "已经重新登录。您写的内容还在，请核对后再提交。"


def stopped_draft() -> str | None:
    """What the form of this request holds, to go along through signing in; None for nothing."""
    if request.form.get("draft"):  # it is on its way already
        return request.form["draft"]
    fields = [[k, v] for k, v in request.form.items(multi=True) if k not in NOT_TYPED]
    kept = {"path": request.path, "fields": fields, "had_photos": bool(request.files)}
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
    for taken_up in TAKEN_UP:
        page = taken_up(actor, kept["path"], typed)
        if page is not None:
            say(RESUMED)
            return page
    if match is None:
        return None
    number, move = (match[1] or "").rstrip("/"), match[2]
    is_collecting = not number and move == "new" and actor.role in INTAKE_ROLES
    if not is_collecting and (move not in STAFF_MOVES or queries.case(actor, number) is None):
        return None
    say(RESUMED)
    if kept.get("had_photos"):
        say("照片要重新选。", "warning")
    if is_collecting:
        return collect_page(actor, CollectForm(formdata=typed))
    return case_page(actor, number, move, typed)


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
    return wanted if re.fullmatch(r"/staff/[\w/.?=&%-]*", wanted) else ""

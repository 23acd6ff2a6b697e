"""A resident reports a problem, with photos, and gets a ticket."""

from typing import cast

from flask import Response, current_app, redirect, render_template, request, session, url_for

from forms_app.limits import REPORTS
from forms_app.rules import keys
from forms_app.rules.lengths import CARRIED_LETTERS
from forms_app.web.forms.base import cleaned, csrf_token, fresh_form_key
from forms_app.web.forms.photos import PhotosForm
from forms_app.web.forms.resident import VisitorsReportForm
from forms_app.web.gate import held_back
from forms_app.web.held_tickets import browser_with, give_ticket, keep_open
from forms_app.web.incidents import running
from forms_app.web.kept_pages import KeptPages
from forms_app.web.languages import language, translated
from forms_app.web.photos import let_photos_go, stage_photos, takes_photos
from forms_app.web.reporting import hand_in
from forms_app.web.request import (
    Page,
    answered_when,
    current_circle,
    form_key,
    is_elder,
    server_key,
    settings,
)
from forms_app.web.residents import bp
from forms_app.web.ways import ways_set_up

# What a link may fill in; a choice that there is none of is none.
CARRIED = ("description", "category", "estate_id", "community_id", "service")


@bp.get("/issues/new")
def new_issue() -> Page:
    form_key = fresh_form_key()
    if request.query_string or "_flashes" in session:
        return _form_page(form_key)
    pages = cast(KeptPages, current_app.extensions["kept_pages"])
    ways = tuple(ways_set_up(settings()))
    hangs_on = ("report", request.script_root, language(), is_elder(), ways)
    fields = (csrf_token(), form_key)
    # Off duty it says by when there is an answer, which changes with time.
    state = (running(), answered_when())
    kept = pages.page(current_circle(), hangs_on, fields, lambda: _form_page(form_key), state)
    return Response(kept, mimetype="text/html")


def _form_page(form_key: str) -> str:
    """The form, with what a link to it carries: words to begin with, and where and what it is."""
    carried = {name: cleaned(request.args.get(name, "")) for name in CARRIED}
    form = VisitorsReportForm(form_key=form_key, **carried)
    form.description.data = form.description.data[:CARRIED_LETTERS]
    form.offer(current_circle())
    for field in (form.category, form.estate_id, form.community_id):
        if field.data not in {choice.value for choice in field.choices}:
            field.data = ""
    return render_template("resident/report.html", form=form)


@bp.post("/issues/new")
@takes_photos
def submit() -> Page:
    form = VisitorsReportForm()
    form.offer(current_circle())
    stage_photos(form)
    if form.validate() and not held_back(form, REPORTS):
        key = form_key(form)
        browser = browser_with(keys.ticket_secret(server_key(), key))
        issue = hand_in(form, key, browser)
        if issue is not None:
            let_photos_go(form)
            keep_open(browser)
            give_ticket(issue.number, key)
            return redirect(url_for(".follow", number=issue.number), 303)
    form.fresh_key()
    return render_template("resident/report.html", form=form), 422


@bp.post("/issues/new/photos")
@takes_photos
def add_photos() -> tuple[dict[str, object], int]:
    """Takes photos for a form that is sent afterwards; a script sends them one by one."""
    form = PhotosForm()
    stage_photos(form)
    if form.validate():
        return {"taken": [taken.key for taken in form.came], "kept": len(form.staged)}, 200
    return {
        "refused": "；".join(translated(e) for errors in form.errors.values() for e in errors)
    }, 422

"""Ratings of services, activities and venues; nobody needs a ticket for them.

A bad one that says why is worked on: whoever gave it gets a ticket, as of any report.
"""

import secrets
from urllib.parse import quote

from flask import g, redirect, render_template, request, session, url_for

from forms_app import casework
from forms_app.casework import Complaint, Holder, NotPossible, ThingUnknown
from forms_app.limits import RATINGS, REPORTS
from forms_app.radius.rated import is_over
from forms_app.rules import keys
from forms_app.web.forms.resident import RatingForm
from forms_app.web.gate import held_back
from forms_app.web.held_tickets import browser_with, give_ticket, held_numbers, keep_open
from forms_app.web.photos import let_photos_go, stage_photos, takes_photos
from forms_app.web.request import (
    Page,
    code_key,
    current_circle,
    form_key,
    server_key,
    this_day,
    this_moment,
)
from forms_app.web.residents import bp


@bp.get("/ratings/new")
def new_rating() -> Page:
    about = request.args.get("about", "")
    form = RatingForm(about=about)
    form.fresh_key()
    # What can be rated is one of a list: nobody puts words of their own into this page.
    is_alone = request.query_string.decode("ascii", "replace") in (
        f"about={about}",
        f"about={quote(about, safe='')}",
    )
    g.query_is_known = is_alone and current_circle().rated_name(about) is not None
    return _rating_page(form, 200)


@bp.post("/ratings/new")
@takes_photos
def rate() -> Page:
    form = RatingForm()
    if not form.about.data:
        form.about.data = request.args.get("about", "")
    if current_circle().rated_name(form.about.data) is None or _is_over(form.about.data):
        return _rating_page(form, 422)
    form.offer(current_circle())
    stage_photos(form)
    # What somebody has to see to is counted with the reports, from one address as from many.
    if form.validate() and not held_back(form, REPORTS if form.leads_to_work else RATINGS):
        try:
            return _rated(form)
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
    form.fresh_key()
    return _rating_page(form, 422)


@bp.get("/ratings/thanks")
def rated() -> Page:
    about = request.args.get("about", "")
    circle = current_circle()
    return render_template(
        "resident/rated.html",
        name=circle.rated_name(about),
        about=about,
        can_say_why="why" in request.args,
        is_in_hand="in_hand" in request.args,
    )


def _rated(form: RatingForm) -> Page:
    """Keeps a valid rating; on to the issue that came of it, or to the thanks."""
    key = form_key(form)
    secret = keys.ticket_secret(server_key(), key)
    browser = browser_with(secret)
    about = form.about.data
    opened = casework.rate(
        current_circle(),
        about,
        int(form.satisfaction.data),
        form.comment.data,
        complaint=_complaint(form),
        holder=Holder(code_key().hashed(secret), browser),
        form_key=key,
        browser_hash=_browser_code(about),
        now=this_moment(),
    )
    let_photos_go(form)
    if opened is None:
        why = "" if form.is_bad else None
        return redirect(url_for(".rated", about=about, why=why), 303)
    if opened.is_theirs:
        keep_open(browser)
        give_ticket(opened.number, key)
    elif opened.number not in held_numbers():
        return redirect(url_for(".rated", about=about, in_hand=""), 303)
    return redirect(url_for(".follow", number=opened.number), 303)


def _complaint(form: RatingForm) -> Complaint:
    if not form.is_bad:
        return Complaint()
    return Complaint(
        form.reason.data, form.community_id.data, form.reporter_phone.data, form.staged
    )


def _browser_code(about: str) -> str:
    browser = session.setdefault("browser", secrets.token_urlsafe(12))
    day = this_day().isoformat()
    return keys.browser_code(server_key(), browser, about, day)


def _is_over(about: str) -> bool:
    return is_over(current_circle(), about, this_day())


def _rating_page(form: RatingForm, status: int) -> Page:
    """The form; or why there is none: nothing of that name, that has begun, or that goes on."""
    about = form.about.data or ""
    name = current_circle().rated_name(about)
    if name is None:
        raise ThingUnknown
    form.offer(current_circle())
    begins = current_circle().rated_from(about)
    is_ahead = begins is not None and this_moment() < begins
    return render_template(
        "resident/rate.html",
        form=form,
        name=name,
        begins=begins if is_ahead else None,
        is_over=_is_over(about),
    ), status

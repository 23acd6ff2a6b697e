"""Ratings of services, activities and venues; nobody needs a ticket for them."""

import secrets
from urllib.parse import quote

from flask import abort, g, redirect, render_template, request, session, url_for

from forms_app import casework
from forms_app.casework import NotPossible
from forms_app.limits import RATINGS
from forms_app.rules import keys
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.resident import RatingForm
from forms_app.web.gate import held_back
from forms_app.web.request import Page, current_circle, form_key, server_key, this_moment
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
    return _rating_page(form)


@bp.post("/ratings/new")
def rate() -> Page:
    form = RatingForm()
    if not form.about.data:
        form.about.data = request.args.get("about", "")
    if form.validate() and not held_back(form, RATINGS):
        try:
            casework.rate(
                current_circle(),
                form.about.data,
                int(form.satisfaction.data),
                form.comment.data,
                form_key=form_key(form),
                browser_hash=_browser_code(form.about.data),
                now=this_moment(),
            )
        except NotPossible:  # there is no such thing, or it has not begun: the page says which
            return _rating_page(form), 422
        return redirect(url_for(".rated", about=form.about.data), 303)
    form.fresh_key()
    return _rating_page(form), 422


@bp.get("/ratings/thanks")
def rated() -> Page:
    name = current_circle().rated_name(request.args.get("about", ""))
    return render_template("resident/rated.html", name=name)


def _browser_code(about: str) -> str:
    browser = session.setdefault("browser", secrets.token_urlsafe(12))
    day = this_moment().astimezone(CHINA).date().isoformat()
    return keys.browser_code(server_key(), browser, about, day)


def _rating_page(form: RatingForm) -> str:
    about = form.about.data or ""
    name = current_circle().rated_name(about)
    if name is None:
        abort(404)
    begins = current_circle().rated_from(about)
    is_ahead = begins is not None and this_moment() < begins
    return render_template(
        "resident/rate.html", form=form, name=name, begins=begins if is_ahead else None
    )

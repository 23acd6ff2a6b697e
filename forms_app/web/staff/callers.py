"""“I am Auntie Zhang, what about my lamp?”: issues by whoever reported them.

What is looked for comes in the body of a request, so that it stands in no address, no log and no
history of a browser; that somebody looked is noted beside the exports.
"""

from flask import Blueprint, abort, render_template

from forms_app import casework, queries
from forms_app.issues.access import Actor
from forms_app.web.forms.staff import CallerForm
from forms_app.web.request import Page, need_staff, this_moment

bp = Blueprint("callers", __name__, url_prefix="/staff/callers")


@bp.get("")
def form() -> Page:
    _need_finder()
    form = CallerForm(formdata=None)
    form.asked.render_kw = {**(form.asked.render_kw or {}), "autofocus": True}
    return render_template("staff/callers.html", form=form, found=None)


@bp.post("")
def find() -> Page:
    actor = _need_finder()
    form = CallerForm()
    if not form.validate():
        return render_template("staff/callers.html", form=form, found=None), 422
    asked = form.asked.data
    found, is_cut = queries.issues_of_caller(actor, asked)
    casework.log_search(
        actor, len(found), by_phone=queries.is_phone(asked), is_cut=is_cut, now=this_moment()
    )
    return render_template("staff/callers.html", form=form, found=found, is_cut=is_cut)


def _need_finder() -> Actor:
    actor = need_staff()
    if not actor.finds_people:
        abort(403)
    return actor

"""The page that prints numbered paper forms, lists those still out, and finds one by its number."""

from flask import Blueprint, render_template, request

from forms_app import casework, queries
from forms_app.casework import NotPossible
from forms_app.issues.access import Actor
from forms_app.web.forms.staff import PrintForm
from forms_app.web.request import Page, current_circle, form_key, need_staff, this_moment
from forms_app.web.staff.intake import INTAKE_ROLES

bp = Blueprint("papers", __name__, url_prefix="/staff/paper")


@bp.get("")
def papers() -> Page:
    actor = need_staff(INTAKE_ROLES)
    form = PrintForm(formdata=None, community_id=actor.community_id)
    return _page(actor, form)


@bp.post("")
def print_papers() -> Page:
    actor = need_staff(INTAKE_ROLES)
    form = PrintForm()
    form.offer(current_circle(), casework.communities_of(current_circle(), actor))
    if form.validate():
        try:
            serials = casework.print_papers(
                current_circle(),
                actor,
                form.community_id.data,
                form.count.data,
                form_key=form_key(form),
                now=this_moment(),
            )
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        else:
            community = current_circle().communities[form.community_id.data]
            return render_template("staff/sheets.html", serials=serials, community=community)
    return _page(actor, form), 422


def _page(actor: Actor, form: PrintForm) -> str:
    communities = casework.communities_of(current_circle(), actor)
    form.offer(current_circle(), communities)
    form.fresh_key()
    typed = request.args.get("number", "")[:40]
    found, issue = queries.paper(actor, typed) if typed else (None, None)
    out, count = queries.papers_out(communities)
    return render_template(
        "staff/papers.html", form=form, typed=typed, found=found, issue=issue, out=out, count=count
    )

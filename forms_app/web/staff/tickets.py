"""The one page that shows a ticket which was given out in the place of a lost one."""

from flask import Blueprint, abort, redirect, render_template, session, url_for

from forms_app import queries
from forms_app.issues.access import CASE_ROLES
from forms_app.rules import keys
from forms_app.web.request import Page, need_staff
from forms_app.web.staff.codes import reissued_secret
from forms_app.web.staff.receipts import slip

bp = Blueprint("tickets", __name__, url_prefix="/staff/issues")


@bp.get("/<number>/ticket")
def shown(number: str) -> Page:
    """The new ticket, this once; afterwards the case."""
    found = queries.case(need_staff(CASE_ROLES), number)
    if found is None:
        abort(404)
    kept = session.pop("reissued", None)
    if not isinstance(kept, dict) or kept.get("number") != number:
        return redirect(url_for("staff.case", number=number), 303)
    return render_template(
        "staff/ticket.html",
        received=found.issue,
        **slip(keys.format_ticket(number, reissued_secret(number, kept["press"]))),
    )

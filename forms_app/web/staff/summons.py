"""What a summons leads to: its sheet to sign, and its one-time links."""

from flask import Blueprint, abort, current_app, render_template, request, session

from forms_app import queries
from forms_app.issues.access import CASE_ROLES
from forms_app.rules.steps import Step
from forms_app.web.request import need_staff, this_moment

bp = Blueprint("summons", __name__, url_prefix="/staff/issues")


@bp.get("/<number>/summons")
def sheet(number: str) -> str:
    """The summons on one sheet of paper, with a table to sign in."""
    found = _need_case(number)
    if found.summons is None:
        abort(404)
    return render_template("staff/summons.html", case=found)


@bp.get("/<number>/links")
def links(number: str) -> str:
    """To whom one-time links were sent; those given out just now are shown this once."""
    found = _need_case(number)
    if found.step is not Step.RESPONDING or "summon" not in found.moves:
        abort(403)
    kept = session.pop("answer_codes", {})
    codes = kept.get("codes", {}) if kept.get("number") == number else {}
    public_url = current_app.config.get("PUBLIC_URL") or request.url_root.rstrip("/")
    return render_template(
        "staff/links.html",
        case=found,
        links=queries.links_of(found.issue.id),
        codes=codes,
        answer_url=f"{public_url}/answer/",
        now=this_moment(),
    )


def _need_case(number: str) -> queries.Case:
    found = queries.case(need_staff(CASE_ROLES), number)
    if found is None:
        abort(404)
    return found

"""What a summons leads to: its sheet to sign, and its one-time links."""

from flask import Blueprint, abort, current_app, render_template, request, session

from forms_app import queries
from forms_app.issues.access import CASE_ROLES
from forms_app.rules.day_parts import weekday_deadline
from forms_app.rules.said import said
from forms_app.rules.steps import Step
from forms_app.web.request import current_circle, need_staff, this_moment
from forms_app.web.staff.codes import answer_codes

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
    session.pop("answer_codes", None)  # as cookies held them before
    given = session.pop("given_links", {})
    codes = answer_codes(given) if given.get("number") == number else {}
    public_url = current_app.config.get("PUBLIC_URL") or request.url_root.rstrip("/")
    return render_template(
        "staff/links.html",
        case=found,
        links=queries.links_of(found.issue.id),
        codes=codes,
        answer_url=f"{public_url}/answer/",
        now=this_moment(),
        ready_words=lambda party, address: _ready_words(found, party.organization_id, address),
    )


def _ready_words(found: queries.Case, unit: str, address: str) -> str:
    """What is sent to a unit with its link: who asks it for what by when, and nobody's name."""
    summons = found.summons
    subject = summons.subject if summons is not None else ""
    by = weekday_deadline(summons.reply_by, this_moment()) if summons is not None else ""
    circle = current_circle()
    return said(
        "%(unit)s：%(community)s请你们响应问题 %(number)s%(subject)s，%(by)s前。"
        "点这个链接就能答复，不用账号，只能用一次：%(address)s",
        unit=circle.unit_name(unit),
        community=circle.unit_name(found.issue.community_id),
        number=found.issue.number,
        subject=f"（{subject}）" if subject else "",
        by=by,
        address=address,
    )


def _need_case(number: str) -> queries.Case:
    found = queries.case(need_staff(CASE_ROLES), number)
    if found is None:
        abort(404)
    return found

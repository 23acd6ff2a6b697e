"""The earmarked funds (专项经费): each community's book of a year, a new line, a correction."""

from flask import Blueprint, abort, redirect, render_template, url_for

from forms_app import casework, queries
from forms_app.casework import NotPossible, Spending, StaleCase
from forms_app.issues.access import Actor
from forms_app.issues.funds import FUND_ROLES, may_read_funds
from forms_app.issues.projects import LEADERS
from forms_app.rules.funds import CORRECTED, ENTRY_LABELS, KINDS
from forms_app.rules.projects import fen_of, yuan
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.base import EARLIEST_YEAR, LATEST_YEAR, offered
from forms_app.web.forms.funds import CorrectFundForm, FundForm
from forms_app.web.request import Page, current_circle, form_key, need_staff, say, this_moment

bp = Blueprint("funds", __name__, url_prefix="/staff/funds")


@bp.get("")
def listed() -> Page:
    """The books of this year that the actor may read."""
    actor, year = need_staff(FUND_ROLES), this_moment().astimezone(CHINA).year
    own = [key for key in current_circle().communities if may_read_funds(actor, key)]
    books = [queries.fund_book(actor, key, year) for key in own]
    return render_template("staff/funds.html", books=books, year=year)


@bp.get("/<community_id>/<int:year>")
def book(community_id: str, year: int) -> Page:
    return _page(need_staff(FUND_ROLES), community_id, year)


@bp.post("/<community_id>/<int:year>")
def add(community_id: str, year: int) -> Page:
    actor, form = need_staff(LEADERS), FundForm()
    _book(actor, community_id, year)
    form.offer(_things(actor, community_id))
    if form.validate():
        line = Spending(
            form.kind.data, form.on.data, form.words.data, fen_of(form.amount.data) or 0,
            form.is_about, form.decided.data, form.receipt.data,
        )  # fmt: skip
        try:
            casework.add_fund_entry(
                current_circle(), actor, community_id, form.seen_version, line,
                form_key=form_key(form), now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            form.refuse(getattr(error, "field", ""), error.sentence)
            return _page(actor, community_id, year, add=form), error.status
        say("已经记下。")
        return redirect(url_for(".book", community_id=community_id, year=form.on.data.year), 303)
    return _page(actor, community_id, year, add=form), 422


@bp.post("/<community_id>/<int:year>/correct")
def correct(community_id: str, year: int) -> Page:
    actor, form = need_staff(LEADERS), CorrectFundForm()
    found = _book(actor, community_id, year)
    _offer_lines(form, found)
    if form.validate():
        try:
            casework.correct_fund_entry(
                actor, community_id, form.seen_version, int(form.entry.data),
                fen_of(form.right.data) or 0, form.reason.data,
                form_key=form_key(form), now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            form.refuse(getattr(error, "field", ""), error.sentence)
            return _page(actor, community_id, year, correct=form), error.status
        say("已经更正，原来的那一笔还在。")
        return redirect(url_for(".book", community_id=community_id, year=year), 303)
    return _page(actor, community_id, year, correct=form), 422


@bp.get("/<community_id>/<int:year>/correct")
def back(community_id: str, year: int) -> Page:
    """What a reload or the back button of a refused form asks for."""
    return redirect(url_for(".book", community_id=community_id, year=year), 303)


def _book(actor: Actor, community_id: str, year: int) -> queries.FundBook:
    found = None
    if community_id in current_circle().communities and EARLIEST_YEAR <= year <= LATEST_YEAR:
        found = queries.fund_book(actor, community_id, year)
    if found is None:
        abort(404)
    return found


def _things(actor: Actor, community_id: str) -> dict[str, str]:
    """What a line may be for: the community's projects, and the activities."""
    own = [one for one in queries.projects_of(actor) if one.community_id == community_id]
    activities = current_circle().activities.values()
    return {f"project:{one.id}": one.title for one in own} | {
        f"activity:{one.uid}": one.summary for one in activities
    }


def _offer_lines(form: CorrectFundForm, found: queries.FundBook) -> None:
    lines = {
        one.id: f"第{one.place}笔　{KINDS[one.kind]}{yuan(one.amount_fen)}元　{one.words}"
        for one in found.lines
        if one.kind != CORRECTED
    }
    form.entry.choices = offered(lines, "请选择")


def _page(
    actor: Actor,
    community_id: str,
    year: int,
    add: FundForm | None = None,
    correct: CorrectFundForm | None = None,
) -> str:
    found, things = _book(actor, community_id, year), _things(actor, community_id)
    forms = {"add": add or FundForm(formdata=None)}
    forms["add"].offer(things)
    second = correct or CorrectFundForm(formdata=None)
    _offer_lines(second, found)
    for form in (forms["add"], second):
        form.fresh_key()
        # Whoever sends a refused form again has seen what the page says now.
        form.version.data = str(found.seen)
    return render_template(
        "staff/fund_book.html", found=found, add=forms["add"], correct=second, things=things,
        writes=actor.role in LEADERS, ENTRY_LABELS=ENTRY_LABELS,
    )  # fmt: skip

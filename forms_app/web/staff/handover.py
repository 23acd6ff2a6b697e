"""What somebody has in hand, to read and to sign; and how it is handed over to a colleague."""

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, NotPossible, StaleCase
from forms_app.issues.access import CASE_ROLES, LEVELS, Actor
from forms_app.rules.said import said
from forms_app.rules.steps import PART_LABELS
from forms_app.web.forms.fields import offered
from forms_app.web.forms.handover import ChooseForm, ConfirmForm
from forms_app.web.request import Page, current_circle, need_staff, say, this_moment

bp = Blueprint("handover", __name__, url_prefix="/staff/handover")


HANDING_ROLES = LEVELS


@bp.get("")
def people() -> Page:
    """The colleagues to choose from; whoever may choose none sees their own."""
    actor = need_staff(CASE_ROLES)
    own = url_for(".sheet", username=queries.username_of(actor))
    if actor.role not in HANDING_ROLES or "mine" in request.args:
        return redirect(own, 303)
    return render_template(
        "staff/handover_people.html", colleagues=queries.colleagues_of(actor), own=own
    )


@bp.get("/<username>")
def sheet(username: str) -> Page:
    actor = need_staff(CASE_ROLES)
    found = _need_handover(actor, username)
    return _page(actor, found, _choose(found, None))


@bp.post("/<username>")
def choose(username: str) -> Page:
    """What will change, before anything does."""
    actor = need_staff(HANDING_ROLES)
    found = _need_handover(actor, username)
    form = _choose(found, request.form)
    if not form.validate():
        return _page(actor, found, form), 422
    chosen = [one for one in found.movable if _is_chosen(form, one)]
    taker = next(one for one in found.takers if one.account.username == form.taker.data)
    if not chosen:
        form.refuse("numbers", "请至少选一件要移交的")
    parts = {one.issue.number: one.parts for one in chosen}
    for refusal in casework.taker_refusals(current_circle(), form.taker.data, parts):
        form.refuse("taker", refusal)
    if form.errors:
        return _page(actor, found, form), 422
    confirm = ConfirmForm(
        formdata=None,
        held=[f"{one.issue.number}:{one.issue.version}" for one in chosen],
        taker=form.taker.data,
        reason=form.reason.data,
    )
    confirm.fresh_key()
    return render_template(
        "staff/handover_confirm.html",
        handover=found,
        chosen=chosen,
        taker=taker.account,
        form=confirm,
        PART_LABELS=PART_LABELS,
    )


@bp.post("/<username>/confirm")
def confirm(username: str) -> Page:
    actor = need_staff(HANDING_ROLES)
    found = _need_handover(actor, username)
    form = ConfirmForm()
    if not form.validate():
        abort(400)
    typed = MultiDict(
        [("taker", form.taker.data), ("reason", form.reason.data)]
        + [("numbers", number) for number in form.seen]
    )
    if "edit" in request.form:
        return _page(actor, found, _choose(found, typed))
    try:
        count = casework.hand_over(
            current_circle(),
            replace(actor, press=form.key),
            giver=username,
            taker=form.taker.data,
            issues=form.seen,
            reason=form.reason.data,
            now=this_moment(),
        )
    except AlreadyMade:
        say("刚才已经移交好了，不用再按。")
        return redirect(url_for(".sheet", username=username), 303)
    except (StaleCase, NotPossible) as error:
        say(error.sentence, "error")
        again = _need_handover(actor, username)
        return _page(actor, again, _choose(again, typed)), error.status
    say(
        said(
            "%(count)s件已经移交给%(taker)s。",
            count=count,
            taker=queries.known_as(form.taker.data),
        )
    )
    return redirect(url_for(".sheet", username=username), 303)


@bp.get("/<username>/confirm")
def confirm_page(username: str) -> Page:
    """What a reload after a refused press asks for."""
    return redirect(url_for(".sheet", username=username), 303)


def _need_handover(actor: Actor, username: str) -> queries.Handover:
    found = queries.handover(current_circle(), actor, username, this_moment())
    if found is None:
        abort(404)
    return found


def _choose(found: queries.Handover, typed: MultiDict[str, str] | None) -> ChooseForm:
    form = ChooseForm(formdata=typed)
    total = len(found.movable)
    form.numbers.choices = offered({one.issue.number: one.issue.number for one in found.movable})
    form.taker.choices = offered(
        {
            taker.account.username: said(
                "%(taker)s，%(total)s件都能接"
                if taker.fits == total
                else "%(taker)s，能接%(fits)s件",
                taker=taker.account.known_as,
                total=total,
                fits=taker.fits,
            )
            for taker in found.takers
        },
        "请选择",
    )
    return form


def _is_chosen(form: ChooseForm, held: queries.HeldIssue) -> bool:
    return form.everything.data or held.issue.number in (form.numbers.data or [])


def _page(actor: Actor, found: queries.Handover, form: ChooseForm) -> str:
    return render_template(
        "staff/handover.html",
        handover=found,
        form=form,
        may_hand_over=actor.role in HANDING_ROLES,
        now=this_moment(),
    )

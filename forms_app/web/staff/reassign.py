"""Another person in the place of whoever leads one issue, from its page, by one press."""

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, NotPossible, StaleCase
from forms_app.issues.access import Actor
from forms_app.rules.said import said
from forms_app.web.forms.fields import offered
from forms_app.web.forms.handover import OneForm
from forms_app.web.request import Page, current_circle, need_staff, say, this_moment
from forms_app.web.staff.handover import HANDING_ROLES
from forms_app.web.staff.refusing import refuse

bp = Blueprint("reassign", __name__, url_prefix="/staff/handover/issues")


@bp.get("/<number>")
def page(number: str) -> Page:
    actor = need_staff(HANDING_ROLES)
    return _page(_need(actor, number), OneForm(formdata=None))


@bp.post("/<number>")
def hand_on(number: str) -> Page:
    actor = need_staff(HANDING_ROLES)
    found = _need(actor, number)
    form = _offering(found, OneForm())
    if casework.is_made(found.issue.id, form.key):
        return _made(number)
    if not form.validate():
        return _page(found, form), 422
    try:
        casework.hand_over(
            current_circle(),
            replace(actor, press=form.key),
            giver=found.giver.username,
            taker=form.taker.data,
            issues={number: form.seen_version},
            reason=form.reason.data,
            now=this_moment(),
        )
    except AlreadyMade:
        return _made(number)
    except (StaleCase, NotPossible) as error:
        refuse(form, error)
        form.version.data = str(found.issue.version)
        return _page(found, form), error.status
    say(said("已经换成%(taker)s来办。", taker=queries.known_as(form.taker.data)))
    return _back(number)


def _need(actor: Actor, number: str) -> queries.InOneHand:
    found = queries.in_one_hand(current_circle(), actor, number)
    if found is None:
        abort(404)
    return found


def _made(number: str) -> Response:
    say("刚才已经移交好了，不用再按。")
    return _back(number)


def _back(number: str) -> Response:
    return redirect(url_for("staff.case", number=number), 303)


def _offering(found: queries.InOneHand, form: OneForm) -> OneForm:
    form.taker.choices = offered({one.username: one.known_as for one in found.takers})
    return form


def _page(found: queries.InOneHand, form: OneForm) -> str:
    form.fresh_key()
    form.version.data = form.version.data or str(found.issue.version)
    return render_template("staff/reassign.html", found=found, form=_offering(found, form))

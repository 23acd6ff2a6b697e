"""The own second factor: set up, its codes for paper renewed, taken off again."""

from flask import abort, redirect, render_template, request, url_for

from forms_app import casework, queries
from forms_app.casework import NotPossible, SignInRefused
from forms_app.issues.access import Actor
from forms_app.rules.sessions import Wants
from forms_app.web.forms.base import Form
from forms_app.web.forms.staff import FactorForm
from forms_app.web.request import (
    Page,
    current_circle,
    halfway,
    look_again,
    need_staff,
    say,
    session_key,
    this_moment,
)
from forms_app.web.staff import bp
from forms_app.web.staff.codes import recovery_codes
from forms_app.web.staff.factor_pages import codes_page, prover_of, seed_in, set_up_page
from forms_app.web.staff.resuming import resume


@bp.route("/second-factor", methods=["GET", "POST"])
def second_factor() -> Page:
    """Sets the factor up; for whoever has one, what there is to do with it."""
    actor, draft = _whoever_may(), request.form.get("draft", "")
    form = FactorForm()
    if request.method != "POST":
        if queries.has_factor(actor.account_id or 0):
            return _own_page(actor, form)
        return set_up_page(actor, form)
    if form.validate():
        try:
            casework.set_up_factor(
                prover_of(actor, queries.username_of(actor)),
                seed_in(form),
                password=form.password.data,
                code=form.code.data,
                recovery=recovery_codes(actor.account_id or 0, form.key),
                key=session_key(),
                now=this_moment(),
            )
        except (NotPossible, SignInRefused) as error:
            form.refuse(getattr(error, "field", "code"), error.sentence)
        else:
            look_again()
            return codes_page(actor, form, draft)
    return set_up_page(actor, form, draft), 422


@bp.post("/second-factor/done")
def second_factor_done() -> Page:
    """The codes were written down: on to where they wanted to go."""
    need_staff()
    if not Form().validate():
        abort(400)
    return resume(request.form.get("draft", ""))


@bp.post("/second-factor/codes")
def renew_codes() -> Page:
    """Ten other codes for paper."""
    actor, form = need_staff(), FactorForm()
    if form.validate():
        try:
            casework.renew_recovery_codes(
                prover_of(actor, queries.username_of(actor)),
                password=form.password.data,
                code=form.code.data,
                recovery=recovery_codes(actor.account_id or 0, form.key),
                now=this_moment(),
            )
        except (NotPossible, SignInRefused) as error:
            form.refuse(getattr(error, "field", "code"), error.sentence)
        else:
            return codes_page(actor, form, "")
    return _own_page(actor, form), 422


@bp.post("/second-factor/off")
def remove_factor() -> Page:
    """Takes the factor off, as before another telephone."""
    actor, form = need_staff(), FactorForm()
    if form.validate():
        try:
            casework.remove_factor(
                prover_of(actor, queries.username_of(actor)),
                password=form.password.data,
                code=form.code.data,
                key=session_key(),
                now=this_moment(),
            )
        except (NotPossible, SignInRefused) as error:
            form.refuse(getattr(error, "field", "code"), error.sentence)
        else:
            say("两步验证已经取下。换了手机，请马上重新设置。")
            return redirect(url_for(".second_factor"), 303)
    return _own_page(actor, form), 422


def _whoever_may() -> Actor:
    """Who is signed in, also where this very step is what they have to do first."""
    found = halfway()
    if found is not None and found.wants is Wants.FACTOR:
        return found.actor
    return need_staff()


def _own_page(actor: Actor, form: FactorForm) -> str:
    form.fresh_key()
    return render_template(
        "staff/own_factor.html",
        form=form,
        left=queries.recovery_codes_left(actor.account_id or 0),
        is_needed=actor.role in current_circle().second_factor_roles,
        now=this_moment(),
    )

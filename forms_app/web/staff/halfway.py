"""Between the password and the desk: what somebody has to do before their session opens anything.

Each step is a page of its own. What they had typed elsewhere goes along, and so does where they
wanted to go.
"""

from flask import abort, redirect, render_template, request, url_for

from forms_app import casework, queries
from forms_app.casework import NotPossible, SignInRefused
from forms_app.queries import SignedIn
from forms_app.rules.said import said
from forms_app.rules.sessions import Wants
from forms_app.web.forms.base import Form
from forms_app.web.forms.staff import CodeForm, FactorForm, OwnPasswordForm
from forms_app.web.request import (
    Page,
    halfway,
    keep_wholly_signed_in,
    look_again,
    need_staff,
    say,
    session_key,
    this_moment,
)
from forms_app.web.staff import bp
from forms_app.web.staff.factor_pages import prover_of, set_up_page
from forms_app.web.staff.known_browser import remember
from forms_app.web.staff.resuming import resume, wanted_next

PAGES = {
    Wants.CODE: "staff.code",
    Wants.OWN: "staff.own_password",
    Wants.FACTOR: "staff.second_factor",
}


def go_on(draft: str) -> Page:
    """The next step of whoever has just done one; after the last, what was stopped."""
    look_again()
    found = halfway()
    if found is None:
        return resume(draft)
    return step_page(found, draft) if draft else redirect(step_address(found, wanted_next()), 303)


def step_address(found: SignedIn, wanted: str) -> str:
    """The page of what somebody has to do first; behind it they go where they `wanted` to."""
    return url_for(PAGES[found.wants or Wants.OWN], next=wanted or None)


def step_page(found: SignedIn, draft: str) -> str:
    """The same page at another address, empty; `draft` is what they had sent there."""
    if found.wants is Wants.CODE:
        return _code_page(found, CodeForm(formdata=None), draft)
    if found.wants is Wants.FACTOR:
        return set_up_page(found.actor, FactorForm(formdata=None), draft)
    return _own_password_page(found, OwnPasswordForm(formdata=None), draft)


def need_halfway(wants: Wants) -> SignedIn | None:
    """Who has this to do; None for who has not, whose form is as good as done: pressed twice."""
    found = halfway()
    if found is None:
        need_staff()
        if request.method == "POST" and not Form().validate():
            abort(400)
    return found if found is not None and found.wants is wants else None


@bp.route("/login/code", methods=["GET", "POST"])
def code() -> Page:
    """Proves the second factor of somebody whose password was right."""
    draft = request.form.get("draft", "")
    found = need_halfway(Wants.CODE)
    if found is None:
        return go_on(draft)
    form = CodeForm()
    if request.method != "POST":
        return _code_page(found, form, draft)
    if form.validate():
        username = queries.username_of(found.actor)
        prover = prover_of(found.actor, username)
        try:
            left = casework.prove_factor(prover, form.code.data, now=this_moment())
        except (NotPossible, SignInRefused) as error:
            form.refuse("code", error.sentence)
        else:
            remember(username)
            keep_wholly_signed_in()
            if left is not None:
                say(
                    said("这个恢复码用掉了，还剩%(count)s个。用完以前请换新的。", count=left),
                    "warning",
                )
            return go_on(draft)
    return _code_page(found, form, draft), 422


def _code_page(found: SignedIn, form: CodeForm, draft: str) -> str:
    return render_template(
        "staff/code.html",
        form=form,
        draft=draft,
        now=this_moment(),
        here_again=step_address(found, wanted_next()),
    )


@bp.route("/password/own", methods=["GET", "POST"])
def own_password() -> Page:
    """Chooses a password in the place of the one that an administrator gave."""
    draft = request.form.get("draft", "")
    found = need_halfway(Wants.OWN)
    if found is None:
        return go_on(draft)
    form = OwnPasswordForm()
    if request.method != "POST":
        return _own_password_page(found, form, draft)
    if form.validate():
        try:
            casework.set_own_password(
                found.actor.account_id or 0,
                form.password.data,
                key=session_key(),
                now=this_moment(),
            )
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        else:
            say("密码已经改好，以后用它登录。")
            return go_on(draft)
    return _own_password_page(found, form, draft), 422


def _own_password_page(found: SignedIn, form: OwnPasswordForm, draft: str) -> str:
    return render_template(
        "staff/own_password.html",
        form=form,
        draft=draft,
        who=found.actor.name,
        here_again=step_address(found, wanted_next()),
    )

"""Between the password and the desk: what somebody has to do before their session opens anything.

Each step is a page of its own. What they had typed elsewhere goes along, and so does where they
wanted to go.
"""

from flask import abort, redirect, render_template, request, url_for

from forms_app import casework
from forms_app.casework import NotPossible
from forms_app.queries import SignedIn
from forms_app.rules.sessions import Wants
from forms_app.web.forms.base import Form
from forms_app.web.forms.staff import OwnPasswordForm
from forms_app.web.request import (
    Page,
    halfway,
    look_again,
    need_staff,
    say,
    session_key,
    this_moment,
)
from forms_app.web.staff import bp
from forms_app.web.staff.resuming import resume, wanted_next

PAGES = {Wants.OWN: "staff.own_password"}


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


def step_page(found: SignedIn, draft: str = "") -> str:
    """The same page at another address, empty; `draft` is what they had sent there."""
    return _own_password_page(found, OwnPasswordForm(formdata=None), draft)


def need_halfway(wants: Wants) -> SignedIn | None:
    """Who has this to do; None for who has not, whose form is as good as done: pressed twice."""
    found = halfway()
    if found is None:
        need_staff()
        if request.method == "POST" and not Form().validate():
            abort(400)
    return found if found is not None and found.wants is wants else None


@bp.route("/password/own", methods=["GET", "POST"])
def own_password() -> Page:
    """Chooses a password in the place of the one that an administrator gave."""
    draft = request.form.get("draft", "")
    found = need_halfway(Wants.OWN)
    if found is None:
        return go_on(draft)
    form = OwnPasswordForm()
    if request.method == "GET":
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

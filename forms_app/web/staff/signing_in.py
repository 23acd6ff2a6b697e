"""Signing in and out; what an expired session had stopped is there again afterwards."""

from flask import abort, redirect, render_template, request, session, url_for
from werkzeug.exceptions import Unauthorized

from forms_app import casework, queries
from forms_app.casework import NotPossible, SignInRefused
from forms_app.issues.access import Actor
from forms_app.limits import SIGN_INS
from forms_app.rules.sessions import Kind
from forms_app.web.forms.base import Form
from forms_app.web.forms.staff import EndSessionForm, PasswordForm, SignInForm
from forms_app.web.held_tickets import let_tickets_go
from forms_app.web.request import (
    Page,
    called_here,
    halfway,
    hold_session,
    need_staff,
    opens_page,
    say,
    session_key,
    staff,
    this_moment,
)
from forms_app.web.slowly import too_often, was_right
from forms_app.web.staff import bp
from forms_app.web.staff.halfway import go_on, step_address, step_page
from forms_app.web.staff.known_browser import known_as, remember
from forms_app.web.staff.resuming import stopped_draft


@bp.get("/login")
def sign_in_page() -> Page:
    if staff() is not None:
        return redirect(url_for(".home"), 303)
    # A script that was led here learns that nobody is signed in, and no more: the cookie of a
    # second answer would make the page old in which somebody is just typing their password.
    form = SignInForm(meta={"csrf": opens_page()})
    return render_template("staff/login.html", form=form, draft=None)


@bp.post("/login")
def sign_in() -> Page:
    form = SignInForm()
    draft = request.form.get("draft", "")
    is_sound = form.validate()
    browser = known_as(form.username.data or "")
    # Before any password is looked at; a browser that was in before is not one of the guessers.
    wait = too_often(SIGN_INS) if is_sound and not browser else ""
    if wait:
        casework.log_throttled(this_moment())
        form.refuse("password", wait)
    elif is_sound:
        try:
            begun = casework.sign_in(
                form.username.data, form.password.data,
                now=this_moment(), browser=browser, called=called_here(),
            )  # fmt: skip
        except SignInRefused as error:
            form.refuse("password", error.sentence)
        else:
            if not browser:
                was_right(SIGN_INS)
            end_here()
            hold_session(begun.key, begun.kind)
            # Only whoever was wholly in is no stranger.
            if begun.kind is Kind.DESK:
                remember(form.username.data)
                if queries.was_factor_taken(begun.account_id):
                    say(
                        "管理员取下了您的两步验证。不是您要求的，请马上告诉管理员；"
                        "有手机了，请重新设置。",
                        "warning",
                    )
            return go_on(draft)
    return render_template("staff/login.html", form=form, draft=draft), 422


def end_here() -> None:
    """Ends this browser's sessions, here and on the server: a copy of its cookie opens nothing."""
    for kind in Kind:
        if session_key(kind):
            casework.end_session(session_key(kind), now=this_moment())
    let_tickets_go()
    session.clear()


@bp.post("/logout")
def sign_out() -> Page:
    if halfway() is None:
        need_staff()
    if not Form().validate():
        abort(400)
    end_here()
    say("已经退出。")
    return redirect(url_for(".sign_in_page"), 303)


@bp.route("/password", methods=["GET", "POST"])
def password() -> Page:
    actor = need_staff()
    form = PasswordForm()
    if request.method != "POST":
        return _password_page(actor, form)
    if form.validate():
        try:
            casework.change_own_password(
                actor.account_id or 0,
                form.old_password.data,
                form.password.data,
                key=session_key(),
                browser=known_as(queries.username_of(actor)),
                now=this_moment(),
            )
        except (NotPossible, SignInRefused) as error:
            form.refuse(getattr(error, "field", "old_password"), error.sentence)
        else:
            say("密码已经改好，别的设备上要重新登录。")
            return redirect(url_for(".home"), 303)
    return _password_page(actor, form), 422


@bp.post("/sessions/end")
def end_sessions() -> Page:
    """Ends one of the own sessions, or all but this one."""
    actor = need_staff()
    form = EndSessionForm()
    if not form.validate():
        abort(400)
    account_id = actor.account_id or 0
    try:
        if form.session.data:
            casework.end_own_session(account_id, form.session.data, now=this_moment())
        else:
            casework.end_sessions(account_id, but=session_key(), now=this_moment())
    except NotPossible as error:
        say(error.sentence, "warning")
    else:
        say("已经退出。")
    return redirect(url_for(".sign_ins"), 303)


def _password_page(actor: Actor, form: PasswordForm) -> str:
    sessions = queries.sessions_of(actor.account_id or 0, session_key(), this_moment())
    return render_template(
        "staff/password.html", form=form, ending=EndSessionForm(), sessions=sessions, wall=Kind.WALL
    )


def unsigned(_error: Unauthorized) -> Page:
    """The page to sign in, or of what has to be done first, in the place of one that needs a
    session; what was typed goes along.
    """
    found = halfway()
    if request.method != "POST":
        here = request.full_path.rstrip("?")
        if found is not None:
            return redirect(step_address(found, here), 303)
        return redirect(url_for("staff.sign_in_page", next=here), 303)
    draft = stopped_draft()
    if found is not None:
        return step_page(found, draft or ""), 401
    return render_template("staff/login.html", form=SignInForm(formdata=None), draft=draft), 401

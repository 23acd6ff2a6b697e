"""Signing in and out; what an expired session had stopped is there again afterwards."""

import json
import re

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import Unauthorized

from forms_app import casework, queries
from forms_app.casework import NotPossible, SignInRefused
from forms_app.issues.access import Actor
from forms_app.limits import SIGN_INS
from forms_app.rules.sessions import Kind
from forms_app.web.forms.base import Form
from forms_app.web.forms.staff import CollectForm, EndSessionForm, PasswordForm, SignInForm
from forms_app.web.request import (
    Page,
    keep_signed_in,
    need_staff,
    say,
    session_key,
    staff,
    this_moment,
)
from forms_app.web.request import sign_out as end_here
from forms_app.web.slowly import too_often, was_right
from forms_app.web.staff import bp
from forms_app.web.staff.case import case_page
from forms_app.web.staff.intake import INTAKE_ROLES, collect_page
from forms_app.web.staff.known_browser import known_as, remember
from forms_app.web.staff.moves import STAFF_MOVES
from forms_app.web.typed import NOT_TYPED


@bp.get("/login")
def sign_in_page() -> Page:
    if staff() is not None:
        return redirect(url_for(".home"), 303)
    return render_template("staff/login.html", form=SignInForm(), draft=None)


@bp.post("/login")
def sign_in() -> Page:
    form = SignInForm()
    draft = request.form.get("draft", "")
    is_sound = form.validate()
    browser = known_as(form.username.data or "")
    # Before any password is looked at; a browser that was in before is not one of the guessers.
    wait = too_often(SIGN_INS) if is_sound and not browser else ""
    if wait:
        form.refuse("password", wait)
    elif is_sound:
        try:
            account_id = casework.sign_in(
                form.username.data, form.password.data, now=this_moment(), browser=browser
            )
        except SignInRefused as error:
            form.refuse("password", error.sentence)
        else:
            if not browser:
                was_right(SIGN_INS)
            remember(form.username.data)
            end_here()
            keep_signed_in(account_id)
            return _resume(draft) or redirect(_next_page(), 303)
    return render_template("staff/login.html", form=form, draft=draft), 422


@bp.post("/logout")
def sign_out() -> Page:
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
    if request.method == "GET":
        return _password_page(actor, form)
    if form.validate():
        try:
            casework.change_own_password(
                actor.account_id or 0,
                form.old_password.data,
                form.password.data,
                key=session_key(),
            )
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
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
            casework.end_own_session(account_id, form.session.data)
        else:
            casework.end_sessions(account_id, but=session_key())
    except NotPossible as error:
        say(error.sentence, "warning")
    else:
        say("已经退出。")
    return redirect(url_for(".password"), 303)


def _password_page(actor: Actor, form: PasswordForm) -> str:
    sessions = queries.sessions_of(actor.account_id or 0, session_key(), this_moment())
    return render_template(
        "staff/password.html", form=form, ending=EndSessionForm(), sessions=sessions, wall=Kind.WALL
    )


def unsigned(_error: Unauthorized) -> Page:
    """The sign-in page in the place of one that needs it; what was typed goes along."""
    if request.method != "POST":
        here = request.full_path.rstrip("?")
        return redirect(url_for("staff.sign_in_page", next=here), 303)
    fields = [[k, v] for k, v in request.form.items(multi=True) if k not in NOT_TYPED]
    kept = {"path": request.path, "fields": fields, "had_photos": bool(request.files)}
    draft = json.dumps(kept) if fields else None
    return render_template("staff/login.html", form=SignInForm(formdata=None), draft=draft), 401


def _resume(draft: str) -> Page | None:
    """The form with the text that an expired session had stopped, or None."""
    try:
        kept = json.loads(draft) if draft else None
        match = re.fullmatch(r"/staff/issues/(\d+/)?([a-z_]+)", kept["path"]) if kept else None
        typed = MultiDict((_text(k), _text(v)) for k, v in kept["fields"]) if kept else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    # Both were found out for the session before signing in.
    g.pop("staff", None)
    g.pop("csrf_token", None)
    actor = staff()
    if match is None or typed is None or actor is None:
        return None
    number, move = (match[1] or "").rstrip("/"), match[2]
    is_collecting = not number and move == "new" and actor.role in INTAKE_ROLES
    if not is_collecting and (move not in STAFF_MOVES or queries.case(actor, number) is None):
        return None
    say("已经重新登录。您写的内容还在，请核对后再提交。")
    if kept and kept.get("had_photos"):
        say("照片要重新选。", "warning")
    if is_collecting:
        return collect_page(actor, CollectForm(formdata=typed))
    return case_page(actor, number, move, typed)


def _text(value: object) -> str:
    # Half a character, as only a tampered draft holds it, could not be sent back.
    return str(value).encode("utf-8", "replace").decode()


def _next_page() -> str:
    wanted = request.args.get("next", "")
    # Only our own staff pages: a link must not send somebody elsewhere after signing in.
    if re.fullmatch(r"/staff/[\w/.?=&%-]*", wanted):
        return request.script_root + wanted
    return url_for(".home")

"""Who signed in, and what became of accounts: one's own, and everybody's for the administrator."""

from flask import render_template, request

from forms_app import queries
from forms_app.rules.account_events import LABELS
from forms_app.rules.sessions import Kind
from forms_app.rules.steps import Role
from forms_app.web.forms.staff import EndSessionForm
from forms_app.web.request import need_staff, page_number, session_key, this_moment
from forms_app.web.staff import bp


@bp.get("/sign-ins")
def sign_ins() -> str:
    account_id = need_staff().account_id or 0
    return render_template(
        "staff/sign_ins.html",
        events=queries.own_events(account_id),
        sessions=queries.sessions_of(account_id, session_key(), this_moment()),
        ending=EndSessionForm(),
        wall=Kind.WALL,
        LABELS=LABELS,
    )


@bp.get("/sign-ins/all")
def all_sign_ins() -> str:
    need_staff([Role.ADMIN])
    page = page_number() or 1
    username = request.args.get("account", "")[:40]
    events, more = queries.all_events(page, username)
    return render_template(
        "staff/all_sign_ins.html",
        events=events,
        more=more,
        page=page,
        username=username,
        LABELS=LABELS,
    )

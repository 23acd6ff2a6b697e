"""A resident's name and phone lie folded: one press opens them, and is the look that is noted.

What was pressed stays open for a while in that session, for that issue and that account.
"""

from datetime import timedelta

from flask import abort, redirect, render_template, request, session, url_for

from forms_app import casework, queries
from forms_app.issues.access import CASE_ROLES, Actor
from forms_app.web.forms.base import Form
from forms_app.web.request import Page, need_staff, this_moment
from forms_app.web.staff import bp

OPEN_FOR = timedelta(minutes=30)
MOST_OPEN = 10  # issues; a cookie must stay small
_OPEN = "contacts"
PAGES = {"case": "staff.case", "print": "staff_register.print_case"}


@bp.post("/issues/<number>/contacts")
def unfold(number: str) -> Page:
    actor = need_staff(CASE_ROLES)
    if queries.contacts_of(actor, number) is None:
        abort(404)
    if not Form().validate():
        abort(400)
    casework.look_at_contacts(actor, number, now=this_moment())
    moment = int(this_moment().timestamp())
    others = [kept for kept in session.get(_OPEN, []) if kept[0] != number]
    session[_OPEN] = [*others, [number, actor.account_id, moment]][-MOST_OPEN:]
    page = PAGES.get(request.form.get("then", ""), PAGES["case"])
    return redirect(url_for(page, number=number, _anchor="contacts"), 303)


@bp.get("/looks")
def looks() -> str:
    """Who looked at whose name and phone, for those who oversee it."""
    actor = need_staff(queries.LOOK_READERS)
    number = request.args.get("issue", "")[:12]
    return render_template("staff/looks.html", looks=queries.looks(actor, number), number=number)


def open_contacts(actor: Actor, number: str) -> queries.Contacts | None:
    """The contacts of an issue that this account has just opened in this session; else None."""
    if not actor.sees_contacts:
        return None
    oldest = (this_moment() - OPEN_FOR).timestamp()
    for kept, account_id, moment in session.get(_OPEN, []):
        if kept == number and account_id == actor.account_id and moment >= oldest:
            return queries.contacts_of(actor, number)
    return None

"""Tickets as residents type them, and the browser that lets them all go."""

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden

from forms_app import casework
from forms_app.limits import TICKETS
from forms_app.rules import keys
from forms_app.web.forms.base import Form
from forms_app.web.forms.resident import ReplyForm, TicketForm
from forms_app.web.held_tickets import (
    browser_with,
    forget_former,
    forget_given,
    given_ticket,
    held_numbers,
    keep_open,
    let_tickets_go,
)
from forms_app.web.keeping import forget_kept
from forms_app.web.request import (
    Page,
    code_key,
    current_circle,
    say,
    this_day,
    this_moment,
)
from forms_app.web.residents import bp
from forms_app.web.residents.issue_page import issue_page
from forms_app.web.slowly import too_often, was_right

NOT_FOUND = "没有找到这个查询码，请对照纸条或截图再看一遍；补发过的，要用新的"
# Said of its form alone: it tells nobody whether there is such an issue.
NOT_WHOLE = "查询码是四组：先是数字，再三组、每组四个。这一串不是，请对照着再写一遍"


@bp.get("/issues/")
def look_up() -> Page:
    return _look_up_page(TicketForm(), is_plain=True)


@bp.post("/issues/")
def open_ticket() -> Page:
    form = TicketForm()
    if form.validate():
        # Whoever has a ticket gets in, however much strangers of the same address have guessed.
        wait = too_often(TICKETS)
        parsed = keys.parse_ticket(form.ticket.data)
        browser = browser_with(parsed[1] if parsed is not None else "")
        if parsed is not None and casework.hold_ticket(
            code_key(), *parsed, browser, now=this_moment(), is_hurried=bool(wait)
        ):
            if not wait:
                was_right(TICKETS)
            keep_open(browser)
            if given_ticket(parsed[0]) != keys.format_ticket(*parsed):
                forget_given(parsed[0])
            if form.written.data:
                return _with_written(parsed[0], form)
            return redirect(url_for(".follow", number=parsed[0]), 303)
        form.refuse("ticket", wait or (NOT_FOUND if parsed is not None else NOT_WHOLE))
    return _look_up_page(form), 422


def _with_written(number: str, form: TicketForm) -> str:
    """The issue, to which what was written of it before can be added with one press."""
    addition = ReplyForm(formdata=None)
    addition.fresh_key()
    sent = addition if form.about.data == number else None
    return issue_page(number, typed=form.written.data or "", sent=sent)


@bp.post("/issues/leave")
def leave() -> Page:
    if not Form().validate():
        abort(400)
    let_tickets_go()
    say("已经离开，这个浏览器不再打开这些问题。再看要填查询码。")
    response = redirect(url_for(".look_up"), 303)
    forget_kept(response)
    return response


@bp.errorhandler(403)
def ticket_needed(_error: Forbidden) -> Page:
    """In the place of an issue that this browser holds no ticket of, or that does not exist."""
    say("请先填写查询码，才能看这个问题。", "warning")
    about = (request.view_args or {}).get("number", "")
    return _look_up_page(TicketForm(formdata=None, written=g.get("typed", ""), about=about)), 403


def _look_up_page(form: TicketForm, *, is_plain: bool = False) -> str:
    """The page; `is_plain` where nothing went before that it would have to say."""
    forget_former()
    today = this_day()
    return render_template(
        "resident/ticket.html", form=form, held=held_numbers(), is_plain=is_plain,
        announced=current_circle().announced_on(today),
    )  # fmt: skip

"""Tickets as residents type them, and the browser that lets them all go."""

from functools import partial

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden

from forms_app import casework
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
    current_circle,
    say,
    this_day,
)
from forms_app.web.residents import bp
from forms_app.web.residents.issue_page import issue_page
from forms_app.web.tickets_tried import why_shut


@bp.get("/issues/")
def look_up() -> Page:
    return _look_up_page(TicketForm(), is_plain=True)


@bp.post("/issues/")
def open_ticket() -> Page:
    form = TicketForm()
    if form.validate():
        parsed = keys.parse_ticket(form.ticket.data)
        browser = browser_with(parsed[1] if parsed is not None else "")
        shut = why_shut(parsed, partial(casework.hold_ticket, browser=browser))
        if parsed is not None and not shut:
            keep_open(browser)
            if given_ticket(parsed[0]) != keys.format_ticket(*parsed):
                forget_given(parsed[0])
            if form.written.data:
                return _with_written(parsed[0], form)
            return redirect(url_for(".follow", number=parsed[0]), 303)
        form.refuse("ticket", shut)
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

"""Somebody else has told of it already: the resident joins, or not."""

from flask import redirect, session, url_for

from forms_app import casework, queries
from forms_app.casework import NotAllowed, NotPossible
from forms_app.web.forms.resident import NONE_OF_THEM, JoinForm
from forms_app.web.held_tickets import given_ticket, holder, keep_alone
from forms_app.web.incidents import asked_about
from forms_app.web.request import (
    Page,
    current_circle,
    say,
    this_moment,
)
from forms_app.web.residents import bp
from forms_app.web.residents.issue_page import issue_page, moved_on, need_held, offer_code


@bp.post("/issues/<number>/join")
def join(number: str) -> Page:
    form = JoinForm()
    found = need_held(number)
    if not form.validate():
        return issue_page(number, ticket=_checked_ticket(number, form), refused=form), 422
    _show_ticket_again(number, form)
    if form.same.data == NONE_OF_THEM:
        keep_alone(number)
        say("好的，您反映的问题单独办理。")
        return redirect(url_for(".follow", number=number), 303)
    asked = asked_about(found.issue.community_id, found.issue.estate_id)
    into = queries.offered_number(found.issue, offer_code(number), form.same.data or "", asked)
    try:
        casework.join(
            current_circle(), holder(form), number, None, into=into or "", now=this_moment()
        )
    except NotPossible:
        say("那件事刚刚有了变化，没有合过去。您反映的问题照常单独办理，什么都没有丢。", "warning")
    except NotAllowed:
        return moved_on(number, "")
    else:
        say("已经合在一起办。您仍然用自己的查询码看进度，办完自己评价。")
    return redirect(url_for(".follow", number=number), 303)


def _checked_ticket(number: str, form: JoinForm) -> str:
    """The ticket that the page showed above the offers; empty where it showed none."""
    ticket = given_ticket(number)
    return ticket if form.ticket.data == ticket else ""


def _show_ticket_again(number: str, form: JoinForm) -> None:
    """Whoever answers the offers at once must not lose sight of the ticket for it."""
    if _checked_ticket(number, form):
        session["shown"] = number

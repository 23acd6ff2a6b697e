"""An issue as its resident follows it by ticket: its page, its news, its photos."""

from flask import (
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    request,
    session,
    url_for,
)

from forms_app import casework, queries
from forms_app.casework import AlreadyMade
from forms_app.formats.qr_codes import qr_code
from forms_app.web.forms.resident import TellByForm
from forms_app.web.held_tickets import given_ticket, holder
from forms_app.web.hot import keep_with, ticket_tag
from forms_app.web.languages import translated
from forms_app.web.photos import show_photo
from forms_app.web.request import (
    Page,
    private_link,
    say,
    this_moment,
)
from forms_app.web.residents import bp
from forms_app.web.residents.issue_page import issue_page, moment, need_held, news_tag


@bp.errorhandler(AlreadyMade)
def pressed_twice(_error: AlreadyMade) -> Page:
    """What the second press of a button sees: the issue as the first has left it."""
    return redirect(url_for(".follow", number=(request.view_args or {})["number"]), 303)


@bp.get("/issues/<number>")
def follow(number: str) -> Page:
    given, ticket = given_ticket(number), ""
    if given and request.method == "GET" and session.get("shown") == number:
        ticket = given
        session.pop("shown")
    tag = ticket_tag(current_app, request, session, number)
    g.is_kept = bool(tag)
    if tag and request.if_none_match.contains_weak(tag):
        response = make_response("", 304)
    else:
        response = make_response(issue_page(number, ticket=ticket))
    if tag:
        keep_with(response, tag)
    return response


@bp.get("/issues/<number>/ticket.svg")
def ticket_code(number: str) -> Page:
    """The private link of the ticket that this browser was given, for a camera."""
    ticket = given_ticket(number)
    if not ticket:
        abort(404)
    drawing = qr_code(private_link(ticket), translated("查询码的二维码"))
    return Response(drawing, mimetype="image/svg+xml")


@bp.get("/issues/<number>/news")
def news(number: str) -> Page:
    """Whether there is something new since the page that asks: 304, or 204 where there is.

    It counts as no look-up and leaves the session as it is.
    """
    at = moment()
    state = queries.news(holder(), number, at)
    if state is None:
        return Response("", 403, mimetype="text/plain")
    tag = news_tag(state, at.now)
    is_known = request.if_none_match.contains_weak(tag)
    response = make_response("", 304 if is_known else 204)
    response.set_etag(tag)
    return response


@bp.get("/issues/<number>/photos/<key>")
def photo(number: str, key: str) -> Page:
    need_held(number)
    if not queries.may_see_photo(holder(), number, key):
        abort(404)
    return show_photo(key, "base.html", number, url_for(".follow", number=number))


@bp.post("/issues/<number>/tell-by")
def choose_telling(number: str) -> Page:
    form = TellByForm()
    form.offer(need_held(number).ways)
    if form.validate():
        casework.choose_telling(holder(form), number, form.tell_by.data, now=this_moment())
        say("好的，以后就这样告诉您。")
        return redirect(url_for(".follow", number=number), 303)
    return issue_page(number, refused=form), 422


@bp.get("/issues/<number>/insist", endpoint="insist_page")
@bp.get("/issues/<number>/tell-by", endpoint="tell_by_page")
@bp.get("/issues/<number>/reply", endpoint="reply_page")
@bp.get("/issues/<number>/undo", endpoint="undo_page")
@bp.get("/issues/<number>/asked-after", endpoint="asked_after_page")
@bp.get("/issues/<number>/untell", endpoint="untell_page")
@bp.get("/issues/<number>/dispute", endpoint="dispute_page")
@bp.get("/issues/<number>/verdict", endpoint="verdict_page")
@bp.get("/issues/<number>/reopen", endpoint="reopen_page")
@bp.get("/issues/<number>/join", endpoint="join_page")
def back_to_follow(number: str) -> Page:
    """What a reload or the elder link of a refused form asks for."""
    return redirect(url_for(".follow", number=number), 303)

"""An issue as its resident follows it by ticket: join, give a verdict, take back, begin again."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import (
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.exceptions import Forbidden

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, NotAllowed, NotPossible
from forms_app.formats.qr_codes import qr_code
from forms_app.limits import TICKETS
from forms_app.rules import keys
from forms_app.rules.said import said
from forms_app.rules.steps import Part, Step
from forms_app.web.assets import program_digest
from forms_app.web.forms.base import Form, OnceForm
from forms_app.web.forms.resident import (
    NONE_OF_THEM,
    NOT_DONE,
    DisputeForm,
    InsistForm,
    JoinForm,
    ReopenForm,
    ReplyForm,
    TellByForm,
    TicketForm,
    UndoForm,
    UntellForm,
    VerdictForm,
    WithdrawForm,
)
from forms_app.web.incidents import asked_about, running, running_in
from forms_app.web.keeping import forget_kept, keep_until_leaving, may_be_kept
from forms_app.web.languages import language, translated
from forms_app.web.photos import let_photos_go, show_photo, stage_photos, takes_photos
from forms_app.web.publishing import note_kept_up
from forms_app.web.request import (
    Page,
    browser_with,
    code_key,
    current_circle,
    current_state,
    forget_former,
    forget_given,
    given_ticket,
    held_numbers,
    holder,
    is_elder,
    is_kept_alone,
    is_woken_here,
    keep_alone,
    keep_open,
    let_tickets_go,
    private_link,
    say,
    server_key,
    settings,
    tag_of,
    this_moment,
)
from forms_app.web.residents import bp
from forms_app.web.slowly import too_often, was_right
from forms_app.web.ways import waking_key

# Nothing more is told of what has come to an end.
ENDED = (Step.CLOSED, Step.WITHDRAWN, Step.TRANSFERRED)
NOT_THE_SAME = "选错了，不是同一件事。"


@bp.errorhandler(AlreadyMade)
def pressed_twice(_error: AlreadyMade) -> Page:
    """What the second press of a button sees: the issue as the first has left it."""
    return redirect(url_for(".follow", number=(request.view_args or {})["number"]), 303)


@bp.get("/issues/")
def look_up() -> Page:
    return _look_up_page(TicketForm())


@bp.post("/issues/")
def open_ticket() -> Page:
    form = TicketForm()
    wait = too_often(TICKETS) if form.validate() else ""
    if wait:
        form.refuse("ticket", wait)
    elif not form.errors:
        parsed = keys.parse_ticket(form.ticket.data)
        browser = browser_with(parsed[1] if parsed is not None else "")
        if parsed is not None and casework.hold_ticket(
            code_key(), *parsed, browser, now=this_moment()
        ):
            was_right(TICKETS)
            keep_open(browser)
            if given_ticket(parsed[0]) != keys.format_ticket(*parsed):
                forget_given(parsed[0])
            return redirect(url_for(".follow", number=parsed[0]), 303)
        form.refuse("ticket", "没有找到这个查询码，请对照纸条或截图再看一遍")
    return _look_up_page(form), 422


@bp.post("/issues/leave")
def leave() -> Page:
    if not Form().validate():
        abort(400)
    let_tickets_go()
    say("已经离开，这个浏览器不再打开这些问题。再看要填查询码。")
    response = redirect(url_for(".look_up"), 303)
    forget_kept(response)
    return response


@bp.get("/issues/<number>")
def follow(number: str) -> Page:
    given, ticket = given_ticket(number), ""
    if given and request.method == "GET" and session.get("shown") == number:
        ticket = given
        session.pop("shown")
    # What shows a ticket, folded or not, is kept by no browser.
    tag = "" if given else _tag(number)
    g.is_kept = bool(tag)
    if tag and request.if_none_match.contains_weak(tag):
        response = make_response("", 304)
    else:
        response = make_response(_follow_page(number, ticket=ticket))
    if tag:
        response.set_etag(tag, weak=True)
        keep_until_leaving(response)
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
    state = queries.news(holder(), number, _moment())
    if state is None:
        return Response("", 403, mimetype="text/plain")
    tag = tag_of(state)
    is_known = request.if_none_match.contains_weak(tag)
    response = make_response("", 304 if is_known else 204)
    response.set_etag(tag)
    return response


@bp.post("/issues/<number>/join")
def join(number: str) -> Page:
    form = JoinForm()
    found = _need_held(number)
    if not form.validate():
        return _follow_page(number, ticket=_checked_ticket(number, form), join=form), 422
    _show_ticket_again(number, form)
    if form.same.data == NONE_OF_THEM:
        keep_alone(number)
        say("好的，您反映的问题单独办理。")
        return redirect(url_for(".follow", number=number), 303)
    asked = asked_about(found.issue.community_id, found.issue.estate_id)
    into = queries.offered_number(found.issue, _offer_code(number), form.same.data or "", asked)
    try:
        casework.join(
            current_circle(), holder(form), number, None, into=into or "", now=this_moment()
        )
    except NotPossible:
        say("那件事刚刚有了变化，没有合过去。您反映的问题照常单独办理，什么都没有丢。", "warning")
    except NotAllowed:
        return _moved_on(number, "")
    else:
        say("已经合在一起办。您仍然用自己的查询码看进度，办完自己评价。")
    return redirect(url_for(".follow", number=number), 303)


@bp.get("/issues/<number>/photos/<key>")
def photo(number: str, key: str) -> Page:
    _need_held(number)
    if not queries.may_see_photo(holder(), number, key):
        abort(404)
    return show_photo(key, "base.html", number, url_for(".follow", number=number))


@bp.post("/issues/<number>/verdict")
@takes_photos
def give_verdict(number: str) -> Page:
    form = VerdictForm()
    _need_held(number, form.comment.data or "")
    stage_photos(form, number)
    if form.validate():
        try:
            casework.evaluate(
                current_circle(),
                holder(form),
                number,
                None,
                satisfaction=int(form.satisfaction.data),
                comment=form.comment.data,
                photos=form.staged,
                may_tell=form.may_tell.data,
                now=this_moment(),
            )
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        except NotAllowed:
            return _moved_on(number, form.comment.data)
        else:
            let_photos_go(form)
            say("谢谢，您的评价已经收到。")
            return redirect(url_for(".follow", number=number), 303)
    return _follow_page(number, verdict=form), 422


@bp.route("/issues/<number>/withdraw", methods=["GET", "POST"])
def withdraw(number: str) -> Page:
    form = WithdrawForm()
    found = _need_held(number, form.reason.data or "")
    status = 200
    if request.method == "POST":
        if form.validate():
            try:
                casework.withdraw(
                    current_circle(), holder(form), number, None, form.reason.data,
                    now=this_moment(),
                )  # fmt: skip
            except NotAllowed:
                return _moved_on(number, form.reason.data)
            say("已经撤回。以后想再办，在这一页可以重新启动。")
            return redirect(url_for(".follow", number=number), 303)
        status = 422
    if "withdraw" not in found.moves:
        return redirect(url_for(".follow", number=number), 303)
    form.fresh_key()
    return render_template("resident/withdraw.html", form=form, case=found), status


@bp.post("/issues/<number>/reopen")
def reopen(number: str) -> Page:
    form = ReopenForm()
    _need_held(number, form.reason.data or "")
    if form.validate():
        with note_kept_up(number):
            try:
                casework.reopen(
                    current_circle(), holder(form), number, None, form.reason.data,
                    now=this_moment(),
                )  # fmt: skip
            except NotAllowed:
                return _moved_on(number, form.reason.data)
        say(
            said(
                "已经重新启动，社区会在%(minutes)s分钟内给出初步意见。",
                minutes=current_circle().clocks.opinion_minutes,
            )
        )
        return redirect(url_for(".follow", number=number), 303)
    return _follow_page(number, reopen=form), 422


@bp.post("/issues/<number>/reply")
@takes_photos
def reply(number: str) -> Page:
    """What the resident adds to what they reported, asked for or not."""
    form = ReplyForm()
    _need_held(number, form.addition.data or "")
    stage_photos(form, number)
    if form.validate():
        try:
            casework.reply(
                current_circle(), holder(form), number, None, form.addition.data,
                photos=form.staged, now=this_moment(),
            )  # fmt: skip
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        except NotAllowed:
            return _moved_on(number, form.addition.data)
        else:
            let_photos_go(form)
            say("已经补充，社区能看到。")
            return redirect(url_for(".follow", number=number), 303)
    return _follow_page(number, reply=form), 422


@bp.post("/issues/<number>/undo")
def undo(number: str) -> Page:
    form = UndoForm()
    _need_held(number)
    if not form.validate():
        abort(400)
    with note_kept_up(number):
        try:
            casework.undo(current_circle(), holder(form), number, now=this_moment())
        except NotAllowed:
            return _moved_on(number, "")
    say("上一次评价已经收回，请重新评价。")
    return redirect(url_for(".follow", number=number), 303)


@bp.post("/issues/<number>/untell")
def untell(number: str) -> Page:
    """What is told of it in public, or was to be, is taken back, and off the site at once."""
    form = UntellForm()
    _need_held(number)
    if not form.validate():
        abort(400)
    with note_kept_up(number):
        try:
            casework.take_note_back(holder(form), number, now=this_moment())
        except NotAllowed:
            return _moved_on(number, "")
    say("已经收回，网站上马上就没有了。")
    return redirect(url_for(".follow", number=number), 303)


@bp.post("/issues/<number>/dispute")
def dispute(number: str) -> Page:
    form = DisputeForm()
    return _object(
        number, form, form.meant.data or "", casework.dispute, "已经记下，这件事重新办理。",
        lambda: _follow_page(number, dispute=form),
    )  # fmt: skip


@bp.post("/issues/<number>/insist")
def insist(number: str) -> Page:
    """What was set aside is real: it comes back at once."""
    form = InsistForm()
    return _object(
        number, form, form.words.data or "", casework.insist,
        "已经记下，这件事回到待办最前面，马上接着办。",
        lambda: _follow_page(number, insist=form),
    )  # fmt: skip


def _object(
    number: str,
    form: OnceForm,
    words: str,
    act: Callable[..., object],
    noted: str,
    page_again: Callable[[], str],
) -> Page:
    """The resident says in a few words that it is otherwise."""
    _need_held(number, words)
    if form.validate():
        with note_kept_up(number):
            try:
                act(current_circle(), holder(form), number, words, now=this_moment())
            except NotAllowed:
                return _moved_on(number, words)
        say(noted)
        return redirect(url_for(".follow", number=number), 303)
    return page_again(), 422


@bp.post("/issues/<number>/tell-by")
def choose_telling(number: str) -> Page:
    form = TellByForm()
    form.offer(_need_held(number).ways)
    if form.validate():
        casework.choose_telling(holder(form), number, form.tell_by.data, now=this_moment())
        say("好的，以后就这样告诉您。")
        return redirect(url_for(".follow", number=number), 303)
    return _follow_page(number, tell_by=form), 422


@bp.get("/issues/<number>/insist", endpoint="insist_page")
@bp.get("/issues/<number>/tell-by", endpoint="tell_by_page")
@bp.get("/issues/<number>/reply", endpoint="reply_page")
@bp.get("/issues/<number>/undo", endpoint="undo_page")
@bp.get("/issues/<number>/untell", endpoint="untell_page")
@bp.get("/issues/<number>/dispute", endpoint="dispute_page")
@bp.get("/issues/<number>/verdict", endpoint="verdict_page")
@bp.get("/issues/<number>/reopen", endpoint="reopen_page")
@bp.get("/issues/<number>/join", endpoint="join_page")
def back_to_follow(number: str) -> Page:
    """What a reload or the elder link of a refused form asks for."""
    return redirect(url_for(".follow", number=number), 303)


@bp.errorhandler(403)
def ticket_needed(_error: Forbidden) -> Page:
    """In the place of an issue that this browser holds no ticket of, or that does not exist."""
    say("请先填写查询码，才能看这个问题。", "warning")
    return _look_up_page(TicketForm(formdata=None), g.get("typed", "")), 403


def _look_up_page(form: TicketForm, typed: str = "") -> str:
    forget_former()
    return render_template("resident/ticket.html", form=form, held=held_numbers(), typed=typed)


def _moved_on(number: str, typed: str) -> Page:
    """The issue as it stands, after a move that is no longer possible: pressed twice, or late."""
    say("这个问题刚刚有了新进展，这一步已经办过，或不用再办。请看下面的最新情况。", "warning")
    return _follow_page(number, typed=typed), 409


def _follow_page(
    number: str,
    *,
    ticket: str = "",
    verdict: VerdictForm | None = None,
    reopen: ReopenForm | None = None,
    join: JoinForm | None = None,
    reply: ReplyForm | None = None,
    dispute: DisputeForm | None = None,
    insist: InsistForm | None = None,
    tell_by: TellByForm | None = None,
    typed: str = "",
) -> str:
    found, now = _need_held(number), this_moment()
    if found.issue.ring_since is not None:
        casework.looked_at(found.issue.id, now=now)
    is_joined = Part.JOINER in found.parts
    opens_reply = reply is not None
    offers: tuple[queries.Offer, ...] = ()
    may_join = "join" in found.moves and not found.issue.of_incident
    if may_join and not is_kept_alone(number):
        asked = asked_about(found.issue.community_id, found.issue.estate_id)
        offers = queries.offers(holder(), found.issue, _offer_code(number), asked)
    # A form that the page does not show costs as much as one that it does.
    done = not_done = None
    says_not_done = verdict is not None and verdict.says_not_done(current_circle())
    if "evaluate" in found.moves:
        done = not_done = VerdictForm(formdata=None)
        if verdict is not None:
            done, not_done = (done, verdict) if says_not_done else (verdict, not_done)
        if found.follows is not None:
            del done.may_tell  # it is told of once, as whoever said so first agrees to
    if "reopen" in found.moves:
        reopen = reopen or ReopenForm(
            formdata=None, reason=translated(NOT_THE_SAME) if is_joined else ""
        )
    if offers:
        join = join or JoinForm(formdata=None)
    if "reply" in found.moves:
        reply = reply or ReplyForm(formdata=None)
    if "dispute" in found.moves:
        dispute = dispute or DisputeForm(formdata=None)
    if "insist" in found.moves:
        insist = insist or InsistForm(formdata=None)
    if found.ways and found.step not in ENDED:
        tell_by = tell_by or TellByForm(formdata=None, tell_by=found.issue.tell_by)
        tell_by.offer(found.ways)
    wakes = waking_key(settings()) if found.step not in ENDED else ""
    undo = UndoForm(formdata=None) if "undo" in found.moves else None
    note = queries.own_note(found.issue.id) if found.step is Step.CLOSED else None
    untell = UntellForm(formdata=None) if note else None
    for form in (done, not_done, reopen, join, reply, undo, untell, dispute, insist):
        if form is not None:
            form.fresh_key()
    return render_template(
        "resident/follow.html",
        case=found,
        incidents_here=running_in(found.issue.community_id),
        ticket=ticket,
        ticket_again="" if ticket else given_ticket(number),
        done=done,
        not_done=not_done,
        NOT_DONE=NOT_DONE,
        opens="" if verdict is None else "not_done" if says_not_done else "done",
        reopen=reopen,
        is_joined=is_joined,
        join=join,
        reply=reply,
        opens_reply=opens_reply,
        undo=undo,
        note=note,
        note_photos=_photos_beside,
        untell=untell,
        dispute=dispute,
        insist=insist,
        tell_by=tell_by,
        wakes=wakes,
        is_woken=is_woken_here(number, wakes),
        offers=offers,
        NONE_OF_THEM=NONE_OF_THEM,
        typed=typed,
        is_kept=g.get("is_kept", False),
        now=now,
        news=tag_of(found.news(now)),
    )


def _photos_beside(note: queries.OwnNote, photos: Mapping[int, Sequence[Any]]) -> list[Any]:
    """Those of the issue's photos that everybody sees with its note."""
    keys = (note.before_key, note.after_key)
    return [one for some in photos.values() for one in some if one.key in keys]


def _tag(number: str) -> str:
    """What the page of this issue hangs on, in short; "" where that is more than can be told.

    A page of before is the same but for the keys of its forms: they count once, and its press has
    made another state of it.
    """
    state = (
        None
        if "_flashes" in session or not may_be_kept()
        else queries.ticket_state(holder(), number, _moment())
    )
    if state is None:
        return ""
    wakes = waking_key(settings())
    reader = (
        *(language(), is_elder(), request.script_root, session.get("csrf_token", "")),
        *(wakes, is_woken_here(number, wakes)),
    )
    drawn_by = (program_digest(settings().root), current_state(), running())
    return tag_of(state, reader, drawn_by)


def _offer_code(number: str) -> Callable[[str], str]:
    return partial(keys.offer_code, server_key(), number)


def _checked_ticket(number: str, form: JoinForm) -> str:
    """The ticket that the page showed above the offers; empty where it showed none."""
    ticket = given_ticket(number)
    return ticket if form.ticket.data == ticket else ""


def _show_ticket_again(number: str, form: JoinForm) -> None:
    """Whoever answers the offers at once must not lose sight of the ticket for it."""
    if _checked_ticket(number, form):
        session["shown"] = number


def _need_held(number: str, typed: str = "") -> queries.Case:
    """The issue whose ticket this browser holds; else a page that keeps what was typed."""
    found = queries.case(holder(), number, _moment())
    if found is None:
        g.typed = typed
        abort(403)
    return found


def _moment() -> queries.Moment:
    return queries.Moment(current_circle().clocks, this_moment())

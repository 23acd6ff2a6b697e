"""The page of an issue for whoever holds its ticket, which every view of it comes back to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import abort, g, render_template

from forms_app import casework, queries
from forms_app.rules import keys
from forms_app.rules.standing import So
from forms_app.rules.steps import Part, Step
from forms_app.rules.worktime import CHINA
from forms_app.web.blank_forms import NUMBER, as_nobodys
from forms_app.web.forms.resident import (
    NONE_OF_THEM,
    NOT_DONE,
    AskedAfterForm,
    DisputeForm,
    InsistForm,
    JoinForm,
    ReopenForm,
    ReplyForm,
    TellByForm,
    UndoForm,
    UntellForm,
    VerdictForm,
)
from forms_app.web.held_tickets import given_ticket, holder, is_kept_alone, is_woken_here
from forms_app.web.incidents import asked_about, running_in
from forms_app.web.languages import translated
from forms_app.web.photos import TakesPhotos
from forms_app.web.request import (
    Page,
    current_circle,
    say,
    server_key,
    settings,
    tag_of,
    this_moment,
)
from forms_app.web.residents import bp
from forms_app.web.ways import waking_key

# Nothing more is told of what has come to an end.
ENDED = (Step.CLOSED, Step.WITHDRAWN, Step.TRANSFERRED)
NOT_THE_SAME = "选错了，不是同一件事。"
STILL_WANTED = "一起办的那件不办了，我这件还要办。"


def moved_on(
    number: str, typed: str, sent: TakesPhotos | None = None, *, wants_more: bool = False
) -> Page:
    """The issue as it stands, after a move that is no longer possible: pressed twice, or late.

    What was `typed`, and the photos that came with the form that was `sent`, can be added to the
    issue with one press where it still takes additions. Of whoever `wants_more` done, the words are
    the reason in the form to open it again, where there is one. Else the page says what was not
    taken.
    """
    say("这个问题刚刚有了新进展，这一步已经办过，或不用再办。请看下面的最新情况。", "warning")
    return issue_page(number, typed=typed, sent=sent, again=typed if wants_more else ""), 409


def issue_page(
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
    asked_after: AskedAfterForm | None = None,
    typed: str = "",
    sent: TakesPhotos | None = None,
    again: str = "",
) -> str:
    found, now = need_held(number), this_moment()
    if found.issue.ring_since is not None:
        casework.looked_at(found.issue.id, now=now)
    is_joined = Part.JOINER in found.parts
    opens_reply = reply is not None
    offers: tuple[queries.Offer, ...] = ()
    may_join = "join" in found.moves and not found.issue.of_incident
    if may_join and not is_kept_alone(number):
        asked = asked_about(found.issue.community_id, found.issue.estate_id)
        offers = queries.offers(holder(), found.issue, offer_code(number), asked)
    # A form that the page does not show costs as much as one that it does.
    done = not_done = None
    says_not_done = verdict is not None and verdict.says_not_done(current_circle())
    tells = found.follows is None  # it is told of once, as whoever said so first agrees to
    if "evaluate" in found.moves and verdict is not None:
        done = not_done = VerdictForm(formdata=None)
        done, not_done = (done, verdict) if says_not_done else (verdict, not_done)
        if not tells:
            del done.may_tell
    if "reopen" in found.moves:
        usual = STILL_WANTED if So.GONE in found.so else NOT_THE_SAME if is_joined else ""
        words = again or (translated(usual) if usual else "")
        reopen = reopen or ReopenForm(formdata=None, reason=words)
    if offers:
        join = join or JoinForm(formdata=None)
    unsent = None
    if "reply" in found.moves:
        unsent = _as_addition(typed, sent) if sent is not None else None
        reply = reply or unsent
    if "dispute" in found.moves:
        dispute = dispute or DisputeForm(formdata=None)
    if "insist" in found.moves:
        insist = insist or InsistForm(formdata=None)
    if found.ways and found.step not in ENDED:
        tell_by = tell_by or TellByForm(formdata=None, tell_by=found.issue.tell_by)
        tell_by.offer(found.ways)
    wakes = waking_key(settings()) if found.step not in ENDED else ""
    if found.asked_after is not None:
        asked_after = asked_after or AskedAfterForm(formdata=None)
    undo = UndoForm(formdata=None) if "undo" in found.moves else None
    note = queries.own_note(found.issue.id) if found.step is Step.CLOSED else None
    untell = UntellForm(formdata=None) if note else None
    for form in (done, not_done, reopen, join, reply, undo, untell, dispute, insist, asked_after):
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
        tells=tells,
        NOT_DONE=NOT_DONE,
        opens="" if verdict is None else "not_done" if says_not_done else "done",
        reopen=reopen,
        is_joined=is_joined,
        join=join,
        reply=reply,
        opens_reply=opens_reply,
        has_unsent=unsent is not None,
        lost_photos=unsent is None and sent is not None and bool(sent.staged),
        undo=undo,
        asked_after=asked_after,
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
        again=again,
        is_kept=g.get("is_kept", False),
        now=now,
        news=news_tag(found.news(now), now),
    )


def news_tag(state: Sequence[object], now: datetime) -> str:
    """What an open page asks with: the day, which 今天 hangs on, then what there is to read."""
    return f"{now.astimezone(CHINA).date()}.{tag_of(state)}"


def _as_addition(typed: str, sent: TakesPhotos) -> ReplyForm | None:
    """A refused form's words and waiting photos as an addition, under the key they wait for."""
    if not typed and not sent.staged:
        return None
    addition = ReplyForm(formdata=None, text=typed, form_key=sent.key)
    addition.staged = sent.staged
    return addition


@bp.app_template_global()
def blank_verdict(*, tells: bool) -> tuple[VerdictForm, str]:
    """The verdict's form as nobody's, and a mark for the issue's number."""
    form = as_nobodys(VerdictForm(formdata=None))
    if not tells:
        del form.may_tell
    return form, NUMBER


@bp.app_template_global()
def blank_reply() -> tuple[ReplyForm, str]:
    """The form for an addition as nobody's, and a mark for the issue's number."""
    return as_nobodys(ReplyForm(formdata=None)), NUMBER


def offer_code(number: str) -> Callable[[str], str]:
    return partial(keys.offer_code, server_key(), number)


def need_held(number: str, typed: str = "") -> queries.Case:
    """The issue whose ticket this browser holds; else a page that keeps what was typed."""
    found = queries.case(holder(), number, moment())
    if found is None:
        g.typed = typed
        abort(403)
    return found


def moment() -> queries.Moment:
    return queries.Moment(current_circle().clocks, this_moment())


def _photos_beside(note: queries.OwnNote, photos: Mapping[int, Sequence[Any]]) -> list[Any]:
    """Those of the issue's photos that everybody sees with its note."""
    keys = (note.before_key, note.after_key)
    return [one for some in photos.values() for one in some if one.key in keys]

"""The page of an issue for whoever holds its ticket, which every view of it comes back to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from flask import abort, g, render_template
from msgspec import Struct
from msgspec.structs import asdict

from forms_app import casework, queries
from forms_app.issues.danger import dangers_in
from forms_app.issues.suggestions import suggest
from forms_app.rules import keys
from forms_app.rules.standing import So
from forms_app.rules.steps import ENDED, Part, Step
from forms_app.rules.worktime import local_day
from forms_app.web.blank_forms import NUMBER, as_nobodys
from forms_app.web.forms.base import OnceForm
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
    as_called,
    current_circle,
    say,
    server_key,
    settings,
    tag_of,
    this_moment,
)
from forms_app.web.residents import bp
from forms_app.web.ways import waking_key

F = TypeVar("F", bound=OnceForm)

NOT_THE_SAME = "选错了，不是同一件事。"
HERE_TOO = "一起转走的那件又在这里办了，我这件也请你们办。"
STILL_WANTED = "一起办的那件不办了，我这件还要办。"
NOT_TAKEN = "那边说不归他们管，还是请你们办。"


class OwnForms(Struct, frozen=True):
    """The small forms of the page. None: it is not shown, where it would cost as much as shown."""

    reopen: ReopenForm | None
    join: JoinForm | None
    undo: UndoForm | None
    untell: UntellForm | None
    dispute: DisputeForm | None
    insist: InsistForm | None
    asked_after: AskedAfterForm | None


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
    refused: OnceForm | None = None,
    typed: str = "",
    sent: TakesPhotos | None = None,
    again: str = "",
) -> str:
    """The page; a form of it that was `refused` stands there with its errors.

    `typed` and `sent` are of a move that came too late, `again` why it is to be opened again.
    """
    found, now = need_held(number), this_moment()
    if found.issue.ring_since is not None:
        casework.looked_at(found.issue.id, now=now)
    offers = _offers(found)
    tells = found.follows is None  # it is told of once, as whoever said so first agrees to
    verdict = refused if isinstance(refused, VerdictForm) else None
    done, not_done, opens = _doors(found, verdict, tells=tells)
    reply = refused if isinstance(refused, ReplyForm) else None
    may_reply = "reply" in found.moves
    unsent = _as_addition(typed, sent) if may_reply and sent is not None else None
    if found.question is not None:
        for form in filter(None, (reply, unsent)):
            form.as_answer()
    note = queries.own_note(found.issue.id) if found.step is Step.CLOSED else None
    own = _own_forms(
        found, refused, has_offers=bool(offers), has_note=note is not None, again=again
    )
    forms = {"done": done, "not_done": not_done, "reply": reply or unsent, **asdict(own)}
    for form in forms.values():
        if form is not None:
            form.fresh_key()
    wakes = waking_key(settings()) if found.step not in ENDED else ""
    return render_template(
        "resident/follow.html",
        **forms,
        circle=as_called(found),
        case=found,
        incidents_here=running_in(found.issue.community_id),
        ticket=ticket,
        danger=_danger_of(found) if ticket else "",
        sounds_of_danger=ticket and dangers_in(found.issue.description),
        ticket_again="" if ticket else given_ticket(number),
        tells=tells,
        NOT_DONE=NOT_DONE,
        opens=opens,
        is_joined=Part.JOINER in found.parts,
        opens_reply=reply is not None,
        has_unsent=unsent is not None,
        lost_photos=unsent is None and sent is not None and bool(sent.staged),
        note=note,
        note_photos=_photos_beside,
        tell_by=_telling(found, refused),
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


def _offers(found: queries.Case) -> tuple[queries.Offer, ...]:
    """What others have reported alike, where this one can still be joined to it."""
    issue = found.issue
    if "join" not in found.moves or issue.of_incident or is_kept_alone(issue.number):
        return ()
    asked = asked_about(issue.community_id, issue.estate_id)
    code = offer_code(issue.number)
    return queries.offers(holder(), issue, code, asked, kind_of=_kind_told)


def _kind_told(letter: str) -> str:
    """The code of the kind that a letter clearly tells of, or empty."""
    found = suggest(current_circle(), letter)
    return found.category if found else ""


def _danger_of(found: queries.Case) -> str:
    """What to do first where such a problem is a danger: whoever has just told of it reads that."""
    kind = current_circle().categories.get(
        found.issue.category or _kind_told(found.issue.description)
    )
    return kind.danger if kind else ""


def _doors(
    found: queries.Case, verdict: VerdictForm | None, *, tells: bool
) -> tuple[VerdictForm | None, VerdictForm | None, str]:
    """The forms behind 办好了 and 还没办好 where one was refused, and which of the two is open."""
    if verdict is None:
        return None, None, ""
    says_not_done = verdict.says_not_done(current_circle())
    opens = "not_done" if says_not_done else "done"
    if "evaluate" not in found.moves:
        return None, None, opens
    other = VerdictForm(formdata=None)
    done, not_done = (other, verdict) if says_not_done else (verdict, other)
    if not tells:
        del done.may_tell
    return done, not_done, opens


def _own_forms(
    found: queries.Case, refused: OnceForm | None, *, has_offers: bool, has_note: bool, again: str
) -> OwnForms:
    """Of each kind the one that was refused, else an empty one where the page shows it."""

    def form(kind: type[F], *, is_shown: bool, **values: str) -> F | None:
        if isinstance(refused, kind):
            return refused
        return kind(formdata=None, **values) if is_shown else None

    moves = found.moves
    reason = again or _usual_reason(found)
    return OwnForms(
        reopen=form(ReopenForm, is_shown="reopen" in moves, reason=reason),
        join=form(JoinForm, is_shown=has_offers),
        undo=form(UndoForm, is_shown="undo" in moves),
        untell=form(UntellForm, is_shown=has_note),
        dispute=form(DisputeForm, is_shown="dispute" in moves),
        insist=form(InsistForm, is_shown="insist" in moves),
        asked_after=form(AskedAfterForm, is_shown=found.asked_after is not None),
    )


def _usual_reason(found: queries.Case) -> str:
    """Why such an issue is opened again, as people would say it; "" where nobody can know."""
    if So.HERE_AGAIN in found.so:
        return translated(HERE_TOO)
    if So.GONE in found.so:
        return translated(STILL_WANTED)
    if found.step is Step.TRANSFERRED:
        return translated(NOT_TAKEN)
    return translated(NOT_THE_SAME) if Part.JOINER in found.parts else ""


def _telling(found: queries.Case, refused: OnceForm | None) -> TellByForm | None:
    """The choice of how news are told, where there is one and there will be news."""
    form = refused if isinstance(refused, TellByForm) else None
    if found.ways and found.step not in ENDED:
        form = form or TellByForm(formdata=None, tell_by=found.issue.tell_by)
        form.offer(found.ways)
    return form


def news_tag(state: Sequence[object], now: datetime) -> str:
    """What an open page asks with: the day, which 今天 hangs on, then what there is to read."""
    return f"{local_day(now)}.{tag_of(state)}"


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
def blank_reply(*, answers: bool) -> tuple[ReplyForm, str]:
    """The form for an addition, or an answer, as nobody's, and a mark for the issue's number."""
    form = as_nobodys(ReplyForm(formdata=None))
    if answers:
        form.as_answer()
    return form, NUMBER


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

"""A case, and the moves that somebody may make on it."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, GoesOnElsewhere, NotPossible, StaleCase
from forms_app.files.attachments import FileRefused
from forms_app.issues.access import CASE_ROLES, Actor
from forms_app.issues.incidents import RUNNERS
from forms_app.rules.procedure import INTERNAL, names_where
from forms_app.rules.said import said
from forms_app.rules.steps import BEFORE_VERDICT, Role, Step
from forms_app.web.attachments import LARGEST_BODY as LARGEST_WITH_FILES
from forms_app.web.attachments import keeping_files, look_at_files, send_attachment
from forms_app.web.bodies import LARGEST_TEXT, takes_files
from forms_app.web.forms.base import OnceForm
from forms_app.web.incidents import asked_about
from forms_app.web.photos import (
    largest_with_photos,
    let_photos_go,
    photos,
    show_photo,
    stage_photos,
)
from forms_app.web.publishing import note_kept_up
from forms_app.web.request import (
    Page,
    as_called,
    current_circle,
    named,
    need_staff,
    say,
    this_moment,
    unit_names,
)
from forms_app.web.staff import bp
from forms_app.web.staff.bulk import BULK_ROLES, MOST
from forms_app.web.staff.contacts import open_contacts
from forms_app.web.staff.move import MoveForm
from forms_app.web.staff.moves import BLANK, STAFF_MOVES, drafts, form_for, take
from forms_app.web.typed import words_in

WATCHING_MOVES = names_where(lambda move: Role.SUPERVISOR in move.who)


@bp.errorhandler(AlreadyMade)
def pressed_twice(_error: AlreadyMade) -> Page:
    """What the second press of a button sees: the issue as the first has left it."""
    return redirect(url_for(".case", number=(request.view_args or {})["number"]), 303)


@bp.get("/issues/<number>")
def case(number: str) -> Page:
    prepared = drafts(current_circle(), request.args)
    wanted = request.args.get("move", "")
    return case_page(need_staff(CASE_ROLES), number, drafts=prepared, opened=wanted)


def _largest_of_move(parts: Mapping[str, str]) -> int:
    known = STAFF_MOVES.get(parts.get("move", ""))
    if known and known.takes_files:
        return LARGEST_WITH_FILES
    return largest_with_photos(parts) if known and known.takes_photos else LARGEST_TEXT


@bp.post("/issues/<number>/<move>")
@takes_files(_largest_of_move, told_by={"move": tuple(STAFF_MOVES)})
def make_move(number: str, move: str) -> Page:
    known = STAFF_MOVES.get(move)
    actor = need_staff(CASE_ROLES)
    if known is None:
        abort(404)
    found = _need_case(actor, number)
    pressed = OnceForm().key
    if casework.is_made(found.issue.id, pressed):
        raise AlreadyMade
    if move not in found.moves:
        return _too_late(actor, found, number, move)
    form = form_for(move, current_circle(), found, request.form)
    form.version.data = request.form.get("version", "")
    if known.takes_photos:
        stage_photos(form)
    look_at_files(form)
    if form.validate():
        beside = queries.alike_numbered(actor, found.issue, form.to_compare())
        if beside is not None:
            form.shown_beside(beside.issue.number)
            say("请比对下面两边的内容，是同一件事再按一次。")
            return case_page(actor, number, refused={move: form}, beside=beside)
        try:
            with keeping_files(form), _site_kept_up(found):
                pressing = replace(actor, press=pressed)
                take(move, form, current_circle(), pressing, found, this_moment())
        except StaleCase as error:
            say(error.sentence, "error")
            return case_page(actor, number, move, request.form), error.status
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        except FileRefused as error:
            form.refuse("files", error.sentence)
        else:
            let_photos_go(form)
            if queries.case(actor, number) is None:
                say(said("已经保存，问题 %(number)s 现在归别的社区，不再在您这里。", number=number))
                return redirect(url_for(".home"), 303)
            if move in INTERNAL:
                say("已经保存，反映人看不到。")
            else:
                say("已经保存，反映人可以看到最新进展。")
            on = known.leads_to(form, found) if known.leads_to else url_for(".case", number=number)
            return redirect(on, 303)
    form.version.data = request.form.get("version", "")
    return case_page(actor, number, refused={move: form}), 422


@bp.get("/issues/<number>/photos/<key>")
def photo(number: str, key: str) -> Page:
    if not queries.may_see_photo(need_staff(CASE_ROLES), number, key):
        abort(404)
    return show_photo(key, "staff/base.html", number, url_for(".case", number=number))


@bp.get("/issues/<number>/files/<key>")
def attached(number: str, key: str) -> Page:
    found = queries.attached_file(need_staff(CASE_ROLES), number, key)
    if found is None:
        abort(404)
    return send_attachment(found.key, found.name)


@bp.get("/issues/<number>/<move>")
def move_page(number: str, move: str) -> Page:  # noqa: ARG001 (part of the address)
    """What a reload or the back button of a refused move asks for."""
    return redirect(url_for(".case", number=number), 303)


def _too_late(actor: Actor, found: queries.Case, number: str, move: str) -> Page:
    """The move is not offered: never this person's (403), or a colleague was faster (409)."""
    seen = request.form.get("version", "")
    is_watching = actor.role is Role.SUPERVISOR and move not in WATCHING_MOVES
    if is_watching or not seen or seen == str(found.issue.version):
        abort(403)
    words = STAFF_MOVES[move].too_late_for(found)
    if found.number_after:
        words = GoesOnElsewhere(found.number_after).sentence
    say(words, "error")
    return case_page(actor, number, move, request.form), StaleCase.status


def case_page(
    actor: Actor,
    number: str,
    typed_move: str = "",
    typed: MultiDict[str, str] | None = None,
    refused: dict[str, MoveForm] | None = None,
    drafts: Mapping[str, Mapping[str, str]] | None = None,
    opened: str = "",
    beside: queries.Alike | None = None,
) -> str:
    """The case with a form for each move; what was typed for one of them stays in its form.

    Where that move is no longer offered, what was typed is shown to copy from.
    """
    found = _need_case(actor, number)
    due = found.due(actor, this_moment())
    forms = _forms_of(found, due, opened, typed_move, typed, drafts or {}) | (refused or {})
    if form := forms.get(opened):
        form.take_focus()
    if (form := forms.get(typed_move)) and STAFF_MOVES[typed_move].takes_photos:
        form.staged = photos().staged(form.key)
    orphan: tuple[str, ...] = ()
    if typed is not None and typed_move not in forms:
        orphan = words_in(typed.items(multi=True))
    joined = queries.joined_to(found)
    alike = _alike_to(actor, found, beside)
    followed = queries.alike_followed(actor, found)
    compared = (*alike, *([followed] if followed else []))
    together = [one.id for one in (*joined, *(other.issue for other in compared))]
    awaited = queries.whom_it_waits_for(current_circle(), found, this_moment())
    return render_template(
        "staff/case.html",
        circle=as_called(found),
        case=found,
        contacts=open_contacts(actor, number),
        note=queries.note_page(actor, number) if found.step is Step.CLOSED else None,
        joined=joined,
        additions=queries.additions_to([one.id for one in joined]),
        readable=queries.readable(actor, joined),
        alike=alike,
        followed=followed,
        incidents=queries.incidents_with(found.issue.id) if found.issue.of_incident else (),
        may_become_incident=actor.role in RUNNERS
        and found.step in BEFORE_VERDICT
        and not found.issue.of_incident,
        pictures=queries.pictures_of([found.issue.id, *together]) if together else {},
        forms=forms,
        STAFF_MOVES=STAFF_MOVES,
        handy=[move for move in forms if STAFF_MOVES[move].is_handy and move not in (opened, due)],
        due=due,
        awaited=awaited,
        own_moves=_own_moves(actor, found.issue.id) if awaited else (),
        opened=typed_move or (opened if opened in forms else "") or next(iter(refused or ()), due),
        orphan=orphan,
        is_late=typed is not None,
        now=this_moment(),
        set_aside_with=_set_aside_with(actor, found),
        unit_names=unit_names,
        named=named,
        FIELD_LABELS=casework.FIELD_LABELS,
    )


def _forms_of(
    found: queries.Case,
    due: str,
    opened: str,
    typed_move: str,
    typed: MultiDict[str, str] | None,
    drafts: Mapping[str, Mapping[str, str]],
) -> dict[str, MoveForm | None]:
    """The forms of the case's moves in their order; None: it lies folded, blank on every case, and
    was drawn before (blank_forms).
    """
    # Who is to ring somebody up notes the contact in either of two places.
    own = {typed_move, opened, due, *drafts, "contact" if found.duty else ""}
    forms: dict[str, MoveForm | None] = {}
    for move in _in_order(found, opened if opened in found.moves else due):
        forms[move] = None
        if move in own or move not in BLANK:
            written = typed if move == typed_move else None
            forms[move] = form_for(move, current_circle(), found, written, drafts.get(move))
    return forms


def _alike_to(
    actor: Actor, found: queries.Case, beside: queries.Alike | None
) -> tuple[queries.Alike, ...]:
    """What stands beside the case to be compared; `beside`, which was asked for, first."""
    alike: tuple[queries.Alike, ...] = ()
    if _compares(actor, found):
        asked = asked_about(found.issue.community_id, found.issue.estate_id)
        alike = queries.alike_to(actor, found.issue, asked)
    if beside is None:
        return alike
    return (beside, *(one for one in alike if one.issue.id != beside.issue.id))


def _site_kept_up(found: queries.Case) -> AbstractContextManager[None]:
    """Only of what was closed may the site tell anything."""
    return note_kept_up(found.issue.number) if found.step is Step.CLOSED else nullcontext()


def _set_aside_with(actor: Actor, found: queries.Case) -> tuple[str, ...]:
    """What was set aside together with this one, for whoever may take several back at once."""
    if found.step is not Step.SET_ASIDE or actor.role not in BULK_ROLES:
        return ()
    return queries.set_aside_with(actor, found.issue.id, MOST)


def _in_order(found: queries.Case, due: str) -> list[str]:
    """What is due, then the others in the procedure's order, what is hardly ever meant last."""
    circle = current_circle()
    offered = [
        name
        for name in found.moves
        if (move := STAFF_MOVES.get(name)) is not None and move.fits(circle, found)
    ]
    return sorted(offered, key=lambda move: (move != due, STAFF_MOVES[move].is_rare))


def _compares(actor: Actor, found: queries.Case) -> bool:
    """Whether this page shows what may be the same thing: to who may say so, and their office."""
    may_say = any(move in STAFF_MOVES and STAFF_MOVES[move].compares for move in found.moves)
    is_office = actor.role in (Role.WORKER, Role.SUBDISTRICT_LEADER)
    return found.step in BEFORE_VERDICT and (may_say or is_office)


def _need_case(actor: Actor, number: str) -> queries.Case:
    found = queries.case(actor, number, queries.Moment(current_circle().clocks, this_moment()))
    if found is None:
        abort(404)
    return found


def _own_moves(actor: Actor, issue_id: int) -> Collection[str]:
    """What the case waits for from whoever looks at it."""
    return queries.own_moves(actor, [issue_id], this_moment()).get(issue_id, ())

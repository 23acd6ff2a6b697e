"""One move on several issues of the register: each on its own, by the single move's own form."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request
from msgspec import Struct
from werkzeug.datastructures import MultiDict

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, CaseError
from forms_app.issues.access import LEVELS, Actor
from forms_app.rules.move import Only
from forms_app.rules.procedure import MOVES as PROCEDURE
from forms_app.rules.said import Said, said
from forms_app.rules.steps import STEPS, URGENCIES
from forms_app.rules.worktime import CalendarUnknown, urgency_due
from forms_app.web.forms.base import Form, OnceForm, fresh_form_key
from forms_app.web.forms.fields import NUMBER_LETTERS
from forms_app.web.request import Page, current_circle, need_staff, say, this_moment
from forms_app.web.staff.move import MoveForm
from forms_app.web.staff.moves import STAFF_MOVES, form_for, take
from forms_app.web.staff.saved_views import register_url, understood

bp = Blueprint("bulk", __name__, url_prefix="/staff/bulk")

BULK_ROLES = LEVELS
MOVES = tuple(
    dict.fromkeys(
        one.name
        for one in PROCEDURE
        if one.name in STAFF_MOVES and STAFF_MOVES[one.name].is_for_several
    )
)
# Of each its rows in the procedure.
_WAYS = {move: [one for one in PROCEDURE if one.name == move] for move in MOVES}
MOST = 100  # issues


class Left(Struct, frozen=True):
    """An issue with which nothing was done, and why."""

    number: str
    why: str


class Chosen(Struct, frozen=True):
    """What was chosen, for one move: who can take it now, and who cannot."""

    movable: tuple[queries.Case, ...]
    left: tuple[Left, ...]


def offered_on(actor: Actor, rows: Sequence[queries.QueueRow]) -> dict[str, frozenset[str]]:
    """The moves for several that this page of the register has issues for, each with the numbers
    of those whose step and class have it; who may make it, the list before the press says.
    """
    if actor.role not in BULK_ROLES:
        return {}
    found = {
        move: frozenset(
            row.issue.number
            for row in rows
            if any(
                one.applies(row.step, row.issue.severity_class)
                and (one.only is not Only.IN_BURST or row.issue.in_burst)
                for one in _WAYS[move]
            )
        )
        for move in MOVES
    }
    return {move: numbers for move, numbers in found.items() if numbers}


@bp.post("/<move>")
def choose(move: str) -> Page:
    """The list of what would happen, before anything does."""
    actor = _need_leader(move)
    if not Form().validate():
        abort(400)
    address = understood(request.form.get("address"))
    # What stands on the page is told once, so that all of it is one press without a script.
    everything = request.form.get("here", "").split() if "everything" in request.form else []
    numbers = list(dict.fromkeys([*everything, *request.form.getlist("numbers")]))
    if not numbers or len(numbers) > MOST:
        say(
            said("一次最多选%(most)s件。", most=MOST) if numbers else "请先在表里勾选问题。",
            "warning",
        )
        return redirect(register_url(address), 303)
    chosen = _chosen(actor, move, ((number, None) for number in numbers))
    form = _asking_most(move, chosen.movable) if chosen.movable else None
    return _page(move, chosen, form, address, fresh_form_key())


@bp.post("/<move>/confirm")
def confirm(move: str) -> Page:
    """Makes the move on each; what a colleague changed meanwhile is left and told."""
    actor = _need_leader(move)
    once = OnceForm()
    if not once.validate() or not once.key:
        abort(400)
    address = understood(request.form.get("address"))
    held = [one.partition(":")[::2] for one in request.form.getlist("held")[:MOST]]
    pressing = replace(actor, press=once.key)
    done: list[str] = []
    chosen = _chosen(pressing, move, held, done)
    if chosen.movable:
        asked = _asking_most(move, chosen.movable, request.form)
        if not _is_whole(asked):
            return _page(move, chosen, asked, address, once.key), 422
    left = list(chosen.left)
    for case in chosen.movable:
        why = _make(move, pressing, case)
        if why is None:
            done.append(case.issue.number)
        else:
            left.append(Left(case.issue.number, why))
    return render_template(
        "staff/bulk_done.html",
        move=move,
        title=STAFF_MOVES[move].title,
        done=done,
        left=left,
        back=register_url(address),
    )


@bp.get("/<move>")
@bp.get("/<move>/confirm")
def again(move: str) -> Page:  # noqa: ARG001 (part of the address)
    """What a reload or the back button asks for: it is chosen in the register."""
    need_staff(BULK_ROLES)
    return redirect(register_url(""), 303)


def _need_leader(move: str) -> Actor:
    actor = need_staff(BULK_ROLES)
    if move not in MOVES:
        abort(404)
    return actor


def _chosen(
    actor: Actor,
    move: str,
    numbers: Iterable[Sequence[str | None]],
    done: list[str] | None = None,
) -> Chosen:
    """Each issue as it is now: whether the case page would offer the move.

    With a version, it must still be that one; `done` gets those that this press has moved already.
    """
    movable, left = [], []
    at = queries.Moment(current_circle().clocks, this_moment())
    for number, version in numbers:
        shown = (number or "")[:NUMBER_LETTERS]
        case = queries.case(actor, shown, at)
        if case is None:
            left.append(Left(shown, casework.IssueUnknown.sentence))
        elif done is not None and casework.is_made(case.issue.id, actor.press):
            done.append(shown)
        elif version is not None and version != str(case.issue.version):
            left.append(Left(shown, "刚刚有同事先办了一步，情况已经变了，请看过再定。"))
        elif move not in case.moves:
            left.append(Left(shown, _why_not(case, move)))
        else:
            movable.append(case)
    return Chosen(tuple(movable), tuple(left))


def _why_not(case: queries.Case, move: str) -> Said | str:
    step, title = STEPS[case.step].label, STAFF_MOVES[move].title_of(case)
    if case.issue.severity_class:
        return said(
            "现在是%(step)s（%(class)s类），您不能%(move)s。",
            **{"step": said(step), "class": case.issue.severity_class, "move": said(title)},
        )
    return said("现在是%(step)s，您不能%(move)s。", step=said(step), move=said(title))


def _make(move: str, actor: Actor, case: queries.Case) -> str | None:
    """Makes it on one; a sentence where that was not possible."""
    form = form_for(move, current_circle(), case, request.form)
    form.version.data = str(case.issue.version)
    if not form.validate():
        return "；".join(str(one) for errors in form.errors.values() for one in errors)
    try:
        take(move, form, current_circle(), actor, case, this_moment())
    except AlreadyMade:
        return None
    except CaseError as error:
        return error.sentence
    return None


def _asking_most(
    move: str, cases: Sequence[queries.Case], typed: MultiDict[str, str] | None = None
) -> MoveForm:
    """The form that has, and needs, the most: what fits it fits the others."""
    forms = [form_for(move, current_circle(), case, typed) for case in cases]
    return max(
        forms, key=lambda form: (len(list(form)), sum(field.flags.required or 0 for field in form))
    )


def _is_whole(form: MoveForm) -> bool:
    """Whether nothing is missing; what one issue alone needs, casework asks for too late."""
    form.validate()
    for field in form:
        if field.flags.required and not field.data and not field.errors:
            form.refuse(field.name, "这一项要写明，不能空着。")
    return not form.errors


def _page(move: str, chosen: Chosen, form: MoveForm | None, address: str, key: str) -> str:
    return render_template(
        "staff/bulk.html",
        move=move,
        title=STAFF_MOVES[move].title,
        chosen=chosen,
        form=form,
        key=key,
        address=address,
        deadlines=_deadlines(form),
        back=register_url(address),
        now=this_moment(),
    )


def _deadlines(form: MoveForm | None) -> dict[int, datetime]:
    """When an issue that is graded now is due, by its urgency; none where nothing is graded, or the
    year's working days are not known.
    """
    if form is None or "urgency" not in form:
        return {}
    clocks = current_circle().clocks
    try:
        return {one: urgency_due(clocks, this_moment(), one) for one in URGENCIES}
    except CalendarUnknown:
        return {}

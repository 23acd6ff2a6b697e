"""The moves that staff make on a case: one file each, called what the procedure calls it."""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules

from werkzeug.datastructures import MultiDict

from forms_app import queries
from forms_app.casework import NotPossible
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.worktime import CalendarUnknown
from forms_app.web.blank_forms import NUMBER, VERSION, as_nobodys
from forms_app.web.staff import bp
from forms_app.web.staff.move import MoveForm, StaffMove

STAFF_MOVES: Mapping[str, StaffMove] = {
    file.name: import_module(f"{__name__}.{file.name}").MOVE for file in iter_modules(__path__)
}

# Their empty forms are the same on every case.
BLANK = frozenset(name for name, move in STAFF_MOVES.items() if move.is_blank)


def form_for(
    move: str,
    circle: Circle,
    case: queries.Case,
    typed: MultiDict[str, str] | None,
    draft: Mapping[str, str] | None = None,
) -> MoveForm:
    """The move's form for this case: empty with its suggestions, or with what was typed.

    `draft` is prepared text to start from, by field.
    """
    form = STAFF_MOVES[move].form.for_case(circle, case, typed, draft or {})
    form.version.data = str(case.issue.version)
    form.fresh_key()
    return _with_own_ids(move, form)


@bp.app_template_global()
def blank_move(move: str) -> tuple[MoveForm, str, str, str]:
    """The form of one of BLANK as nobody's, its template, and marks for number and version."""
    form = as_nobodys(STAFF_MOVES[move].form(formdata=None))
    return _with_own_ids(move, form), STAFF_MOVES[move].fields, NUMBER, VERSION


def _with_own_ids(move: str, form: MoveForm) -> MoveForm:
    """For a page that holds several, each with a reason."""
    for field in form:
        field.id = f"{move}-{field.id}"
    return form


def drafts(circle: Circle, asked: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Texts to start from that a link on the case page asked for: move → field → text."""
    found = {name: move.form.draft(circle, asked) for name, move in STAFF_MOVES.items()}
    return {name: draft for name, draft in found.items() if draft}


def take(
    move: str, form: MoveForm, circle: Circle, actor: Actor, case: queries.Case, now: datetime
) -> None:
    """Makes the move with what a valid form says. Raises casework's errors."""
    known = STAFF_MOVES[move]
    version = None if known.is_independent else form.seen_version
    try:
        known.make(circle, actor, case.issue.number, version, now=now, **form.said(case))
    except CalendarUnknown as error:
        # Beside the form rather than instead of it: what was typed must stay.
        raise NotPossible("", str(error)) from error

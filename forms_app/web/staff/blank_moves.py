"""Moves whose empty form is the same on every case, drawn once for all of them (web/kept_pieces).

A form is drawn as nobody's, with marks in the places of what is a case's or a reader's own: they
are filled in when the piece stands on a page.
"""

from secrets import token_hex

from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from forms_app.web.forms.base import fresh_form_key
from forms_app.web.staff import bp
from forms_app.web.staff.move import MoveForm
from forms_app.web.staff.moves import STAFF_MOVES, with_own_ids

_NUMBER, _VERSION, _KEY, _TOKEN = (token_hex(16) for _ in range(4))


@bp.app_template_global()
def blank_form(move: str) -> tuple[MoveForm, str, str, str]:
    """The form, its template, and marks in the places of the case's number and version."""
    form = with_own_ids(move, STAFF_MOVES[move].form(formdata=None))
    form.form_key.data, form.csrf_token.current_token = _KEY, _TOKEN
    return form, STAFF_MOVES[move].fields, _NUMBER, _VERSION


def filled_in(piece: Markup, number: str, version: int) -> Markup:
    """What was drawn of a blank form, for this case, its reader and one press."""
    own = {_NUMBER: number, _VERSION: version, _KEY: fresh_form_key(), _TOKEN: generate_csrf()}
    text = str(piece)
    for mark, value in own.items():
        text = text.replace(mark, str(value))
    return Markup(text)  # noqa: S704 (digits, and what is random)

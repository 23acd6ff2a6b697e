"""Forms in which nobody has written yet, the same for everybody: drawn once (web/kept_pieces).

Such a form is drawn as nobody's, with marks in the places of what is an issue's or a reader's own.
They are filled in whenever its piece comes onto a page.
"""

from secrets import token_hex
from typing import TypeVar

from markupsafe import Markup

from forms_app.web.forms.base import OnceForm, csrf_token, fresh_form_key

F = TypeVar("F", bound=OnceForm)

# Of an issue: templates of pieces draw them, too.
NUMBER, VERSION = token_hex(16), token_hex(16)
_KEY, _TOKEN = token_hex(16), token_hex(16)


def as_nobodys(form: F) -> F:
    """An empty form with marks for its keys."""
    form.form_key.data, form.csrf_token.current_token = _KEY, _TOKEN
    return form


def filled_in(piece: Markup, number: str, version: int = 0) -> Markup:
    """A piece with its marks filled in: for this issue, its reader, and one press."""
    own = {NUMBER: number, VERSION: version, _KEY: fresh_form_key(), _TOKEN: csrf_token()}
    text = str(piece)
    for mark, value in own.items():
        text = text.replace(mark, str(value))
    return Markup(text)  # noqa: S704 (digits, and what is random)

"""The resident says that it is otherwise than staff wrote."""

from collections.abc import Callable

from flask import redirect, url_for

from forms_app import casework
from forms_app.casework import NotAllowed
from forms_app.web.forms.base import OnceForm
from forms_app.web.forms.resident import DisputeForm, InsistForm
from forms_app.web.held_tickets import holder
from forms_app.web.publishing import note_kept_up
from forms_app.web.request import (
    Page,
    current_circle,
    say,
    this_moment,
)
from forms_app.web.residents import bp
from forms_app.web.residents.issue_page import issue_page, moved_on, need_held


@bp.post("/issues/<number>/dispute")
def dispute(number: str) -> Page:
    form = DisputeForm()
    words = form.meant.data or ""
    return _object(number, form, words, casework.dispute, "已经记下，这件事重新办理。")


@bp.post("/issues/<number>/insist")
def insist(number: str) -> Page:
    """What was set aside is real: it comes back at once."""
    form = InsistForm()
    words = form.words.data or ""
    noted = "已经记下，这件事回到待办最前面，接着办。"
    return _object(number, form, words, casework.insist, noted)


def _object(
    number: str, form: OnceForm, words: str, act: Callable[..., object], noted: str
) -> Page:
    """The resident says in a few words that it is otherwise."""
    need_held(number, words)
    if form.validate():
        with note_kept_up(number):
            try:
                act(current_circle(), holder(form), number, words, now=this_moment())
            except NotAllowed:
                return moved_on(number, words)
        say(noted)
        return redirect(url_for(".follow", number=number), 303)
    return issue_page(number, refused=form), 422

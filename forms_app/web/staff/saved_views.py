"""What somebody often looks at in the register: remembered, renamed, put away."""

from urllib.parse import parse_qsl

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from forms_app import casework, queries
from forms_app.casework import NotPossible
from forms_app.issues.access import CASE_ROLES
from forms_app.issues.register_columns import NAME, read_columns, whole_address
from forms_app.issues.register_filters import in_words, read
from forms_app.rules.said import listed, said
from forms_app.web.addresses import LARGEST_KEY
from forms_app.web.forms.base import Form
from forms_app.web.forms.fields import NO_SUCH_CHOICE, line, whole_number
from forms_app.web.request import Page, current_circle, need_staff, say

bp = Blueprint("saved_views", __name__, url_prefix="/staff/views")

NAME_LETTERS = 20


class SaveForm(Form):
    name = line("给它起个名字", NAME_LETTERS, "请起个名字", autocomplete="off")
    address = HiddenField()


class RenameForm(Form):
    view = whole_number("", 1, LARGEST_KEY, NO_SUCH_CHOICE)
    name = line("名字", NAME_LETTERS, "请起个名字", autocomplete="off")


class DropForm(Form):
    view = whole_number("", 1, LARGEST_KEY, NO_SUCH_CHOICE)


@bp.get("/")
def page() -> str:
    """All own ones with what each looks for today."""
    found = []
    for view in queries.saved_views(need_staff(CASE_ROLES)):
        filters, refused = read(current_circle(), _given(view.address))
        words = in_words(current_circle(), filters).values()
        found.append((view, listed(words, "%(before)s；%(one)s"), refused))
    return render_template(
        "staff/saved_views.html", views=found, letters=NAME_LETTERS, most=casework.MOST_VIEWS
    )


@bp.post("/")
def save() -> Page:
    """Only what the register understands is kept, in its own order of words."""
    actor = need_staff(CASE_ROLES)
    form = SaveForm()
    address = understood(form.address.data)
    back = redirect(register_url(address), 303)
    if form.validate():
        try:
            casework.save_view(actor, form.name.data, address)
        except NotPossible as error:
            say(error.sentence, "error")
            return back
        say(said("记住了：%(name)s。", name=form.name.data))
        return back
    _tell(form)
    return back


@bp.post("/rename")
def rename() -> Page:
    actor = need_staff(CASE_ROLES)
    form = RenameForm()
    if form.validate():
        try:
            casework.rename_view(actor, form.view.data, form.name.data)
        except NotPossible as error:
            say(error.sentence, "error")
        else:
            say("名字改好了。")
    else:
        _tell(form)
    return redirect(url_for(".page"), 303)


@bp.post("/drop")
def drop() -> Page:
    actor = need_staff(CASE_ROLES)
    form = DropForm()
    if not form.validate():
        abort(400)
    casework.drop_view(actor, form.view.data)
    say("删掉了；问题本身都还在。")
    return redirect(url_for(".page"), 303)


def _given(address: str) -> MultiDict[str, str]:
    """The conditions of an address; of a damaged one, those that can be read."""
    return MultiDict(parse_qsl(address[:4000]))


def understood(address: str | None) -> str:
    """What the register makes of the query of an address, written anew."""
    given = _given(address or "")
    filters, _ = read(current_circle(), given)
    return whole_address(filters.address, read_columns(given.getlist(NAME)))


def register_url(address: str) -> str:
    """Where the register shows this query."""
    return url_for("staff_register.page") + (f"?{address}" if address else "")


def _tell(form: Form) -> None:
    """Says what is wrong with the name; anything else is no form of ours."""
    if set(form.errors) != {"name"}:
        abort(400)
    for sentence in form.errors["name"]:
        say(sentence, "error")

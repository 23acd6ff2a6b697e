"""What is told in public of closed issues (公示): drafted, reviewed, taken down."""

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, NotPossible, StaleCase
from forms_app.issues.access import Actor
from forms_app.issues.public_notes import NOTE_ROLES
from forms_app.web.forms.public_notes import NoteForm, TakeDownForm
from forms_app.web.publishing import note_kept_up, press
from forms_app.web.request import Page, current_circle, need_staff, say, this_moment
from forms_app.web.staff.refusing import refuse

bp = Blueprint("public_notes", __name__, url_prefix="/staff/notes")


@bp.errorhandler(AlreadyMade)
def pressed_twice(_error: AlreadyMade) -> Page:
    return redirect(url_for(".listed"), 303)


@bp.get("/")
def listed() -> Page:
    found = queries.notes_of(need_staff(NOTE_ROLES))
    return render_template(
        "staff/notes.html",
        waiting=[one for one in found if not one.told],
        drafted=[one for one in found if one.told and one.published_at is None],
        published=[one for one in found if one.published_at is not None],
    )


@bp.get("/<number>")
def note(number: str) -> Page:
    return _page(need_staff(NOTE_ROLES), number)


@bp.post("/<number>")
def draft(number: str) -> Page:
    actor, form = need_staff(NOTE_ROLES), NoteForm()
    found = _need(actor, number)
    form.offer(found.photos)
    if form.validate():
        drafted = casework.Drafted(
            told=form.told.data,
            names_estate=form.names_estate.data,
            before_key=form.before_key.data if "before_key" in form else "",
            after_key=form.after_key.data if "after_key" in form else "",
        )
        try:
            casework.draft_note(
                current_circle(), replace(actor, press=form.key), number, form.seen_version,
                drafted, publish=form.publishes, now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            refuse(form, error)
            return _page(actor, number, form=form), error.status
        if form.publishes or found.note.published_at is not None:
            press().start()
        if form.publishes:
            say("已经公示，网站正在更新，一会儿就能看到。")
        else:
            say("已经存好，等社区书记审核。")
        return redirect(url_for(".listed"), 303)
    return _page(actor, number, form=form), 422


@bp.post("/<number>/end")
def take_down(number: str) -> Page:
    actor, form = need_staff(NOTE_ROLES), TakeDownForm()
    _need(actor, number)
    if form.validate():
        try:
            with note_kept_up(number):
                casework.take_down_note(
                    replace(actor, press=form.key), number, form.seen_version, form.reason.data,
                    now=this_moment(),
                )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            refuse(form, error)
            return _page(actor, number, ending=form), error.status
        say("这件事不公示了；已经在网站上的，马上撤下。")
        return redirect(url_for(".listed"), 303)
    return _page(actor, number, ending=form), 422


@bp.get("/<number>/end")
def back(number: str) -> Page:
    """What a reload or the back button of a refused form asks for."""
    return redirect(url_for(".note", number=number), 303)


def _need(actor: Actor, number: str) -> queries.NotePage:
    """The note; where there is none now, the list, which says why."""
    found = queries.note_page(actor, number)
    if found is None:
        if not queries.was_note(actor, number):
            abort(404)
        say("这件事现在不公示：反映人收回了，或者又在办，或者已经撤下。")
        abort(redirect(url_for(".listed"), 303))
    return found


def _page(
    actor: Actor,
    number: str,
    form: NoteForm | None = None,
    ending: TakeDownForm | None = None,
) -> str:
    found = _need(actor, number)
    if form is None:
        form = NoteForm(
            formdata=None, told=found.note.told,
            names_estate=bool(found.note.estate_id), before_key=found.note.before_key,
            after_key=found.note.after_key,
        )  # fmt: skip
        form.offer(found.photos)
    ending = ending or TakeDownForm(formdata=None)
    for one in (form, ending):
        one.fresh_key()
        if request.method != "POST" or not one.version.data:
            one.version.data = str(found.note.version)
    return render_template("staff/note.html", found=found, form=form, ending=ending)

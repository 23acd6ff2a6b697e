"""What the resident thinks of what was done, with words and photos, and taken back."""

from flask import redirect, url_for

from forms_app import casework
from forms_app.casework import WHY_NEEDED, NotAllowed, NotPossible
from forms_app.rules.projects import Answer
from forms_app.web.forms.resident import AskedAfterForm, UndoForm, UntellForm, VerdictForm
from forms_app.web.held_tickets import holder
from forms_app.web.photos import let_photos_go, stage_photos, takes_photos
from forms_app.web.publishing import note_kept_up
from forms_app.web.request import (
    Page,
    current_circle,
    say,
    this_moment,
)
from forms_app.web.residents import bp
from forms_app.web.residents.issue_page import issue_page, moved_on, need_held
from forms_app.web.slowly import refuse_wordless


@bp.post("/issues/<number>/verdict")
@takes_photos
def give_verdict(number: str) -> Page:
    form = VerdictForm()
    need_held(number, form.comment.data or "")
    stage_photos(form, number)
    says_not_done = form.says_not_done(current_circle())
    if form.validate():
        try:
            casework.evaluate(
                current_circle(),
                holder(form),
                number,
                None,
                satisfaction=int(form.satisfaction.data),
                comment=form.comment.data,
                photos=form.staged,
                may_tell=form.may_tell.data,
                now=this_moment(),
            )
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        except NotAllowed:
            return moved_on(number, form.comment.data, form, wants_more=says_not_done)
        else:
            let_photos_go(form)
            say("谢谢，您的评价已经收到。")
            return redirect(url_for(".follow", number=number), 303)
    elif says_not_done:
        form.ask_for(WHY_NEEDED)  # all that is missing at once
    return issue_page(number, refused=form), 422


@bp.post("/issues/<number>/undo")
def undo(number: str) -> Page:
    form = UndoForm()
    need_held(number)
    if not form.validate():
        refuse_wordless()
    with note_kept_up(number):
        try:
            casework.undo(current_circle(), holder(form), number, now=this_moment())
        except NotAllowed:
            return moved_on(number, "")
    say("上一次评价已经收回，请重新评价。")
    return redirect(url_for(".follow", number=number), 303)


@bp.post("/issues/<number>/asked-after")
def say_after(number: str) -> Page:
    """Whether it is better since the project was done: better, or still so."""
    form = AskedAfterForm()
    need_held(number)
    if not form.validate():
        return issue_page(number, refused=form), 422
    make = casework.better if form.answer.data == Answer.BETTER else casework.still
    with note_kept_up(number):
        try:
            entry = make(current_circle(), holder(form), number, None, now=this_moment())
        except (NotAllowed, NotPossible):
            return moved_on(number, "")
    say(
        "好，已经记下，重新办，会给您回话。"
        if entry.to_round != entry.round_no
        else "谢谢，您的回答已经记下。"
    )
    return redirect(url_for(".follow", number=number), 303)


@bp.post("/issues/<number>/untell")
def untell(number: str) -> Page:
    """What is told of it in public, or was to be, is taken back, and off the site at once."""
    form = UntellForm()
    need_held(number)
    if not form.validate():
        refuse_wordless()
    with note_kept_up(number):
        try:
            casework.take_note_back(holder(form), number, now=this_moment())
        except NotAllowed:
            return moved_on(number, "")
    say("已经收回，网站上马上就没有了。")
    return redirect(url_for(".follow", number=number), 303)

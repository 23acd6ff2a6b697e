"""What the resident thinks of what was done, with words and photos, and taken back."""

from flask import abort, redirect, url_for

from forms_app import casework
from forms_app.casework import NotAllowed, NotPossible
from forms_app.web.forms.resident import UndoForm, VerdictForm
from forms_app.web.photos import let_photos_go, stage_photos, takes_photos
from forms_app.web.request import Page, current_circle, holder, say, this_moment
from forms_app.web.residents import bp
from forms_app.web.residents.issue_page import issue_page, moved_on, need_held


@bp.post("/issues/<number>/verdict")
@takes_photos
def give_verdict(number: str) -> Page:
    form = VerdictForm()
    need_held(number, form.comment.data or "")
    stage_photos(form, number)
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
                now=this_moment(),
            )
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        except NotAllowed:
            return moved_on(number, form.comment.data)
        else:
            let_photos_go(form)
            say("谢谢，您的评价已经收到。")
            return redirect(url_for(".follow", number=number), 303)
    return issue_page(number, verdict=form), 422


@bp.post("/issues/<number>/undo")
def undo(number: str) -> Page:
    form = UndoForm()
    need_held(number)
    if not form.validate():
        abort(400)
    try:
        casework.undo(current_circle(), holder(form), number, now=this_moment())
    except NotAllowed:
        return moved_on(number, "")
    say("上一次评价已经收回，请重新评价。")
    return redirect(url_for(".follow", number=number), 303)

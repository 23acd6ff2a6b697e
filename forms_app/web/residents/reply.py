"""What the resident adds to what they reported, asked for or not."""

from flask import redirect, url_for

from forms_app import casework
from forms_app.casework import NotAllowed, NotPossible
from forms_app.web.forms.resident import ReplyForm
from forms_app.web.held_tickets import holder
from forms_app.web.photos import let_photos_go, stage_photos, takes_photos
from forms_app.web.request import (
    Page,
    current_circle,
    say,
    this_moment,
)
from forms_app.web.residents import bp
from forms_app.web.residents.issue_page import issue_page, moved_on, need_held


@bp.post("/issues/<number>/reply")
@takes_photos
def reply(number: str) -> Page:
    """What the resident adds to what they reported, asked for or not."""
    form = ReplyForm()
    need_held(number, form.text.data or "")
    stage_photos(form, number)
    if form.validate():
        try:
            casework.reply(
                current_circle(), holder(form), number, None, form.text.data,
                photos=form.staged, now=this_moment(),
            )  # fmt: skip
        except NotPossible as error:
            form.refuse("text" if error.field == "addition" else error.field, error.sentence)
        except NotAllowed:
            return moved_on(number, form.text.data, form, wants_more=True)
        else:
            let_photos_go(form)
            say("已经补充，社区能看到。")
            return redirect(url_for(".follow", number=number), 303)
    return issue_page(number, refused=form), 422

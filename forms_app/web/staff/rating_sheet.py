"""Ratings from the doorstep or from paper cards, ten at once."""

from flask import redirect, render_template, url_for

from forms_app import casework
from forms_app.casework import NotPossible, RowsRefused
from forms_app.casework.rating_sheet import ENTERERS
from forms_app.rules.said import said
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.rating_sheet import ROWS, RatingSheetForm
from forms_app.web.request import Page, current_circle, form_key, need_staff, say, this_moment
from forms_app.web.staff import bp


@bp.get("/ratings/sheet")
def rating_sheet() -> Page:
    actor = need_staff(ENTERERS)
    form = RatingSheetForm(told_on=this_moment().astimezone(CHINA).date())
    form.fresh_key()
    form.offer(current_circle(), actor.community_id)
    return render_template("staff/rating_sheet.html", form=form, rows=ROWS)


@bp.post("/ratings/sheet")
def enter_ratings() -> Page:
    actor = need_staff(ENTERERS)
    form = RatingSheetForm()
    form.offer(current_circle(), actor.community_id)
    if form.validate():
        rows = form.rows(actor.community_id)
        try:
            opened = casework.enter_ratings(
                current_circle(), actor, rows,
                way=form.way.data, told_on=form.told_on.data,
                form_key=form_key(form), now=this_moment(),
            )  # fmt: skip
        except RowsRefused as refused:
            for place, error in refused.rows.items():
                form.refuse(f"{error.field}_{place}", error.sentence)
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        else:
            say(_told(len(rows), opened))
            return redirect(url_for(".rating_sheet"), 303)
    form.fresh_key()
    return render_template("staff/rating_sheet.html", form=form, rows=ROWS), 422


def _told(count: int, opened: list[str]) -> str:
    if not opened:
        return said("%(count)s条评价已经录入。", count=count)
    return said(
        "%(count)s条评价已经录入；不满意的开了问题%(numbers)s，要告诉本人结果的，请补发查询码。",
        count=count,
        numbers="、".join(opened),
    )

"""Ratings from the doorstep or from paper cards, ten at once."""

from collections.abc import Mapping

from flask import redirect, render_template, url_for

from forms_app import casework
from forms_app.casework import NotPossible, RowsRefused
from forms_app.casework.rating_sheet import ENTERERS
from forms_app.rules.said import said
from forms_app.web.bodies import takes_files
from forms_app.web.forms.photos import RowPhoto
from forms_app.web.forms.rating_sheet import ROWS, RatingSheetForm
from forms_app.web.photos import largest_with_photos, let_photos_go
from forms_app.web.request import (
    Page,
    current_circle,
    form_key,
    need_staff,
    say,
    this_day,
    this_moment,
)
from forms_app.web.row_photos import stage_row_photos
from forms_app.web.staff import bp

# Ten rows of eight fields, and what stands above them.
MOST_PARTS = 100


@bp.get("/ratings/sheet")
def rating_sheet() -> Page:
    actor = need_staff(ENTERERS)
    today = this_day()
    form = RatingSheetForm(told_on=today)
    form.fresh_key()
    form.offer(current_circle(), actor.community_id, today)
    return _sheet_page(form, form.row_photos(), 200)


@bp.post("/ratings/sheet")
@takes_files(largest_with_photos, parts=MOST_PARTS)
def enter_ratings() -> Page:
    actor = need_staff(ENTERERS)
    form = RatingSheetForm()
    form.fresh_key()
    form.offer(current_circle(), actor.community_id, this_day())
    row_photos = form.row_photos()
    refused = stage_row_photos(form, list(row_photos.values()))
    staged = {place: row.staged for place, row in row_photos.items()}
    is_right = form.validate()
    is_right &= form.check_rows(staged)
    for name, sentence in refused.items():
        form.refuse(name, sentence)
    if is_right and not refused:
        rows = form.rows(actor.community_id, staged)
        try:
            opened = casework.enter_ratings(
                current_circle(), actor, rows,
                way=form.way.data, told_on=form.told_on.data,
                form_key=form_key(form), now=this_moment(),
            )  # fmt: skip
        except RowsRefused as errors:
            for place, error in errors.rows.items():
                form.refuse(f"{error.field}_{place}", error.sentence)
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        else:
            for row in row_photos.values():
                let_photos_go(row)
            say(_told(len(rows), opened, any(row.complaint.phone for row in rows.values())))
            return redirect(url_for(".rating_sheet"), 303)
    return _sheet_page(form, row_photos, 422)


def _sheet_page(form: RatingSheetForm, photos: Mapping[int, RowPhoto], status: int) -> Page:
    page = render_template("staff/rating_sheet.html", form=form, rows=ROWS, photos=photos)
    return page, status


def _told(count: int, opened: list[str], has_phones: bool) -> str:
    if not opened:
        return said("%(count)s条评价已经录入。", count=count)
    numbers = "、".join(opened)
    if has_phones:
        return said(
            "%(count)s条评价已经录入；不满意的开了问题%(numbers)s。"
            "留了电话的，有了答复会提醒打电话告诉本人；没留的，要告诉结果请补发查询码。",
            count=count,
            numbers=numbers,
        )
    return said(
        "%(count)s条评价已经录入；不满意的开了问题%(numbers)s，要告诉本人结果的，请补发查询码。",
        count=count,
        numbers=numbers,
    )

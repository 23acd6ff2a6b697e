"""Many records at once: a workbook down, filled in by hand, and up again with a look before it is
saved. What lies between two pages is in the uploads' folder, for its owner alone."""

from collections.abc import Mapping

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from forms_app.community import DataRefused
from forms_app.content.kinds import KINDS
from forms_app.content.listing import Unwritable
from forms_app.content.plans import Plans
from forms_app.content.records import StillNeeded, all_of
from forms_app.content.saving import Change, ChangedMeanwhile, ContentBusy, content_now
from forms_app.content.sheet import above, in_our_sheets
from forms_app.content.uploading import (
    Planned,
    WrongSheet,
    grouped,
    plan,
    save_planned,
    shape_of,
    stamp_of,
)
from forms_app.content.versions import digest_of
from forms_app.rules.said import said
from forms_app.rules.steps import CONTENT_ROLES
from forms_app.spreadsheets import fed_export
from forms_app.spreadsheets.sheets import FileRefused
from forms_app.spreadsheets.uploads import Upload
from forms_app.web.bodies import is_too_large, takes_files
from forms_app.web.forms.imports import UploadForm
from forms_app.web.forms.records import SheetForm
from forms_app.web.publishing import take_up
from forms_app.web.request import (
    Page,
    current_circle,
    current_state,
    need_staff,
    say,
    settings,
    this_day,
    this_moment,
)
from forms_app.web.slow_work import AllAtWork, slow_work
from forms_app.web.staff.records import kind_at, needed_words, unwritable
from forms_app.web.staff.uploaded import (
    LARGEST_BODY,
    found_upload,
    keep_sheet,
    need_upload,
    uploads,
)
from forms_app.web.staff.workbooks import workbook_answer

bp = Blueprint("record_sheets", __name__, url_prefix="/staff/records")
bp.register_error_handler(Unwritable, unwritable)
SHOWN = 50  # of each: what is added, changed, not in the sheet, wrong
SHOWN_ROWS = 8  # of those that have the same fault


@bp.get("/<kind>/sheet")
def choose_file(kind: str) -> Page:
    need_staff(CONTENT_ROLES)
    uploads().erase_old(this_moment())
    return _upload_page(kind, UploadForm(formdata=None))


@bp.get("/<kind>/sheet.xlsx")
def download(kind: str) -> Page:
    """The records as they are, to be filled in; the title says of which version."""
    need_staff(CONTENT_ROLES)
    found, circle, today = kind_at(kind), current_circle(), this_day()
    shape = shape_of(found)
    columns = in_our_sheets(shape.columns(found, circle))
    rows = []
    for record in all_of(settings(), found).values():
        cells = shape.cells(found, record.values, circle)
        rows.append([cells.get(one.label, "") for one in columns])
    title, notes = above(found, today, stamp_of(content_now(settings(), found.file)))
    return workbook_answer(
        lambda: fed_export.workbook(settings(), found.name, title, notes, columns, rows),
        f"{found.name}{today:%Y%m%d}.xlsx",
        instead=url_for(".choose_file", kind=kind),
    )


@bp.post("/<kind>/sheet")
@takes_files(lambda _parts: LARGEST_BODY, is_told=True)
def upload(kind: str) -> Page:
    actor = need_staff(CONTENT_ROLES)
    kind_at(kind)
    if is_too_large():
        form = UploadForm(formdata=None)
        form.refuse_size()
        return _upload_page(kind, form), 422
    form = UploadForm()
    is_sound = form.validate()
    file = request.files.get("file")
    if is_sound and file and file.filename:
        try:
            token = keep_sheet(actor, file, is_plain=True)
            _planned(kind, need_upload(token, actor))
        except (FileRefused, WrongSheet) as refused:
            form.refuse("file", str(refused))
        except AllAtWork as busy:
            form.refuse("file", str(busy))
            return _upload_page(kind, form), 503
        else:
            return redirect(url_for(".preview", kind=kind, token=token), 303)
    elif is_sound:
        form.refuse("file", "请选择一个文件。")
    return _upload_page(kind, form), 422


@bp.get("/<kind>/sheet/<token>")
def preview(kind: str, token: str) -> Page:
    actor = need_staff(CONTENT_ROLES)
    kind_at(kind)
    found = found_upload(token, actor)
    if found is None:
        say("上传的表格已经不在了，请再传一次。", "error")
        return redirect(url_for(".choose_file", kind=kind), 303)
    form = SheetForm(formdata=None)
    try:
        planned = _planned(kind, found)
    except WrongSheet as refused:
        say(str(refused), "error")
        return redirect(url_for(".choose_file", kind=kind), 303)
    return _preview_page(kind, found, planned, form)


@bp.post("/<kind>/sheet/<token>")
def save(kind: str, token: str) -> Page:
    """Writes what the preview showed, or shows it anew where the file is another one by now."""
    actor, form = need_staff(CONTENT_ROLES), SheetForm()
    described = kind_at(kind)
    found = found_upload(token, actor)
    if found is None and not form.validate():
        abort(400)
    if found is None:
        say("已经存过了，或者上传的表格已经不在了。")
        return redirect(url_for("records.listed_page", kind=kind), 303)
    is_sound = form.validate()
    if is_sound and request.form.get("press") == "forget":
        uploads().erase(token)
        say("没有存，上传的表格已经删除。")
        return redirect(url_for(".choose_file", kind=kind), 303)
    try:
        planned = _planned(kind, found, takes_away=bool(form.takes_away.data))
    except WrongSheet as refused:
        say(str(refused), "error")
        return redirect(url_for(".choose_file", kind=kind), 303)
    if planned.warnings and not form.is_sure.data:
        form.refuse("is_sure", "请先看上面的提醒，确实要存就打勾")
    if form.seen.data != planned.seen and is_sound:
        form.refuse("", "您看的时候，别人改过这里。下面是照现在的再算的，请核对后再存。")
    if form.takes_away.data:
        for name, title in list(planned.missing.items()):
            needed = needed_words(kind, name)
            if needed:
                form.refuse("takes_away", said("%(name)s：%(why)s", name=title, why=needed))
    if not is_sound or form.errors or planned.faults or planned.elsewhere:
        return _preview_page(kind, found, planned, form), 422
    what = said(
        "表格：加%(added)s条，改%(changed)s条，去掉%(gone)s条", added=len(planned.added),
        changed=len(planned.changed), gone=_gone(planned),
    )  # fmt: skip
    try:
        change = Change(described.file, actor.name, what, this_moment())
        save_planned(settings(), described, planned, change)
    except (ChangedMeanwhile, ContentBusy) as error:
        form.refuse_unseen(error)
        return _preview_page(kind, found, _planned(kind, found), form), 409
    except (DataRefused, StillNeeded) as error:
        form.refuse("", str(error))
        return _preview_page(kind, found, planned, form), 422
    uploads().erase(token)
    take_up()
    say(said("%(what)s。存好了，正在更新网站。", what=what))
    return redirect(url_for("records.listed_page", kind=kind), 303)


def _upload_page(key: str, form: UploadForm) -> str:
    kind = kind_at(key)
    columns = in_our_sheets(shape_of(kind).columns(kind, current_circle()))
    return render_template(
        "staff/record_upload.html", kind=kind, key=key, form=form, columns=columns
    )


def _preview_page(key: str, found: Upload, planned: Planned, form: SheetForm) -> str:
    form.seen.data = planned.seen
    faults = grouped(planned.faults)
    return render_template(
        "staff/record_preview.html",
        kind=KINDS[key],
        key=key,
        upload=found,
        planned=planned,
        form=form,
        faults=faults[:SHOWN],
        more_faults=max(0, len(faults) - SHOWN),
        fault_rows=len({one.row for one in planned.faults}),
        SHOWN=SHOWN,
        SHOWN_ROWS=SHOWN_ROWS,
    )


def _planned(key: str, found: Upload, *, takes_away: bool = False) -> Planned:
    """What the sheet would do; judged once from the upload to the word to save."""
    kind, circle = KINDS[key], current_circle()
    today = this_day()
    as_it_is = digest_of(content_now(settings(), kind.file))

    def judged() -> Planned:
        pages = [(one.name, [(row.number, row.cells) for row in one.rows]) for one in found.sheets]
        with slow_work():
            return plan(settings(), kind, pages, circle, today, takes_away=takes_away)

    plans: Plans = current_app.extensions["plans"]
    of_what = (key, found.token, takes_away, current_state(), as_it_is, today)
    return plans.of(of_what, judged)


def _gone(planned: Planned) -> int:
    changes: Mapping[str, object] = planned.changes
    return sum(one is None for one in changes.values())

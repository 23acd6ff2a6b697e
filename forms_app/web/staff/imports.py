"""The pages that take a spreadsheet in: upload, columns, preview, and the word to take it.

What is between two pages lies in the uploads' folder, never in the session.
"""

import csv
import io

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.formats.cells import harmless
from forms_app.issues.access import Actor
from forms_app.rules.said import said
from forms_app.spreadsheets.above import title_lines
from forms_app.spreadsheets.choices import Choices, grouped
from forms_app.spreadsheets.column_use import beside_rows, lacks_channel, used_columns
from forms_app.spreadsheets.columns import COLUMNS, headers_hash
from forms_app.spreadsheets.judging import likeliest
from forms_app.spreadsheets.known_rows import Prepared, prepare
from forms_app.spreadsheets.row_choices import named_rows
from forms_app.spreadsheets.sheets import SUB_HEADING, FileRefused
from forms_app.spreadsheets.uploads import Upload
from forms_app.web.bodies import is_too_large, takes_files
from forms_app.web.forms.base import Form
from forms_app.web.forms.imports import ConfirmForm, UploadForm, word_field
from forms_app.web.request import Page, current_circle, need_staff, say, this_moment
from forms_app.web.slow_work import AllAtWork, made_slowly
from forms_app.web.staff.import_columns import (
    SHOWN_ROWS,
    FileColumns,
    columns_page,
    offer,
    suggested,
)
from forms_app.web.staff.import_words import (
    are_changed,
    are_open,
    asked_words,
    meant,
    words_form_of,
)
from forms_app.web.staff.uploaded import LARGEST_BODY, keep_sheet, need_upload, owner_of, uploads

bp = Blueprint("imports", __name__, url_prefix="/staff/import")

MOST_LINES = 200  # of what is told of rows; all faults are in the file to download
CERTAIN_DIGITS = 11
_CHANGED = "还没有导入：您改选了说法。下面已经按改选的算好，看一遍，再按导入。"


@bp.get("")
def choose_file() -> Page:
    need_staff(casework.IMPORTERS)
    uploads().erase_old(this_moment())
    return render_template("staff/import.html", form=UploadForm())


@bp.post("")
@takes_files(lambda _parts: LARGEST_BODY, is_told=True)
def upload() -> Page:
    actor = need_staff(casework.IMPORTERS)
    if is_too_large():
        form = UploadForm(formdata=None)
        form.refuse_size()
        return render_template("staff/import.html", form=form), 422
    form = UploadForm()
    is_sound = form.validate()
    uploads().erase_old(this_moment())
    file = request.files.get("file")
    if is_sound and file and file.filename:
        try:
            token = keep_sheet(actor, file)
        except FileRefused as refused:
            form.refuse("file", refused.sentence)
        except AllAtWork as busy:
            form.refuse("file", str(busy))
            return render_template("staff/import.html", form=form), 503
        else:
            return redirect(url_for(".columns", token=token), 303)
    elif is_sound:
        form.refuse("file", "请选择一个文件。")
    return render_template("staff/import.html", form=form), 422


@bp.get("/<token>")
@made_slowly
def columns(token: str) -> Page:
    actor = need_staff(casework.IMPORTERS)
    found = need_upload(token, actor)
    known = found.choices.get("sheet")
    place = _place(found, likeliest(found.sheets) if known is None else known)
    return columns_page(found, place, suggested(found, place, actor))


@bp.post("/<token>")
@made_slowly
def choose_columns(token: str) -> Page:
    actor = need_staff(casework.IMPORTERS)
    found = need_upload(token, actor)
    place = _place(found, 0)
    sheet = found.sheets[place]
    form = FileColumns()
    offer(form, sheet, actor)
    chosen = {name: int(form[name].data) for name in COLUMNS if (form[name].data or "").isdigit()}
    usual_day = form.usual_day.raw_data[0] if form.usual_day.raw_data else ""
    form.asks_channel = lacks_channel(current_circle(), sheet, chosen, usual_day)
    if not form.validate():
        return columns_page(found, place, form), 422
    choices = {
        "sheet": place,
        "columns": chosen,
        "usual_community": form.usual_community.data,
        "usual_channel": form.usual_channel.data,
        "usual_day": form.usual_day.data.isoformat() if form.usual_day.data else "",
        "takes_contacts": form.takes_contacts.data,
        "takes_finished": form.takes_finished.data,
        "rows_out": named_rows(form.rows_out.data),
        "rows_in": named_rows(form.rows_in.data),
        "left_out": [int(at) for at in form.left_out.data],
        "meanings": found.choices.get("meanings", {}),
        "taken": found.choices.get("taken", []),
    }
    uploads().choose(found, owner_of(actor), choices)
    casework.remember_columns(headers_hash(sheet.headers), chosen, now=this_moment())
    return redirect(url_for(".preview", token=token), 303)


@bp.get("/<token>/preview")
@made_slowly
def preview(token: str) -> Page:
    actor = need_staff(casework.IMPORTERS)
    found = need_upload(token, actor)
    if "columns" not in found.choices:
        return redirect(url_for(".columns", token=token), 303)
    form = ConfirmForm(formdata=None, sheet=str(found.choices["sheet"]))
    form.fresh_key()
    return _preview_page(found, actor, _prepare(found, actor), form)


@bp.post("/<token>/words")
@made_slowly
def choose_words(token: str) -> Page:
    """What words of the sheet mean that are no names of ours."""
    actor = need_staff(casework.IMPORTERS)
    found = need_upload(token, actor)
    if "columns" not in found.choices:
        abort(404)
    return _keep_words(found, actor, _prepare(found, actor))


def _keep_words(found: Upload, actor: Actor, ready: Prepared, told: str = "") -> Page:
    """Keeps what was chosen and shows what would be imported by it, with what is `told` of that."""
    form = words_form_of(ready, actor)()
    if not form.validate():
        confirm = ConfirmForm(formdata=None, sheet=str(found.choices["sheet"]))
        confirm.fresh_key()
        return _preview_page(found, actor, ready, confirm, form), 422
    meanings = {kind: dict(words) for kind, words in found.choices["meanings"].items()}
    for kind, words in asked_words(ready).items():
        for word in words:
            meanings.setdefault(kind, {})[word] = form[word_field(kind, word)].data
    uploads().choose(found, owner_of(actor), found.choices | {"meanings": meanings})
    if told:
        say(told)
    return redirect(url_for(".preview", token=found.token), 303)


@bp.post("/<token>/preview")
@made_slowly
def take(token: str) -> Page:
    actor = need_staff(casework.IMPORTERS)
    form = ConfirmForm()
    batch = f"{token}/{form.sheet.data}"
    done = queries.imported_by(batch)
    if done:  # the second press of the button
        return _taken(done, 0)
    found = need_upload(token, actor)
    if "columns" not in found.choices:
        return redirect(url_for(".columns", token=token), 303)
    place = found.choices["sheet"]
    if form.sheet.data != str(place):  # another sheet was chosen in another window
        return redirect(url_for(".preview", token=token), 303)
    ready = _prepare(found, actor)
    if are_open(ready, found.choices["meanings"]):
        return redirect(url_for(".preview", token=token), 303)
    if are_changed(ready, request.form):
        return _keep_words(found, actor, ready, _CHANGED)
    form.has_faults = bool(ready.faults)
    if not form.validate():
        form.fresh_key()
        return _preview_page(found, actor, ready, form), 422
    imported = casework.import_reports(
        current_circle(), actor, ready.takeable, batch=batch, source=found.name, now=this_moment()
    )
    taken = [*found.choices["taken"], place]
    left = [n for n in range(len(found.sheets)) if n not in taken]
    if not left:
        uploads().erase(token)
        return _taken(imported.count, imported.known)
    uploads().choose(found, owner_of(actor), {"sheet": left[0], "taken": taken})
    _say_taken(imported.count, imported.known)
    names = "、".join(found.sheets[n].name for n in left)
    say(said("这个文件里还有没导入的表：%(names)s。不要的话，请取消。", names=names))
    return redirect(url_for(".columns", token=token, sheet=left[0]), 303)


@bp.get("/<token>/faults.csv")
@made_slowly
def faults(token: str) -> Page:
    """The faulty rows as they came, with what is wrong, to mend and import."""
    actor = need_staff(casework.IMPORTERS)
    found = need_upload(token, actor)
    if "columns" not in found.choices:
        abort(404)
    sheet = found.sheets[found.choices["sheet"]]
    ready = _prepare(found, actor)
    wrong: dict[int, list[str]] = {}
    for fault in ready.faults:
        wrong.setdefault(fault.row, []).append(f"{fault.column}：{fault.sentence}")
    text = io.StringIO()
    writer = csv.writer(text)
    # What stands over the rows is said of them again when they come back.
    over = title_lines(sheet, current_circle())
    writer.writerows([_harmless(words)] for words in over)
    writer.writerow([*map(_harmless, sheet.headers), "原来的行号", "要改的地方"])
    between = {one.row: one.words for one in ready.reading.aside if one.why == SUB_HEADING}
    for row in sheet.rows:
        if row.number in between:
            writer.writerow([_harmless(between[row.number])])
        if row.number in wrong:
            why = _harmless(" ".join(wrong[row.number]))  # which begins with a heading of theirs
            writer.writerow([*map(_harmless, row.cells), row.number, why])
    return Response(
        "\ufeff" + text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="faults.csv"'},
    )


@bp.post("/<token>/cancel")
def cancel(token: str) -> Page:
    actor = need_staff(casework.IMPORTERS)
    need_upload(token, actor)
    if not Form().validate():
        abort(400)
    uploads().erase(token)
    say("已经取消，上传的表格已删除，什么也没有导入。")
    return redirect(url_for(".choose_file"), 303)


def _taken(count: int, known: int) -> Page:
    _say_taken(count, known)
    return redirect(url_for("staff_register.page", step="collected"), 303)


def _say_taken(count: int, known: int) -> None:
    if count:
        say(said("导入了%(count)s个问题，都在“已收集”，等初步意见和定级。", count=count))
    else:
        say("没有新的问题。")
    if known:
        say(said("另外%(known)s行以前导入过，没有重复导入。", known=known))


def _place(found: Upload, usual: int) -> int:
    place = request.args.get("sheet", usual, type=int)
    return place if 0 <= place < len(found.sheets) else 0


def _prepare(found: Upload, actor: Actor) -> Prepared:
    return prepare(
        current_circle(),
        found.sheets[found.choices["sheet"]],
        _choices(found),
        actor,
        this_moment(),
    )


def _preview_page(
    found: Upload,
    actor: Actor,
    ready: Prepared,
    form: ConfirmForm,
    words: Form | None = None,
) -> str:
    place = found.choices["sheet"]
    sheet = found.sheets[place]
    form.take_good.flags.required = bool(ready.faults)
    return render_template(
        "staff/import_preview.html",
        upload=found,
        place=place,
        sheet=sheet,
        beside_rows=beside_rows(sheet, found.choices["columns"]),
        ready=ready,
        shown=ready.fresh[:SHOWN_ROWS],
        form=form,
        columns=used_columns(sheet, _choices(found)),
        column_form_fields=suggested(found, place, actor),
        names=list(COLUMNS),
        asks_first=are_open(ready, found.choices["meanings"]),
        words_left=ready.asked - sum(map(len, asked_words(ready).values())),
        words=words or words_form_of(ready, actor)(formdata=None, **meant(ready)),
        faults=grouped(ready.faults),
        finished=grouped(ready.reading.finished_rows),
        remarks=grouped(ready.reading.remarks),
        most=MOST_LINES,
    )


def _choices(found: Upload) -> Choices:
    names = set(Choices.__struct_fields__)
    return Choices(**{n: value for n, value in found.choices.items() if n in names})


def _harmless(cell: str) -> str:
    # A spreadsheet program would cut a long number's end off; ours takes the apostrophe away again.
    is_long = len(cell) > CERTAIN_DIGITS and cell.isdigit()
    return f"'{cell}" if is_long else harmless(cell)

"""The pages that take a spreadsheet in: upload, columns, preview, and the word to take it.

What is between two pages lies in the uploads' folder, never in the session.
"""

import csv
import io
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.issues.access import Actor
from forms_app.rules.said import said
from forms_app.spreadsheets.columns import COLUMNS, guess, headers_hash
from forms_app.spreadsheets.rows import Choices, Prepared, prepared, read_rows
from forms_app.spreadsheets.sheets import LARGEST_FILE, FileRefused, Sheet
from forms_app.spreadsheets.uploads import Upload, Uploads
from forms_app.web.forms.base import Form, offered, offered_communities
from forms_app.web.forms.imports import (
    CELL_LETTERS,
    ColumnsForm,
    ConfirmForm,
    UploadForm,
    column_fields,
    offer_columns,
)
from forms_app.web.forms.staff import RESIDENTS_OWN_CHANNEL
from forms_app.web.request import Page, current_circle, need_staff, say, this_moment

bp = Blueprint("imports", __name__, url_prefix="/staff/import")


SHOWN_ROWS = 10
FORM_AROUND_FILE = 64 * 1024
_FIELDS = {name: (column.label, column.required) for name, column in COLUMNS.items()}
_FileColumns = column_fields(_FIELDS)


@bp.get("")
def choose_file() -> Page:
    need_staff(casework.IMPORTERS)
    _uploads().erase_old(this_moment())
    return render_template("staff/import.html", form=UploadForm())


@bp.post("")
def upload() -> Page:
    actor = need_staff(casework.IMPORTERS)
    # Only for those who may, and only here: every other form stays small.
    request.max_content_length = LARGEST_FILE + FORM_AROUND_FILE
    try:
        form = UploadForm()
        is_sound = form.validate()
    except RequestEntityTooLarge:
        form = UploadForm(formdata=None)
        form.refuse(
            "file",
            said(
                "文件超过%(megabytes)s MB。请只留需要的行和列，另存再试。",
                megabytes=LARGEST_FILE // 1024**2,
            ),
        )
        return render_template("staff/import.html", form=form), 422
    _uploads().erase_old(this_moment())
    file = request.files.get("file")
    if is_sound and file and file.filename:
        try:
            token = _uploads().take(_owner(actor), _file_name(file.filename), file.stream)
        except FileRefused as refused:
            form.refuse("file", refused.sentence)
        else:
            return redirect(url_for(".columns", token=token), 303)
    elif is_sound:
        form.refuse("file", "请选择一个文件。")
    return render_template("staff/import.html", form=form), 422


@bp.get("/<token>")
def columns(token: str) -> Page:
    actor = need_staff(casework.IMPORTERS)
    found = _need_upload(token, actor)
    place = request.args.get("sheet", found.choices.get("sheet", 0), type=int)
    place = place if 0 <= place < len(found.sheets) else 0
    sheet = found.sheets[place]
    kept: dict[str, Any] = found.choices if found.choices.get("sheet") == place else {}
    read = kept.get("columns") or queries.remembered_columns(headers_hash(sheet.headers))
    suggested = {name: str(at) for name, at in (read or guess(sheet.headers)).items()}
    form = _FileColumns(
        formdata=None,
        **suggested,
        usual_community=kept.get("usual_community", actor.community_id),
        usual_channel=kept.get("usual_channel", ""),
        takes_contacts=kept.get("takes_contacts", False),
        takes_finished=kept.get("takes_finished", False),
    )
    _offer(form, sheet, actor)
    return _columns_page(found, place, form, is_remembered=bool(read))


@bp.post("/<token>")
def choose_columns(token: str) -> Page:
    actor = need_staff(casework.IMPORTERS)
    found = _need_upload(token, actor)
    place = request.args.get("sheet", 0, type=int)
    place = place if 0 <= place < len(found.sheets) else 0
    form = _FileColumns()
    _offer(form, found.sheets[place], actor)
    if not form.validate():
        return _columns_page(found, place, form, is_remembered=False), 422
    chosen = {name: int(form[name].data) for name in COLUMNS if form[name].data}
    choices = {
        "sheet": place,
        "columns": chosen,
        "usual_community": form.usual_community.data,
        "usual_channel": form.usual_channel.data,
        "takes_contacts": form.takes_contacts.data,
        "takes_finished": form.takes_finished.data,
    }
    _uploads().choose(found, _owner(actor), choices)
    casework.remember_columns(headers_hash(found.sheets[place].headers), chosen, now=this_moment())
    return redirect(url_for(".preview", token=token), 303)


@bp.get("/<token>/preview")
def preview(token: str) -> Page:
    actor = need_staff(casework.IMPORTERS)
    found = _need_upload(token, actor)
    if not found.choices:
        return redirect(url_for(".columns", token=token), 303)
    form = ConfirmForm(formdata=None)
    form.fresh_key()
    return _preview_page(found, _prepare(found, actor), form)


@bp.post("/<token>/preview")
def take(token: str) -> Page:
    actor = need_staff(casework.IMPORTERS)
    form = ConfirmForm()
    done = queries.imported_by(token)
    if done:  # the second press of the button
        return _taken(done, 0)
    found = _need_upload(token, actor)
    if not found.choices:
        return redirect(url_for(".columns", token=token), 303)
    ready = _prepare(found, actor)
    form.has_faults = bool(ready.faults)
    if not form.validate():
        form.fresh_key()
        return _preview_page(found, ready, form), 422
    imported = casework.import_reports(
        current_circle(), actor, ready.takeable, batch=token, source=found.name, now=this_moment()
    )
    _uploads().erase(token)
    return _taken(imported.count, imported.known)


@bp.get("/<token>/faults.csv")
def faults(token: str) -> Page:
    """The faulty rows as they came, with what is wrong, to mend and import."""
    actor = need_staff(casework.IMPORTERS)
    found = _need_upload(token, actor)
    if not found.choices:
        abort(404)
    sheet = found.sheets[found.choices["sheet"]]
    wrong: dict[int, list[str]] = {}
    for fault in _prepare(found, actor).faults:
        wrong.setdefault(fault.row, []).append(f"{fault.column}：{fault.sentence}")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*map(_harmless, sheet.headers), "原来的行号", "要改的地方"])
    for row in sheet.rows:
        if row.number in wrong:
            writer.writerow([*map(_harmless, row.cells), row.number, " ".join(wrong[row.number])])
    return Response(
        "\ufeff" + text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="faults.csv"'},
    )


@bp.post("/<token>/cancel")
def cancel(token: str) -> Page:
    actor = need_staff(casework.IMPORTERS)
    _need_upload(token, actor)
    if not Form().validate():
        abort(400)
    _uploads().erase(token)
    say("已经取消，上传的表格已删除，什么也没有导入。")
    return redirect(url_for(".choose_file"), 303)


def _taken(count: int, known: int) -> Page:
    if count:
        say(said("导入了%(count)s个问题，都在“已收集”，等初步意见和定级。", count=count))
    else:
        say("没有新的问题。")
    if known:
        say(said("另外%(known)s行以前导入过，没有重复导入。", known=known))
    return redirect(url_for("staff_register.page", step="collected"), 303)


def _prepare(found: Upload, actor: Actor) -> Prepared:
    sheet = found.sheets[found.choices["sheet"]]
    said = {name: value for name, value in found.choices.items() if name != "sheet"}
    within = casework.communities_of(current_circle(), actor)
    reading = read_rows(current_circle(), sheet, Choices(**said), within, this_moment())
    keys = [key for row in reading.good for key in row.keys]
    place = said["columns"].get("number")
    heading = sheet.headers[place] if place is not None else ""
    return prepared(reading, queries.imported_issues(keys), heading)


def _columns_page(found: Upload, place: int, form: ColumnsForm, *, is_remembered: bool) -> str:
    return render_template(
        "staff/import_columns.html",
        upload=found,
        place=place,
        sheet=found.sheets[place],
        form=form,
        fields=list(COLUMNS),
        is_remembered=is_remembered,
    )


def _preview_page(found: Upload, ready: Prepared, form: ConfirmForm) -> str:
    sheet = found.sheets[found.choices["sheet"]]
    form.take_good.flags.required = bool(ready.faults)
    return render_template(
        "staff/import_preview.html",
        upload=found,
        sheet=sheet,
        ready=ready,
        shown=ready.fresh[:SHOWN_ROWS],
        form=form,
    )


def _offer(form: ColumnsForm, sheet: Sheet, actor: Actor) -> None:
    names = {
        place: _column_words(sheet, place)
        for place in range(len(sheet.headers))
        if sheet.headers[place] or any(row.cells[place] for row in sheet.rows[:SHOWN_ROWS])
    }
    offer_columns(form, {name: column.required for name, column in COLUMNS.items()}, names)
    communities = casework.communities_of(current_circle(), actor)
    empty = "不统一，没写社区的算错误" if len(communities) > 1 else ""
    form.usual_community.choices = offered_communities(current_circle(), communities, empty)
    channels = {k: v for k, v in current_circle().channels.items() if k != RESIDENTS_OWN_CHANNEL}
    form.usual_channel.choices = offered(channels, "请选择")


def _column_words(sheet: Sheet, place: int) -> str:
    """A column as its owner knows it: `C 收集时间（例：2026-11-03 …）`."""
    sample = next((row.cells[place] for row in sheet.rows if row.cells[place]), "")
    sample = " ".join(sample.split())
    short = sample if len(sample) <= CELL_LETTERS else sample[: CELL_LETTERS - 1] + "…"
    return said(
        "%(letters)s　%(heading)s（例：%(example)s）" if short else "%(letters)s　%(heading)s",
        letters=_letters(place),
        heading=sheet.headers[place] or said("（没有列名）"),
        example=short,
    )


def _letters(place: int) -> str:
    """A, B … Z, AA … as the spreadsheet program calls its columns."""
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


def _harmless(cell: str) -> str:
    # A spreadsheet program would take it for a formula; ours takes the apostrophe away again.
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _file_name(given: str | None) -> str:
    return " ".join((given or "表格").replace("\\", "/").rpartition("/")[2].split())[:60]


def _owner(actor: Actor) -> int:
    return actor.account_id or 0


def _uploads() -> Uploads:
    uploads: Uploads = current_app.extensions["uploads"]
    return uploads


def _need_upload(token: str, actor: Actor) -> Upload:
    found = _uploads().get(token, _owner(actor))
    if found is None:
        abort(404)
    return found

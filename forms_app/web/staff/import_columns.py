"""Which column of a sheet is what: the form that asks it, filled with what is most likely."""

from datetime import date
from typing import Any

from flask import render_template

from forms_app import casework, queries
from forms_app.issues.access import Actor
from forms_app.rules.said import said
from forms_app.spreadsheets.column_use import beside_rows, lacks_channel
from forms_app.spreadsheets.columns import COLUMNS, headers_hash
from forms_app.spreadsheets.judging import guess, is_numbering, judge, personal
from forms_app.spreadsheets.row_choices import rows_text
from forms_app.spreadsheets.sheets import Sheet
from forms_app.spreadsheets.uploads import Upload
from forms_app.web.forms.fields import offered, offered_communities
from forms_app.web.forms.imports import CELL_LETTERS, ColumnsForm, column_fields, offer_columns
from forms_app.web.forms.staff import RESIDENTS_OWN_CHANNEL
from forms_app.web.request import current_circle

SHOWN_ROWS = 10
_MUST_BE_CHOSEN = {
    name: column.required and not column.once_for_all for name, column in COLUMNS.items()
}
_FIELDS = {name: (column.label, _MUST_BE_CHOSEN[name]) for name, column in COLUMNS.items()}
FileColumns = column_fields(_FIELDS)


def suggested(found: Upload, place: int, actor: Actor) -> ColumnsForm:
    """The form with what was chosen, or was chosen for such a file before, or is most likely."""
    sheet = found.sheets[place]
    is_chosen = found.choices.get("sheet") == place and "columns" in found.choices
    kept: dict[str, Any] = found.choices if is_chosen else {}
    columns = kept.get("columns") or queries.remembered_columns(headers_hash(sheet.headers))
    columns = columns or guess(sheet.headers, sheet.rows)
    left_out = kept["left_out"] if kept else is_numbering(sheet.headers, sheet.rows)
    form = FileColumns(
        formdata=None,
        **{name: str(at) for name, at in columns.items()},
        left_out=[str(p) for p in left_out],
        usual_community=kept.get("usual_community", actor.community_id),
        usual_channel=kept.get("usual_channel", ""),
        usual_day=_day(kept.get("usual_day", "")),
        takes_contacts=kept.get("takes_contacts", False),
        takes_finished=kept.get("takes_finished", False),
        rows_out=rows_text(kept.get("rows_out", ())),
        rows_in=rows_text(kept.get("rows_in", ())),
    )
    form.asks_channel = lacks_channel(current_circle(), sheet, columns, kept.get("usual_day", ""))
    offer(form, sheet, actor)
    return form


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def columns_page(found: Upload, place: int, form: ColumnsForm) -> str:
    """The page that asks which column is what, of this one of the file's sheets."""
    sheet = found.sheets[place]
    remembered = queries.remembered_columns(headers_hash(sheet.headers))
    return render_template(
        "staff/import_columns.html",
        upload=found,
        place=place,
        sheet=sheet,
        beside_rows=beside_rows(sheet),
        form=form,
        names=list(COLUMNS),
        reasons={} if remembered else _reasons(sheet),
        is_remembered=bool(remembered),
    )


def _reasons(sheet: Sheet) -> dict[str, str]:
    return {name: judged.reason for name, judged in judge(sheet.headers, sheet.rows).items()}


def offer(form: ColumnsForm, sheet: Sheet, actor: Actor) -> None:
    """Gives the form its choices: the sheet's columns, and what holds where it has none."""
    names = {
        place: _column_words(sheet, place)
        for place in range(len(sheet.headers))
        if sheet.headers[place] or any(row.cells[place] for row in sheet.rows[:SHOWN_ROWS])
    }
    offer_columns(form, _MUST_BE_CHOSEN, names)
    own = personal(sheet.headers, sheet.rows)
    used = {form[name].data for name in COLUMNS} if not form.is_submitted() else set()
    free = {p: words for p, words in names.items() if p not in own and str(p) not in used}
    form.left_out.choices = offered(free)
    communities = casework.communities_of(current_circle(), actor)
    empty = "不统一，没写社区的算错误" if len(communities) > 1 else ""
    form.usual_community.choices = offered_communities(current_circle(), communities, empty)
    channels = {k: v for k, v in current_circle().channels.items() if k != RESIDENTS_OWN_CHANNEL}
    form.usual_channel.choices = offered(channels, "请选择")
    form.usual_channel.flags.required = form.asks_channel


def _column_words(sheet: Sheet, place: int) -> str:
    """A column as its owner knows it: `C 收集时间（例：2026-11-03 …）`."""
    sample = next((row.cells[place] for row in sheet.rows if row.cells[place]), "")
    sample = " ".join(sample.split())
    short = sample if len(sample) <= CELL_LETTERS else sample[: CELL_LETTERS - 1] + "…"
    return said(
        "%(letters)s　%(heading)s（例：%(example)s）" if short else "%(letters)s　%(heading)s",
        letters=sheet.letters[place],
        heading=sheet.headers[place] or said("（没有列名）"),
        example=short,
    )

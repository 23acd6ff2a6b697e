"""The form of any record that the office feeds, made from its kind's description."""

from collections.abc import Mapping
from datetime import date

from wtforms import BooleanField, HiddenField
from wtforms import Field as WebField

from forms_app.community import Circle
from forms_app.community.values import Unreadable
from forms_app.content.inputs import (
    Choice,
    Choices,
    Day,
    Groups,
    Line,
    Lines,
    Paragraph,
    Words,
    YesNo,
    many,
)
from forms_app.content.kind import Field, Kind
from forms_app.content.listing import Value
from forms_app.content.records import Asked, made_key
from forms_app.rules.said import said
from forms_app.web.forms.base import Form, OnceForm
from forms_app.web.forms.fields import NOTHING_TO_CHOOSE, line, offered, paragraph, pick, pick_many

MISSING = "请填写“%(label)s”"
LONG_LINE = 200  # letters from which a list on one line gets several


class RecordForm(OnceForm):
    """Its fields are its kind's; `seen` is what the record was when the form was shown."""

    seen = HiddenField()


class RemoveForm(OnceForm):
    """Takes a record away that is still as it was shown."""

    seen = HiddenField()


class SheetForm(Form):
    """The word to save what a sheet says; `seen` is the digest of the file as it was."""

    seen = HiddenField()
    takes_away = BooleanField("表里没有的也去掉")
    is_sure = BooleanField("提醒看过了，要存")


def form_of(
    kind: Kind, circle: Circle, values: Mapping[str, Value], *, is_sent: bool
) -> RecordForm:
    """The kind's form, as it was sent or with nothing in it; lists offer what `values` have."""
    fields = {one.name: _web_field(one, circle, values.get(one.name, "")) for one in kind.fields}
    made = type("KindForm", (RecordForm,), fields)
    form: RecordForm = made() if is_sent else made(formdata=None)
    for one in kind.fields:
        form[one.name].flags.required = one.is_needed
    return form


def show(form: RecordForm, kind: Kind, circle: Circle, values: Mapping[str, Value]) -> None:
    """Puts a record's values where they can be changed."""
    for one in kind.fields:
        value = values.get(one.name) or ""
        if isinstance(one.input, Choices):
            form[one.name].data = list(many(value))
        elif isinstance(one.input, YesNo):
            form[one.name].data = one.input.shown(value, circle)
        elif isinstance(one.input, Choice):
            form[one.name].data = str(value)
        else:
            form[one.name].data = one.input.shown(value, circle) if value else ""


def asked(
    form: RecordForm, kind: Kind, circle: Circle, name: str, before: Mapping[str, Value],
    today: date,
) -> Asked | None:  # fmt: skip
    """The record that was typed; None where something is refused, beside its field."""
    values: dict[str, Value] = dict(before)
    for one in kind.fields:
        data = form[one.name].data
        text = data if isinstance(data, str) else "；".join(data or ())
        if not text.strip():
            values[one.name] = ""
            if one.is_needed:
                form.refuse(one.name, said(MISSING, label=said(one.label)))
            continue
        try:
            if isinstance(one.input, Choices):
                values[one.name] = tuple(data)
            else:
                values[one.name] = one.input.read(text, circle, today)
        except Unreadable as refused:
            form.refuse(one.name, f"{refused.problem}；{refused.remedy}")
    if kind.made and not name:
        values[kind.key[0]] = made_key(kind, form.key or form.seen.data or "")
    if kind.check:
        for field, sentence in kind.check(values, today).items():
            if not form[field].errors:
                form.refuse(field, sentence)
    return None if form.errors else Asked(kind, name, values)


def _web_field(one: Field, circle: Circle, value: Value) -> WebField:
    """What the browser shows for an input; what stands there now can always be kept."""
    what = one.input
    if isinstance(what, YesNo):
        return pick(one.label, {"是": "是", "否": "否"}, empty="请选择")
    if isinstance(what, Choices):
        many_field = pick_many(one.label)
        many_field.kwargs["choices"] = offered(_known(what, circle, value))
        return many_field
    if isinstance(what, Choice):
        known = _known(what, circle, value)
        empty = "不选" if not one.is_needed else "请选择" if known else NOTHING_TO_CHOOSE
        return pick(one.label, known, empty=empty)
    if isinstance(what, Paragraph | Lines | Groups) or (
        isinstance(what, Words) and what.letters > LONG_LINE
    ):
        return paragraph(one.label, what.letters, rows=3)
    keyboard = {"inputmode": "tel"} if one.name == "phone" else {}
    return line(one.label, max(what.letters, Day().letters), **keyboard)


def _known(what: Line, circle: Circle, value: Value) -> dict[str, str]:
    offers = dict(what.offers(circle)) if isinstance(what, Choice) else {}
    return offers | {one: one for one in many(value) if one not in offers}

"""The forms of a new office's first steps: a few values, or a list with a row each."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict
from wtforms import Field as FormField
from wtforms import HiddenField, SelectField

from forms_app.community import Circle
from forms_app.content.beginnings import Sheet, Slip, TypedRow
from forms_app.content.inputs import Choice, Number, Phone
from forms_app.content.kind import Field
from forms_app.content.listing import Record
from forms_app.rules.said import said
from forms_app.web.forms.base import Form
from forms_app.web.forms.fields import line, offered

BLANK_ROWS = 3
MOST_ROWS = 300
FEW = 12  # choices are offered in a list as far as that; many are typed, with names to pick from


class NamesForm(Form):
    """What the site and the sub-district are called."""

    seen = HiddenField()
    name = line("网站叫什么", 40, "请填写网站的名称", autocomplete="off")
    street = line("哪个街道", 40, "请填写街道的名称", autocomplete="off")


class RowsForm(Form):
    """With rows of of_0, name_0, …; `of_` says which record the row is, "" for a new one."""

    seen = HiddenField()
    sheet: Sheet
    places: range

    def rows(self) -> list[tuple[int, TypedRow]]:
        """The rows in which something stands, with their places."""
        found = []
        for place in self.places:
            cells = {
                one.name: str(self[f"{one.name}_{place}"].data or "").strip()
                for one in self.sheet.fields
                if f"{one.name}_{place}" in self
            }
            own = str(self[f"of_{place}"].data or "")
            # A choice that begins with something says nothing by itself.
            said_something = any(
                cell and not isinstance(self[f"{name}_{place}"], SelectField)
                for name, cell in cells.items()
            )
            if own or said_something:
                found.append((place, TypedRow(own, cells)))
        return found

    def show(self, slips: list[Slip], places: list[int]) -> None:
        """Puts what is wrong beside its cell; `places` are the rows' own."""
        for slip in slips:
            at = f"{slip.column}_{places[slip.place]}"
            fitting = at if at in self else f"{self.sheet.fields[0].name}_{places[slip.place]}"
            self.refuse(fitting, _told(slip.problem, slip.remedy))


def rows_form(
    sheet: Sheet,
    known: Mapping[str, Record],
    circle: Circle,
    typed: "MultiDict[str, str] | None",
) -> RowsForm:
    """The form of a list as it is now, or as it was sent (`typed`), which says how many rows."""
    single = sheet.kind.is_single
    count = len(known) + (0 if single else BLANK_ROWS)
    while typed is not None and f"of_{count}" in typed and count < MOST_ROWS:
        count += 1
    body: dict[str, object] = {"sheet": sheet, "places": range(count)}
    data: dict[str, str] = {}
    for place, (name, record) in enumerate([*known.items(), *[("", None)] * MOST_ROWS][:count]):
        body[f"of_{place}"] = HiddenField()
        data[f"of_{place}"] = name
        for one in sheet.fields:
            if record is not None and one.name in sheet.of_new:
                continue
            body[f"{one.name}_{place}"] = _field(one, circle, place, is_single=single)
            if record is not None:
                shown = one.input.shown(record.values.get(one.name, ""), circle)
                data[f"{one.name}_{place}"] = shown
    kind: type[RowsForm] = type("KnownRowsForm", (RowsForm,), body)
    return kind(formdata=None, data=data) if typed is None else kind(formdata=typed)


def names_offered(sheet: Sheet, circle: Circle) -> list[str]:
    """The names that a cell may be filled with, where there are too many for a list."""
    for one in sheet.fields:
        if isinstance(one.input, Choice) and len(one.input.offers(circle)) > FEW:
            return list(one.input.offers(circle).values())
    return []


def _field(one: Field, circle: Circle, place: int, *, is_single: bool) -> FormField:
    words = one.label
    if place >= 0 and one.name == "name" and not is_single:
        words = said("第%(place)s行：%(label)s", place=place + 1, label=one.label)
    if isinstance(one.input, Choice):
        offers = one.input.offers(circle)
        if len(offers) <= FEW:
            names = {name: name for name in offers.values()}
            return SelectField(
                words,
                choices=offered(names, "" if len(names) == 1 else "请选择"),
                validate_choice=False,
            )
        return line(words, one.input.letters, autocomplete="off", list="names")
    mode = "tel" if isinstance(one.input, Phone) else "numeric"
    if isinstance(one.input, Number | Phone):
        return line(words, one.input.letters, autocomplete="off", inputmode=mode)
    return line(words, one.input.letters, autocomplete="off")


def _told(problem: str, remedy: str) -> str:
    if not remedy:
        return problem
    return said("%(problem)s；%(remedy)s", problem=problem, remedy=remedy)

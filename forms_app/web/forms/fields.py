"""The fields of forms: each a call that names its label, its limits and what is said in Chinese."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Optional

from forms_app.community import Circle
from forms_app.rules.projects import fen_of
from forms_app.rules.said import said
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.base import cleaned

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
NUMBER_LETTERS = 12  # of an issue
NO_SUCH_CHOICE = "没有这个选项，请重新选择"
NOTHING_TO_CHOOSE = "还没有可选的，先到“内容”里加上"  # of what the office feeds itself
WRONG_AMOUNT = "钱数请写成 1234.50 这样，最多两位小数"


class AtMost:
    """Refuses a longer text and says how long it is, instead of cutting it off unseen."""

    def __init__(self, letters: int) -> None:
        self.letters = letters

    def __call__(self, _form: object, field: Field) -> None:
        length = len(field.data or "")
        if length > self.letters:
            raise ValidationError(
                said(
                    "最多%(most)s字，现在有%(length)s字，请删减一些",
                    most=self.letters,
                    length=length,
                )
            )


class Between:
    """Refuses a number outside; by whole numbers alone, for one of 400 digits has no float."""

    def __init__(self, least: int, most: int, sentence: str) -> None:
        self.least, self.most, self.sentence = least, most, sentence

    def __call__(self, _form: object, field: Field) -> None:
        if field.data is None and field.process_errors:
            return  # it is no number, and that was said
        if field.data is None or not self.least <= field.data <= self.most:
            raise ValidationError(self.sentence)


def line(label: str, letters: int, required: str = "", **render: object) -> StringField:
    """One line of text; `required` is the sentence for an empty one, or "" where it may be."""
    validators: list[object] = [AtMost(letters)]
    if required:
        validators.insert(0, DataRequired(required))
    return StringField(label, filters=[_one_line], validators=validators, render_kw=render)


def paragraph(label: str, letters: int, required: str = "", rows: int = 4) -> TextAreaField:
    """Several lines of text; a longer text is refused, never cut off."""
    validators: list[object] = [AtMost(letters)]
    if required:
        validators.insert(0, DataRequired(required))
    return TextAreaField(
        label, filters=[cleaned], validators=validators, render_kw={"rows": str(rows)}
    )


def secret(label: str, required: str, autocomplete: str) -> PasswordField:
    """A password, taken as it was typed."""
    return PasswordField(
        label, validators=[InputRequired(required)], render_kw={"autocomplete": autocomplete}
    )


def pick(
    label: str, options: Mapping[Any, str] | None = None, required: str = "", empty: str = ""
) -> SelectField:
    """One of a list. `required` is the sentence for none, `empty` the words of the empty option."""
    return SelectField(
        label,
        choices=offered(options or {}, empty),
        default="",
        validators=[InputRequired(required)] if required else [],
        invalid_choice_message=NO_SUCH_CHOICE,
    )


def pick_shown(
    label: str, options: Mapping[Any, str], required: str = "", usual: str | None = None
) -> RadioField:
    """One of a few, all of them in sight; `required` is the sentence for none, `usual` the one that
    is chosen at first.
    """
    return RadioField(
        label,
        choices=offered(options),
        default=usual,
        validators=[InputRequired(required)] if required else [],
        invalid_choice_message=NO_SUCH_CHOICE,
    )


def pick_many(label: str, required: str = "") -> SelectMultipleField:
    """Any of a list; `required` is the sentence for none."""
    return SelectMultipleField(
        label,
        choices=[],
        validators=[InputRequired(required)] if required else [],
        invalid_choice_message=NO_SUCH_CHOICE,
    )


def whole_number(
    label: str, least: int, most: int, refused: str, required: str = "", default: int | None = None
) -> IntegerField:
    """A whole number from `least` to `most`; `refused` is the sentence for any other."""
    validators: list[object] = [Between(least, most, refused)]
    if required:
        validators.insert(0, InputRequired(required))
    return IntegerField(
        label, default=default, validators=validators, invalid_value_message=refused
    )


def day(label: str, required: str = "") -> DateField:
    """A local day; `required` is the sentence for none, or "" where there may be none."""
    return DateField(
        label,
        validators=[InputRequired(required) if required else Optional(), _plausible],
        invalid_value_message="日期请写成 2026-11-30 这样",
    )


def moment(label: str, required: str = "") -> DateTimeLocalField:
    """A local day and time, aware; `required` as for `day`."""
    return DateTimeLocalField(
        label,
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        tz=CHINA,
        validators=[InputRequired(required) if required else Optional(), _plausible],
        invalid_value_message="日期和时间请写成 2026-11-30 14:30 这样",
    )


def amount_only(_form: object, field: Field) -> None:
    """Refuses what is no amount in yuan and fen; nothing is none."""
    if field.data and fen_of(field.data) is None:
        raise ValidationError(WRONG_AMOUNT)


def need(field: Field, sentence: str, *, is_marked: bool = True) -> None:
    """Has a field of one form be filled in, which elsewhere may be empty; `is_marked` where the
    browser may ask for it as well.
    """
    rest = [one for one in field.validators if not isinstance(one, Optional)]
    # A moment that cannot be read has its own sentence.
    needed = DataRequired if isinstance(field, StringField) else InputRequired
    field.validators = [needed(sentence), *rest]
    field.flags.required = is_marked


def offered(
    options: Mapping[Any, str], empty: str = "", group: str | None = None
) -> list[SelectChoice]:
    """Options for a field's `choices`, behind an empty one that says `empty`."""
    first: Iterable[SelectChoice] = [SelectChoice(value="", label=empty)] if empty else []
    rest = [SelectChoice(value=str(k), label=v, optgroup=group) for k, v in options.items()]
    return [*first, *rest]


def offered_communities(
    circle: Circle, communities: Mapping[str, str], empty: str = ""
) -> list[SelectChoice]:
    """Communities (id → name) as options, below their sub-districts where there are several."""
    choices = offered({}, empty)
    for subdistrict, own in circle.by_subdistrict():
        names = {one.id: communities[one.id] for one in own if one.id in communities}
        choices += offered(names, group=subdistrict.name if subdistrict else None)
    return choices


def _plausible(_form: object, field: Field) -> None:
    # Nobody means the year 202 or 20260; and beyond 9999 there is no arithmetic.
    if field.data and not EARLIEST_YEAR <= field.data.year <= LATEST_YEAR:
        raise ValidationError("年份不对，请检查日期")


def _one_line(text: str | None) -> str:
    return cleaned(text).replace("\n", " ")

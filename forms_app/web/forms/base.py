"""What every form shares: cleaned text, limits in Chinese, and a key that makes it count once."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from flask import current_app, g, request, session
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
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
from forms_app.rules.folding import printable, says_nothing
from forms_app.rules.said import said
from forms_app.rules.worktime import CHINA
from forms_app.web.signing import Signing

FORM_KEY_LETTERS = 64
# Of forms/gate: nothing that somebody says.
GATE_FIELDS = frozenset({"website", "gate", "gate_proof", "gate_answer"})
PASTED_LETTERS = 500  # a ticket or code, in the message that brought it
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
OLD_PAGE = "页面打开太久，为了安全请再提交一次，填好的内容都还在。"
NO_COOKIE = (
    "浏览器没有带回本站的 Cookie，没法提交。"
    "请在浏览器设置里允许 Cookie，再提交一次；或者打值班电话。"
)
WRONG_AMOUNT = "钱数请写成 1234.50 这样，最多两位小数"
NO_SUCH_CHOICE = "没有这个选项，请重新选择"
NOTHING_TO_CHOOSE = "还没有可选的，先到“内容”里加上"  # of what the office feeds itself


def cleaned(written: str | None) -> str:
    """The text without control characters and outer blanks; its lines end in `\\n`.

    Nothing but marks that nobody sees is nothing.
    """
    if not written:
        return ""
    text = printable(written).replace("\t", " ").strip()
    return "" if says_nothing(text) else text


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


def _plausible(_form: object, field: Field) -> None:
    # Nobody means the year 202 or 20260; and beyond 9999 there is no arithmetic.
    if field.data and not EARLIEST_YEAR <= field.data.year <= LATEST_YEAR:
        raise ValidationError("年份不对，请检查日期")


@contextmanager
def only_shown() -> Iterator[None]:
    """What is sent meanwhile is no valid form, and no wrong one: a view shows it as it came."""
    g.is_only_shown = True
    try:
        yield
    finally:
        g.is_only_shown = False


def is_only_shown() -> bool:
    return bool(g.get("is_only_shown"))


def come_too_often(sentence: str) -> None:
    """What this request sends is refused with this sentence, whatever else is wrong with it; with
    none it is not.
    """
    g.came_too_often = sentence


def csrf_token() -> str:
    """The token of this request's forms: Flask-WTF's, which looks at it, but signed once a request
    and without a trial.
    """
    token: str | None = g.get("csrf_token")
    if token is None:
        if "csrf_token" not in session:
            session["csrf_token"] = secrets.token_hex(20)
        token = g.csrf_token = _signing(current_app.secret_key).dumps(session["csrf_token"])
    return token


@lru_cache(maxsize=1)
def _signing(key: str) -> Signing:
    return Signing(key, salt="wtf-csrf-token")


class _Csrf(FlaskForm.Meta.csrf_class):  # type: ignore[misc]  # Flask-WTF has no types
    def generate_csrf_token(self, _field: object) -> str:
        return csrf_token()


class Form(FlaskForm):  # type: ignore[misc]
    """A form with its CSRF token among its fields, so that an old page is an error like others."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf_class = _Csrf

        def wrap_formdata(self, _form: object, formdata: object) -> object:
            # Only what a form sends: Flask-WTF would also read any JSON body.
            if isinstance(formdata, Mapping) or formdata is None or hasattr(formdata, "getlist"):
                return formdata
            return request.form if request.method == "POST" else None

    def validate(self, extra_validators: Any = None) -> bool:
        if is_only_shown():
            return False
        is_valid: bool = super().validate(extra_validators=extra_validators)
        if g.get("came_too_often"):
            self.form_errors.append(g.came_too_often)
            is_valid = False
        token = self._fields.get("csrf_token")
        if token is not None and token.errors:
            has_cookie = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
            token.errors = [OLD_PAGE if has_cookie else NO_COOKIE]
        return is_valid

    def refuse(self, field_name: str, sentence: str) -> None:
        """Puts an error beside the field, or above the form when it has no such field."""
        if field_name in self._fields:
            field = self._fields[field_name]
            field.errors = [*field.errors, sentence]
        else:
            self.form_errors.append(sentence)

    def refuse_elsewhere(self, errors: Sequence[object], most: int = 3) -> None:
        """Says above the form what is wrong in other places of the data; nothing where nothing is.

        `errors` say themselves in words; so many of them are shown.
        """
        if errors:
            self.refuse("", "数据里别处还有错，改好才能存，您填的都还在：")
        for error in errors[:most]:
            self.refuse("", str(error))

    def ask_for(self, sentences: Mapping[str, str]) -> bool:
        """Whether these fields are filled in; each that is not has its sentence beside it."""
        missing = [name for name in sentences if not self[name].data]
        for name in missing:
            if not self[name].errors:
                self.refuse(name, sentences[name])
        return not missing


def key_of(hidden: str) -> int:
    """The number that a hidden field carries; 0, which none is, if it was tampered with."""
    return int(hidden) if hidden.isascii() and hidden.isdigit() and len(hidden) < 10 else 0


class OnceForm(Form):
    """A form whose repeated submit counts once."""

    form_key = HiddenField()

    def fresh_key(self) -> None:
        """Gives an empty form its key."""
        if not self.form_key.data:
            self.form_key.data = fresh_form_key()

    @property
    def key(self) -> str:
        return cleaned(self.form_key.data)[:FORM_KEY_LETTERS]


class SeenForm(OnceForm):
    """The same, on something as its maker last saw it."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version of the page it was sent from; 0, which is none, if that was tampered with."""
        return key_of(self.version.data or "")

    def shown_at(self, version: object) -> None:
        """It stands on a page that says what is so now: whoever sends a refused one again has
        seen that.
        """
        self.fresh_key()
        self.version.data = str(version)


def fresh_form_key() -> str:
    """A key for a form that nobody has sent yet."""
    return secrets.token_urlsafe(24)


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


def _one_line(text: str | None) -> str:
    return cleaned(text).replace("\n", " ")

"""What every form shares: cleaned text, errors in Chinese, and a key that makes it count once."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from flask import current_app, g, request, session
from flask_wtf import FlaskForm
from wtforms import HiddenField

from forms_app.rules.folding import printable, says_nothing
from forms_app.rules.said import said
from forms_app.web.signing import Signing

FORM_KEY_LETTERS = 64
# Of forms/gate: nothing that somebody says.
GATE_FIELDS = frozenset({"website", "gate", "gate_proof", "gate_answer"})
PASTED_LETTERS = 500  # a ticket or code, in the message that brought it
OLD_PAGE = "页面打开太久，为了安全请再提交一次，填好的内容都还在。"
NO_COOKIE = (
    "浏览器没有带回本站的 Cookie，没法提交。"
    "请在浏览器设置里允许 Cookie，再提交一次；或者打值班电话。"
)


def cleaned(written: str | None) -> str:
    """The text without control characters and outer blanks; its lines end in `\\n`.

    Nothing but marks that nobody sees is nothing.
    """
    if not written:
        return ""
    text = printable(written).replace("\t", " ").strip()
    return "" if says_nothing(text) else text


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

    def refuse_unseen(self, error: Exception) -> None:
        """Says above the form why it was not done as things stand by now: it may be, once more."""
        self.refuse("", said("%(what)s请核对后再按一次。", what=said(str(error))))

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

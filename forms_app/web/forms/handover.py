"""Handing over what a colleague had in hand: first chosen, then confirmed."""

from wtforms import BooleanField, HiddenField, SelectMultipleField

from forms_app.web.forms.base import Form, OnceForm, SeenForm, cleaned, key_of
from forms_app.web.forms.fields import AtMost, paragraph, pick, pick_many, pick_shown

REASON_LETTERS = 500


class ChooseForm(Form):
    """Which issues, to whom, and one reason for all of them."""

    everything = BooleanField("全部移交")
    numbers = pick_many("移交哪几件")
    taker = pick("谁来接手", required="请选择接手的同事")
    reason = paragraph("移交的理由", REASON_LETTERS, "请写明移交的理由，例如：工作调动", rows=2)


class OneForm(SeenForm):
    """To whom one issue goes, and why, from its page as it was seen."""

    taker = pick_shown("谁来接手", {}, "请选择接手的同事")
    reason = paragraph("为什么换人", REASON_LETTERS, "请写明为什么换人", rows=2)


class ConfirmForm(OnceForm):
    """What was chosen, as it stood when it was shown; `held` are `number:version`."""

    held = SelectMultipleField(validate_choice=False)
    taker = HiddenField(filters=[cleaned])
    reason = HiddenField(filters=[cleaned], validators=[AtMost(REASON_LETTERS)])

    @property
    def seen(self) -> dict[str, int]:
        """The versions that were shown, by number; what was tampered with is left as none."""
        pairs = (one.partition(":") for one in self.held.data or [])
        return {number: key_of(version) for number, _, version in pairs}

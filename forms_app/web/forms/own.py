"""The residents' forms for what they left of themselves: put it right, take it back."""

from wtforms import Field, HiddenField, ValidationError

from forms_app.queries import Own
from forms_app.rules.erasures import PARTS, PHOTO, PUSH
from forms_app.rules.said import said
from forms_app.web.forms.base import OnceForm
from forms_app.web.forms.fields import agreement, line, offered, pick_many
from forms_app.web.forms.resident import (
    CONSENT,
    CONSENT_MISSING,
    EMAIL_LETTERS,
    PHONE_LETTERS,
    email_only,
    phone_only,
)

ERASED_WHOLE = (*PARTS, PUSH)


class OwnForm(OnceForm):
    """How they are called and reached now."""

    name = line("怎么称呼您", 30, autocomplete="name")
    phone = line("联系电话", PHONE_LETTERS, type="tel", autocomplete="tel", inputmode="tel")
    email = line("邮箱", EMAIL_LETTERS, type="email", autocomplete="email", inputmode="email")
    consent = agreement(CONSENT)
    seen = HiddenField()  # what tells the contacts that its page showed from others

    validate_phone = staticmethod(phone_only)
    validate_email = staticmethod(email_only)

    def validate_consent(self, field: Field) -> None:
        """Whoever leaves nothing has nothing to consent to."""
        if any(self[part].data for part in PARTS) and not field.data:
            raise ValidationError(CONSENT_MISSING)

    @classmethod
    def of(cls, own: Own, seen: str) -> "OwnForm":
        """The form with what they have left; `seen` tells that from anything else."""
        left = {part: getattr(own.contacts, part) for part in PARTS}
        return cls(formdata=None, **left, consent=bool(own.contacts.left), seen=seen)


class EraseForm(OnceForm):
    """Which of it is to go."""

    what = pick_many("删除哪些", "请选要删除的")

    def offer(self, own: Own) -> None:
        """Fills in what there is."""
        parts: dict[str, str] = {part: PARTS[part] for part in own.contacts.left}
        if own.browsers:
            parts[PUSH] = "收消息的浏览器"
        photos = {
            f"{PHOTO}:{photo.key}": said("照片%(place)s", place=place)
            for place, photo in enumerate(own.photos, 1)
        }
        self.what.choices = offered({**parts, **photos})

    @property
    def parts(self) -> list[str]:
        return [one for one in self.what.data or () if one in ERASED_WHOLE]

    @property
    def photo_keys(self) -> list[str]:
        return [
            one.removeprefix(f"{PHOTO}:") for one in self.what.data or () if one not in ERASED_WHOLE
        ]

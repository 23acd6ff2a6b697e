"""The forms of what is told in public of a closed issue: its draft and review, and its end."""

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField

from forms_app.rules.public_notes import TOLD_LETTERS
from forms_app.web.forms.base import SeenForm
from forms_app.web.forms.fields import line, offered, paragraph, pick_shown

PUBLISH = "publish"
NO_PHOTO = "不放照片"


class NoteForm(SeenForm):
    told = paragraph("写给大家看的话", TOLD_LETTERS, "请用社区自己的话写一写办了什么", rows=4)
    names_estate = BooleanField("写明小区")
    before_key = pick_shown("办之前的照片", {})
    after_key = pick_shown("办之后的照片", {})
    act = HiddenField()  # the button that was pressed

    def offer(self, photos: Sequence[str]) -> None:
        """The photos that may stand beside it, by key; without any it does not ask."""
        if not photos:
            del self.before_key, self.after_key
            return
        numbered = {key: f"照片{place}" for place, key in enumerate(photos, 1)}
        for field in (self.before_key, self.after_key):
            field.choices = offered(numbered, NO_PHOTO)
            field.data = field.data or ""

    @property
    def publishes(self) -> bool:
        """Whether it was sent by the button that lets everybody read it."""
        return bool(self.act.data == PUBLISH)


class TakeDownForm(SeenForm):
    reason = line("为什么不公示", 200, "请写明为什么不公示")

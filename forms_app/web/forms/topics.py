"""The forms by which a leader puts right what was gathered as one matter."""

import re
from collections.abc import Iterable

from wtforms import HiddenField, SelectMultipleField

from forms_app.queries import NamedTopic
from forms_app.rules.said import said
from forms_app.web.forms.base import SeenForm, key_of
from forms_app.web.forms.fields import line, offered, pick_shown

MOST_TYPED = 20  # numbers in one line
TYPED_LETTERS = 400
_NUMBER = re.compile(r"[0-9]+", re.ASCII)


def _ticks(label: str) -> SelectMultipleField:
    """Numbers of issues; casework knows which there are."""
    return SelectMultipleField(label, choices=[], validate_choice=False)


class LettersForm(SeenForm):
    """Some of a topic's letters."""

    numbers = _ticks("这件事里的问题")

    def validate(self, extra_validators: object = None) -> bool:
        """Refuses no tick at all."""
        is_valid = super().validate(extra_validators)
        return self.ask_for({"numbers": "请先勾选"}) and is_valid


class MoreForm(SeenForm):
    """Letters to be put into a topic: ticked ones, and others by their numbers."""

    numbers = _ticks("可能也是这件事的")
    typed = line("别的问题的编号", TYPED_LETTERS, inputmode="numeric", autocomplete="off")

    @property
    def wanted(self) -> list[str]:
        return [*(self.numbers.data or []), *_NUMBER.findall(self.typed.data or "")]

    def validate(self, extra_validators: object = None) -> bool:
        """Refuses neither a tick nor a number, and what is no number."""
        is_valid = super().validate(extra_validators)
        typed = _NUMBER.findall(self.typed.data or "")
        if self.typed.data and not typed:
            self.refuse("typed", "编号只有数字，请照问题页面上的写")
        elif len(typed) > MOST_TYPED:
            self.refuse("typed", said("一次最多写%(most)s个编号", most=MOST_TYPED))
        elif self.wanted:
            return is_valid
        else:
            self.refuse("numbers", "请先勾选，或者写编号")
        return False


class JoinForm(SeenForm):
    """Which topic of the month is the same matter."""

    other = pick_shown("和哪一件是同一件事", {}, "请选择和哪一件")

    def offer(self, others: Iterable[NamedTopic]) -> None:
        """The template says what each is called."""
        self.other.choices = offered({one.id: one.name for one in others})


class UndoForm(SeenForm):
    """Which line of the history is taken back."""

    change = HiddenField()

    @property
    def change_id(self) -> int:
        """0, which is none, if that was tampered with."""
        return key_of(self.change.data or "")

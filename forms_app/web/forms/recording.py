"""The fields in which a caller writes down what a unit without an account says (代记)."""

from collections.abc import Mapping
from typing import Any

from forms_app.casework import RECORDING_NEEDED, Recorded
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.fields import line, moment, need, offered, pick
from forms_app.web.request import this_moment


class WithRecording:
    """Mixed into a form that a caller may fill in for a unit; else its fields are taken away."""

    for_unit = pick("代哪家单位登记（没有账号的单位）")
    told_by = line("那家单位谁说的", 30)
    told_how = line("怎么说的", 50)
    told_at = moment("什么时候说的")

    def offer_units(self, units: Mapping[str, str], nobody: str = "") -> None:
        """Offers these units to write down for; none: it is nobody's word but one's own. `nobody`
        are the words for that, where there is the choice.
        """
        fields: Any = self
        if not units:
            self.without_recording()
            return
        fields.for_unit.choices = offered(units, nobody or "请选择")
        if not nobody:
            self.need_recording()
        elif self.unit:
            self.need_recording(is_marked=False)

    def need_recording(self, *, is_marked: bool = True) -> None:
        """Asks for all that says of whom the word is, at once; `is_marked` where nothing can be
        sent without.
        """
        fields: Any = self
        for name, sentence in RECORDING_NEEDED.items():
            if name in fields:
                need(fields[name], sentence, is_marked=is_marked)
        # The telephone was put down just now; whoever writes it down later says when.
        if is_marked and fields.told_at.raw_data is None:
            fields.told_at.data = this_moment().astimezone(CHINA)

    def without_recording(self) -> None:
        """Takes the fields away."""
        fields: Any = self
        for name in ("for_unit", "told_by", "told_how", "told_at"):
            if name in fields:
                del fields[name]

    @property
    def recorded(self) -> Recorded | None:
        """Who said it, how and when; None where nothing is written down for a unit."""
        fields: Any = self
        if "told_by" not in fields:
            return None
        return Recorded(fields.told_by.data, fields.told_how.data, fields.told_at.data)

    @property
    def unit(self) -> str:
        """The unit that it is written down for; "" where for none."""
        fields: Any = self
        return str(fields.for_unit.data or "") if "for_unit" in fields else ""
